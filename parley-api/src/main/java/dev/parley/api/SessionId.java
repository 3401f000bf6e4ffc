package dev.parley.api;

import java.util.concurrent.atomic.AtomicLong;

/// Names one session within this process, for logs and lists. A durable session has a number of its own besides, which a store gives.
///
/// @param protocol a short word such as `osi`, `netbios` or `h323`
/// @param number from 1; never given twice
public record SessionId(String protocol, long number) {
    private static final AtomicLong LAST = new AtomicLong();

    public static SessionId next(String protocol) {
        return new SessionId(protocol, LAST.incrementAndGet());
    }

    @Override
    public String toString() {
        return protocol + "-" + number;
    }
}
