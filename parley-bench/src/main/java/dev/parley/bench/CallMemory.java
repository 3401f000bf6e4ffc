package dev.parley.bench;

import dev.parley.h323.H323Call;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Cause;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Locale;

/// What a call that goes on takes of the heap: the live heap with N calls less the live heap without, divided by N. Both ends are in this process,
/// so a call is two calls' worth of machines, sockets and media sessions.
public final class CallMemory {
    private static final int USUAL = 200;
    private static final int COLLECTIONS = 4;

    private CallMemory() {}

    /// @param args how many calls are held, 200 unless said
    public static void main(String... args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : USUAL;
        try (var alice = CallBenchmark.caller(Style.FAST_TUNNELLED); var bob = CallBenchmark.answerer(Style.FAST_TUNNELLED)) {
            // What is loaded and made once is not a call's.
            CallBenchmark.answered(alice, bob).hangUp(Cause.NORMAL_CLEARING);
            long before = live();
            long start = System.nanoTime();
            var calls = new ArrayList<H323Call>();
            for (int i = 0; i < count; i++) {
                calls.add(CallBenchmark.answered(alice, bob));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long each = (live() - before) / count;
            System.out.printf(Locale.ROOT, "%d calls held, set up at %.0f per second: %.1f KiB of live heap a call, both ends (%.1f KiB an end)%n",
                    calls.size(), count / seconds, each / 1024.0, each / 2048.0);
        }
    }

    private static long live() {
        var memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
