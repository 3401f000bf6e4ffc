package dev.parley.h323.ras;

import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which signatures of H.235.1 are good: made now, not by ourselves, for us, with the password, and here for the first time. The same at a
/// gatekeeper and at an endpoint.
final class Signatures {
    /// How far the clocks may be apart.
    static final Duration WINDOW = Duration.ofMinutes(5);

    /// Those of one password that are remembered: 16 a second for as long as they may come again.
    private static final int MOST = 10_000;

    private final int most;
    /// By whose password it is. What is here was proven, so nobody takes the room of others.
    private final Map<String, Memory> memories = new HashMap<>();

    Signatures() {
        this(MOST);
    }

    Signatures(int most) {
        this.most = most;
    }

    static boolean isNow(long seconds, RasTime now) {
        return Math.abs(seconds - now.seconds()) <= WINDOW.toSeconds();
    }

    /// What is wrong with it, in words; nothing when it is good, and from now on it is no longer.
    ///
    /// @param user whose password it shall prove
    /// @param key nothing when there is no such user
    /// @param names that we are called by
    /// @param ours those of them that nobody signs with but us: what one of them has signed was thrown back
    Optional<String> fault(PasswordTokens.Signature signature, Octets datagram, String user, Optional<Octets> key, Set<String> names,
            Set<String> ours, RasTime now) {
        if (!isNow(signature.seconds(), now)) {
            return Optional.of("the time of the signature is more than " + WINDOW.toMinutes() + " minutes from ours");
        }
        if (ours.contains(signature.sender())) {
            return Optional.of("the signature is our own");
        }
        if (signature.recipient().filter(r -> !names.contains(r)).isPresent()) {
            return Optional.of("the signature is for somebody else");
        }
        if (key.isEmpty() || !PasswordTokens.proves(datagram, signature, key.get())) {
            return Optional.of("wrong user or password");
        }
        return memories.computeIfAbsent(user, _ -> new Memory()).add(signature, now, most);
    }

    /// By the second of the signature: those that are outside of the window are refused without memory.
    private static final class Memory {
        private final NavigableMap<Long, Set<Octets>> seen = new TreeMap<>();
        private int size;

        Optional<String> add(PasswordTokens.Signature signature, RasTime now, int most) {
            var old = seen.headMap(now.seconds() - WINDOW.toSeconds());
            size -= old.values().stream().mapToInt(Set::size).sum();
            old.clear();
            if (seen.getOrDefault(signature.seconds(), Set.of()).contains(signature.mac())) {
                return Optional.of("a signature came twice");
            }
            if (size >= most) {
                return Optional.of("too many signatures within " + WINDOW.toMinutes() + " minutes");
            }
            seen.computeIfAbsent(signature.seconds(), _ -> new HashSet<>()).add(signature.mac());
            size++;
            return Optional.empty();
        }
    }
}
