package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Where to go when the gatekeeper is silent or sends us away, as it told last.
final class AlternateGatekeepers {
    static final int MOST = 16;

    private final Deque<Alternate> left = new ArrayDeque<>();

    /// @param needToRegister otherwise it knows us from the one that named it
    record Alternate(TransportAddress address, Optional<String> identifier, boolean needToRegister) {
        static Optional<Alternate> from(Value told) {
            return told.at("rasAddress").flatMap(TransportAddress::fromH225)
                    .map(a -> new Alternate(a, told.textAt("gatekeeperIdentifier"), told.flagAt("needToRegister")));
        }
    }

    /// The most preferred one has the lowest number. An assigned gatekeeper goes before all others.
    ///
    /// @param now whom we are with
    void told(RasMessage answer, Optional<TransportAddress> now) {
        var told = answer.body().listAt("alternateGatekeeper");
        var list = told.isEmpty() ? answer.body().listAt("altGKInfo/alternateGatekeeper") : told;
        if (!list.isEmpty()) {
            left.clear();
            left.addAll(inOrder(list));
        }
        assigned(answer).filter(a -> !Optional.of(a.address()).equals(now)).ifPresent(a -> {
            remove(a);
            left.addFirst(a);
        });
    }

    private static List<Alternate> inOrder(List<Value> told) {
        return told.stream().sorted(Comparator.comparing(g -> g.numberAt("priority").orElse(127L))).limit(MOST)
                .flatMap(g -> Alternate.from(g).stream()).toList();
    }

    /// The one that an answer says is ours.
    static Optional<Alternate> assigned(RasMessage answer) {
        return answer.body().at("assignedGatekeeper").flatMap(Alternate::from);
    }

    /// The one that a refusal sends just this request to, when it knows us already; nothing when all that follows goes there, too.
    static Optional<Alternate> forThisOnce(RasMessage refusal) {
        return refusal.body().flagAt("altGKInfo/altGKisPermanent") ? Optional.empty()
                : inOrder(refusal.body().listAt("altGKInfo/alternateGatekeeper")).stream().filter(a -> !a.needToRegister()).findFirst();
    }

    boolean any() {
        return !left.isEmpty();
    }

    void remove(Alternate alternate) {
        left.removeIf(l -> l.address().equals(alternate.address()));
    }

    Optional<Alternate> first() {
        return Optional.ofNullable(left.peek());
    }

    void addFirst(Alternate alternate) {
        left.addFirst(alternate);
    }

    /// The next one to try, once.
    Optional<Alternate> next() {
        return Optional.ofNullable(left.poll());
    }
}
