package dev.parley.bench;

import dev.parley.api.SessionEnd;
import dev.parley.h323.CallMedia;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.Settings;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.media.Tone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How many calls one caller sets up, has answered and releases, one after the other over loopback, both endpoints in this process. Each has its
/// TCP connection, the ports of its sound on both sides, and is over on the caller's side before the next one begins.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@State(Scope.Benchmark)
public class CallBenchmark {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Param({"fast start, tunnelled", "slow start, H.245 apart"})
    public String style = "";

    private List<H323Endpoint> endpoints = List.of();

    @Setup
    public void listen() throws IOException {
        var how = style.startsWith("fast") ? Style.FAST_TUNNELLED : Style.SLOW_SEPARATE;
        endpoints = List.of(caller(how), answerer(how));
    }

    static H323Endpoint caller(Style style) throws IOException {
        return H323Endpoint.open(Settings.of("alice", ANY_PORT).with(style), _ -> { });
    }

    static H323Endpoint answerer(Style style) throws IOException {
        return H323Endpoint.open(Settings.of("bob", ANY_PORT).with(style), call -> call.answer(silence()));
    }

    private static CallMedia silence() {
        return CallMedia.sound(Tone.silence(), _ -> { });
    }

    static H323Call answered(H323Endpoint caller, H323Endpoint answerer) {
        var call = caller.call(answerer.address(), List.of("bob"), silence(), _ -> { });
        call.awaitAnswer(LIMIT);
        return call;
    }

    @TearDown
    public void stop() {
        endpoints.forEach(H323Endpoint::close);
    }

    @Benchmark
    public SessionEnd call() throws Exception {
        var call = answered(endpoints.getFirst(), endpoints.getLast());
        call.release();
        return call.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
