package dev.parley.runtime.tcp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Places for connections that have not said yet what they want: half of them at most for one address, so that nobody takes them all. May be
/// used from any thread.
public final class Places {
    private final int most;
    private final Map<InetAddress, Integer> taken = new HashMap<>();
    private int all;

    /// @param most for all addresses together, at least 1
    public Places(int most) {
        this.most = most;
    }

    /// False when there is none for this address. Each place that was taken is left once.
    public synchronized boolean take(InetAddress from) {
        int before = taken.getOrDefault(from, 0);
        if (all == most || before == (most + 1) / 2) {
            return false;
        }
        taken.put(from, before + 1);
        all++;
        return true;
    }

    public synchronized void leave(InetAddress from) {
        taken.computeIfPresent(from, (_, before) -> before == 1 ? null : before - 1);
        all--;
    }
}
