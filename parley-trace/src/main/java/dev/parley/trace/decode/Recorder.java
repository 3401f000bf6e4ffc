package dev.parley.trace.decode;

import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.util.List;
import java.util.Optional;

/// Takes what a decoder finds; it knows the packet and the time.
public interface Recorder {
    void message(
            boolean fromCaller, Message.Layer layer, String symbol, String title, String summary, List<Item> items, Optional<String> fault);

    /// What the whole connection is, once that is known.
    default void about(String words) {}

    /// Something that is no message: octets that are missing, or that no decoder understands.
    default void remark(boolean fromCaller, String symbol, String words) {
        message(fromCaller, Message.Layer.NETWORK, symbol, words, "", List.of(), Optional.empty());
    }

    /// The stream ends within something.
    default void cutOff(boolean fromCaller, String symbol, String words) {
        message(fromCaller, Message.Layer.TRANSPORT, symbol, Message.CUT_OFF, words, List.of(), Optional.empty());
    }

    default void fault(boolean fromCaller, Message.Layer layer, String symbol, String title, String words) {
        message(fromCaller, layer, symbol, title, "", List.of(), Optional.of(words));
    }
}
