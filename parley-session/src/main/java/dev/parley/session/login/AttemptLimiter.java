package dev.parley.session.login;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Limits wrong passwords: so many failures in a minute per user and address. Pure; the time comes in. Memory is bounded: the pairs that
/// failed longest ago are forgotten first. A handshake that was cut is no failure.
public final class AttemptLimiter {
    public static final int DEFAULT_FAILURES = 5;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MOST_PAIRS = 10_000;

    private final int most;
    private final Map<String, Deque<Long>> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
            return size() > MOST_PAIRS;
        }
    };

    public AttemptLimiter(int most) {
        this.most = most;
    }

    public synchronized boolean allows(String user, String address, long nanos) {
        var times = failures.get(user + " " + address);
        if (times == null) {
            return true;
        }
        while (!times.isEmpty() && nanos - times.peekFirst() >= MINUTE_NANOS) {
            times.removeFirst();
        }
        return times.size() < most;
    }

    /// One attempt, counted as a failure until [#succeeded] says otherwise: many that are made at the same moment must not all see that there is
    /// room for one more.
    ///
    /// @return false when it must not even be tried
    public synchronized boolean claim(String user, String address, long nanos) {
        if (!allows(user, address, nanos)) {
            return false;
        }
        failures.computeIfAbsent(user + " " + address, _ -> new ArrayDeque<>()).addLast(nanos);
        return true;
    }

    /// The attempt that was claimed last was no failure.
    public synchronized void succeeded(String user, String address) {
        var times = failures.get(user + " " + address);
        if (times != null) {
            times.pollLast();
        }
    }
}
