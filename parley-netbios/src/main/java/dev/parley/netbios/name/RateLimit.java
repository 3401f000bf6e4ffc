package dev.parley.netbios.name;

import dev.parley.netbios.wire.Ipv4;
import java.util.HashMap;
import java.util.Map;

/// So many per source in a time; sources beyond the limit of the table share nothing and are refused until it is cleared.
final class RateLimit {
    private final int most;
    private final long perMillis;
    private final int mostSources;
    private final Map<Ipv4, Integer> counts = new HashMap<>();
    private long windowEnds;

    RateLimit(int most, long perMillis, int mostSources) {
        this.most = most;
        this.perMillis = perMillis;
        this.mostSources = mostSources;
    }

    boolean allows(Ipv4 source, long now) {
        if (now >= windowEnds) {
            counts.clear();
            windowEnds = now + perMillis;
        }
        return (counts.containsKey(source) || counts.size() < mostSources) && counts.merge(source, 1, Integer::sum) <= most;
    }
}
