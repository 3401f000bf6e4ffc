package dev.parley.session.flow;

import dev.parley.api.SessionException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// How a server shares its flow tokens.
///
/// @param capacities how many flows of a class may transmit at once, 1 to 1000; a class that is not named has 1
/// @param heavy a transfer of fewer octets needs no token
/// @param aging after how much waiting a flow counts as more urgent by one
/// @param grace how long a flow that lost its connection keeps its place
/// @param patience how long a holder that is asked for its token may take to give it
/// @param mostWaiting how many flows of one class may wait
public record FlowRules(
        Map<String, Integer> capacities, long heavy, Duration aging, Duration grace, Duration patience, int mostWaiting) {
    public static final String DEFAULT_CLASS = "bulk";
    public static final long DEFAULT_HEAVY = 64L << 20;
    public static final FlowRules DEFAULT = new FlowRules(
            Map.of(), DEFAULT_HEAVY, Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(2), 1000);
    private static final int MOST_CAPACITY = 1000;

    public FlowRules {
        capacities = Map.copyOf(capacities);
        for (var entry : capacities.entrySet()) {
            checkClass(entry.getKey());
            if (entry.getValue() < 1 || entry.getValue() > MOST_CAPACITY) {
                throw new SessionException.Refused(
                        "a class has 1 to " + MOST_CAPACITY + " flow tokens, not " + entry.getValue() + " (" + entry.getKey() + ")");
            }
        }
        if (heavy < 0 || aging.toMillis() < 1 || grace.isNegative() || patience.toMillis() < 1 || mostWaiting < 0) {
            throw new IllegalArgumentException("limits of flow tokens are not negative");
        }
    }

    /// The capacities in a text such as `bulk=2,video=4`.
    ///
    /// @throws SessionException.Refused when it is not such a text
    public static Map<String, Integer> capacities(String text) {
        var capacities = new TreeMap<String, Integer>();
        for (var part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            var words = part.strip().split("=", -1);
            if (words.length != 2 || !words[1].matches("\\d{1,4}")) {
                throw new SessionException.Refused("flow tokens are given as CLASS=NUMBER,... such as bulk=2,video=4, not: " + text);
            }
            capacities.put(words[0], Integer.parseInt(words[1]));
        }
        return capacities;
    }

    public FlowRules withCapacities(Map<String, Integer> other) {
        return new FlowRules(other, heavy, aging, grace, patience, mostWaiting);
    }

    /// @param octets transfers of fewer octets need no token
    public FlowRules withHeavy(long octets) {
        return new FlowRules(capacities, octets, aging, grace, patience, mostWaiting);
    }

    /// @param octets of the whole transfer; negative when nobody knows
    public boolean isHeavy(long octets) {
        return octets < 0 || octets >= heavy;
    }

    int capacity(String flowClass) {
        return capacities.getOrDefault(flowClass, 1);
    }

    static void checkClass(String name) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
            throw new SessionException.Refused("a class of flows has 1 to 32 small letters, digits or dashes, not: " + name);
        }
    }
}
