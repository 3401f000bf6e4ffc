package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// The benchmarks are generated and run. How fast they are here says nothing; what a page allocates does.
class SmokeTest {
    private static final int PAGES = 1_000;
    /// Of 65 536 octets in a page. About 800 when the compiler is warm.
    private static final long MOST_ALLOCATED = 8_000;

    @Test
    void aBenchmarkRuns() throws Exception {
        var options = new OptionsBuilder()
                .include(MachineBenchmark.class.getSimpleName()).include("\\." + CodecBenchmark.class.getSimpleName()).param("symbol", "RS")
                .forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50)).shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT).build();

        var results = new Runner(options).run();

        assertThat(results).hasSize(4).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    @Test
    void theBenchmarksOfH323Run() throws Exception {
        var options = new OptionsBuilder()
                .include(H323CodecBenchmark.class.getSimpleName()).include(CallBenchmark.class.getSimpleName())
                .forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50)).shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT).build();

        var results = new Runner(options).run();

        assertThat(results).hasSize(2 * 6 + 2).allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
    }

    @Test
    void noPageIsCopiedOnItsWayThroughTwoMachines() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var benchmark = new MachineBenchmark();
        benchmark.connect();
        benchmark.page();

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PAGES; i++) {
            benchmark.page();
        }

        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / PAGES).isLessThan(MOST_ALLOCATED);
    }
}
