package dev.parley.transfer.engine;

import dev.parley.runtime.Loop;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// How many octets of files one transfer has handed to its connections, or got from them, over all of them and over all runs. It is kept away
/// from the loop and behind the events: who is killed may forget the last ones. May be read and raised from any thread.
final class SentCount {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean keeping = new AtomicBoolean();

    long get() {
        return sent.get();
    }

    /// An earlier connection or the peer counted so many.
    void atLeast(long octets) {
        sent.accumulateAndGet(octets, Math::max);
    }

    /// @param keep stores the count; blocking
    void add(long octets, Loop loop, LongConsumer keep) {
        sent.addAndGet(octets);
        if (keeping.compareAndSet(false, true)) {
            loop.offload(() -> {
                keeping.set(false);
                keep.accept(sent.get());
                return true;
            }, (_, _) -> {});
        }
    }
}
