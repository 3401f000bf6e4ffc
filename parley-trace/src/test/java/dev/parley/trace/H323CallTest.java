package dev.parley.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.CallMedia;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.Settings;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.Tone;
import dev.parley.runtime.capture.Capture;
import dev.parley.testkit.Tshark;
import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What our endpoints write into a capture while they call, read again: on ports that say nothing.
class H323CallTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, new Style(true, true, true));
    }

    @ParameterizedTest
    @MethodSource("styles")
    void aCallOfOurOwnIsReadAsTsharkReadsIt(Style style) throws Exception {
        Tshark.needed();
        var file = folder.resolve("call.pcapng");
        int port;
        var ready = new CountDownLatch(1);
        BlockingQueue<H323Call> calls = new LinkedBlockingQueue<>();
        try (var capture = Capture.open(file);
                var bob = H323Endpoint.open(settings("bob", style), calls::add);
                var alice = H323Endpoint.open(settings("alice", style), Optional.of(capture), _ -> { })) {
            port = bob.address().getPort();
            var call = alice.call(bob.address(), List.of("bob", "1001"), silence(), effect -> {
                if (effect instanceof Effect.ControlReady) {
                    ready.countDown();
                }
            });
            var there = calls.poll(30, TimeUnit.SECONDS);
            assertThat(there).isNotNull();
            there.ring();
            there.answer(silence());
            call.awaitAnswer(LIMIT);
            assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
            call.release();
            call.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
            there.ended().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }

        var trace = Tracer.read(file);

        assertThat(trace.faults()).isZero();
        assertThat(H323Names.ours(trace)).isEqualTo(H323Names.ofTshark(file)).isNotEmpty();
        var first = trace.exchanges().getFirst();
        assertThat(first.about()).startsWith("H.225.0 of call ");
        assertThat(first.messages().getFirst().summary()).contains("alice to bob 1001 at 127.0.0.1:" + port)
                .satisfies(s -> assertThat(s.contains("fast connect offers G.711 A-law, G.711 mu-law")).isEqualTo(style.fastStart()))
                .satisfies(s -> assertThat(s.contains("tunnels")).isEqualTo(style.tunnel()));
        assertThat(trace.exchanges().stream().flatMap(e -> e.messages().stream())).extracting(Message::symbol).contains("Connect", "ReleaseComplete");
        assertThat(trace.exchanges()).filteredOn(e -> e.carrier() == Exchange.Carrier.CONNECTION).hasSize(style.tunnel() ? 1 : 2).last()
                .satisfies(e -> assertThat(e.about()).startsWith(style.tunnel() ? "H.225.0 of call " : "H.245 of call "));
    }

    private static Settings settings(String name, Style style) {
        return Settings.of(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).with(style);
    }

    private static CallMedia silence() {
        return CallMedia.sound(Tone.silence(), _ -> { });
    }
}
