package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One endpoint as the gatekeeper knows it.
///
/// @param identifier that the gatekeeper gave it
/// @param prefixes of the numbers that it reaches, when it is a gateway
/// @param user whose password it proved
/// @param signs by H.235.1, and wants what it hears signed
/// @param expires on the clock of nanoseconds
public record Registration(
        String identifier, TransportAddress rasAddress, List<TransportAddress> signalAddresses, List<Alias> aliases, List<String> prefixes,
        Optional<String> user, boolean signs, Duration timeToLive, long expires, long sinceMillis) {
    Registration alive(long until) {
        return new Registration(identifier, rasAddress, signalAddresses, aliases, prefixes, user, signs, timeToLive, until, sinceMillis);
    }

    String name() {
        return aliases.isEmpty() ? signalAddresses.getFirst().toString() : aliases.getFirst().text();
    }
}
