package dev.parley.trace.model;

import java.util.List;

/// A whole capture, decoded.
///
/// @param remarks what could not be read or was left out, in words
public record Trace(long packets, List<Exchange> exchanges, List<String> remarks) {
    public Trace {
        exchanges = List.copyOf(exchanges);
        remarks = List.copyOf(remarks);
    }

    /// How many messages the end of their stream cut off.
    public long cutOff() {
        return exchanges.stream().flatMap(e -> e.messages().stream()).filter(m -> m.title().equals(Message.CUT_OFF)).count();
    }

    /// How many messages are malformed.
    public long faults() {
        return exchanges.stream().flatMap(e -> e.messages().stream()).filter(m -> m.fault().isPresent()).count();
    }
}
