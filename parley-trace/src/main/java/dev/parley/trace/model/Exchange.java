package dev.parley.trace.model;

import java.util.List;

/// What two ends said to each other on one connection, in order.
///
/// @param number from 1, in the order in which they begin
/// @param caller address and port of the side that opened it
public record Exchange(int number, String caller, String called, List<Message> messages) {
    public Exchange {
        messages = List.copyOf(messages);
    }
}
