package dev.parley.trace.model;

import java.util.List;

/// What two ends said to each other on one connection, or in datagrams between two ports, in order.
///
/// @param number from 1, in the order in which they begin
/// @param carrier what joins the two
/// @param about what it is, in words; empty when its messages say it all
/// @param caller address and port of the side that opened it, or sent the first datagram
public record Exchange(int number, Carrier carrier, String about, String caller, String called, List<Message> messages) {
    public Exchange {
        messages = List.copyOf(messages);
    }

    /// On a connection of which nothing more is to be said.
    public Exchange(int number, String caller, String called, List<Message> messages) {
        this(number, Carrier.CONNECTION, "", caller, called, messages);
    }

    public Exchange with(List<Message> others) {
        return new Exchange(number, carrier, about, caller, called, others);
    }

    /// Below the messages.
    public enum Carrier {
        CONNECTION,
        DATAGRAMS
    }
}
