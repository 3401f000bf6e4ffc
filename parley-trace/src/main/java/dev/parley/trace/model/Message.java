package dev.parley.trace.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One protocol data unit.
///
/// @param packet the packet that completed it
/// @param symbol the standard's abbreviation, such as `CN`
/// @param title the standard's name, such as `CONNECT`
/// @param summary the most important of its content, on one line; may be empty
/// @param items all of its content
/// @param fault what is malformed, and by which rule
public record Message(
        long packet,
        Instant time,
        boolean fromCaller,
        Layer layer,
        String symbol,
        String title,
        String summary,
        List<Item> items,
        Optional<String> fault) {
    /// The title of what the end of its stream cut off: that is no fault of who sent it.
    public static final String CUT_OFF = "cut off";

    public Message {
        items = List.copyOf(items);
    }

    /// The same without its items.
    public Message without() {
        return new Message(packet, time, fromCaller, layer, symbol, title, summary, List.of(), fault);
    }

    /// Where a message belongs.
    public enum Layer {
        NETWORK,
        TRANSPORT,
        SESSION,
        APPLICATION
    }
}
