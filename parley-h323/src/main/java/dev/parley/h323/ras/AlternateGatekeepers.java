package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/// Where to go when the gatekeeper is silent or sends us away, as it told last.
final class AlternateGatekeepers {
    private static final int MOST = 16;

    private final Deque<TransportAddress> left = new ArrayDeque<>();

    /// The most preferred one has the lowest number.
    void told(RasMessage answer) {
        var told = answer.body().listAt("alternateGatekeeper");
        var list = told.isEmpty() ? answer.body().listAt("altGKInfo/alternateGatekeeper") : told;
        if (!list.isEmpty()) {
            left.clear();
            list.stream().sorted(Comparator.comparing(g -> g.numberAt("priority").orElse(127L))).limit(MOST)
                    .flatMap(g -> g.at("rasAddress").flatMap(TransportAddress::fromH225).stream()).forEach(left::add);
        }
    }

    boolean any() {
        return !left.isEmpty();
    }

    /// The next one to try, once.
    Optional<TransportAddress> next() {
        return Optional.ofNullable(left.poll());
    }
}
