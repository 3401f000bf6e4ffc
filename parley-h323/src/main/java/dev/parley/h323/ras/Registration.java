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
    private static final Duration LEAST_GRACE = Duration.ofSeconds(10);

    Registration alive(RasTime now) {
        return new Registration(identifier, rasAddress, signalAddresses, aliases, prefixes, user, signs, timeToLive, expiry(timeToLive, now),
                sinceMillis);
    }

    /// Later than the time to live by a quarter of it, and by 10 s at least. Some endpoints (ooh323c 0.9.4) send the keep-alive when the time
    /// to live is just over, and it may have to be sent again.
    static long expiry(Duration timeToLive, RasTime now) {
        var quarter = timeToLive.dividedBy(4);
        return now.after(timeToLive.plus(quarter.compareTo(LEAST_GRACE) > 0 ? quarter : LEAST_GRACE));
    }

    String name() {
        return aliases.isEmpty() ? signalAddresses.getFirst().toString() : aliases.getFirst().text();
    }
}
