package dev.parley.api;

/// Who is at the other end.
///
/// @param address where it is, such as `192.0.2.7:102`
/// @param name what it calls itself in the words of the protocol (a selector, a NetBIOS name, an alias); empty when it has not said
public record Peer(String address, String name) {
    @Override
    public String toString() {
        return name.isEmpty() ? address : name + " at " + address;
    }
}
