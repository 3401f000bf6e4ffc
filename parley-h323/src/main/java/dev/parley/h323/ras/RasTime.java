package dev.parley.h323.ras;

import java.time.Duration;

/// Now, on both clocks: one that only moves forward, for timers, and the one of people, for time stamps of passwords and call records.
public record RasTime(long nanos, long wallMillis) {
    long seconds() {
        return wallMillis / 1000;
    }

    long after(Duration wait) {
        return nanos + wait.toNanos();
    }
}
