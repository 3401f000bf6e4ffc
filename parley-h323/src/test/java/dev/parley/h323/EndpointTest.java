package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.Tone;
import dev.parley.h323.media.VideoSource;
import dev.parley.h323.rtp.VideoFrame;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls over real sockets on this machine.
class EndpointTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    static Stream<Style> styles() {
        return Stream.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, new Style(true, true, true));
    }

    private static Settings settings(String name, Style style) {
        return Settings.of(name, new InetSocketAddress(HERE, 0)).with(style);
    }

    /// Counts down when enough sound has arrived.
    private static AudioSink until(CountDownLatch heard) {
        return samples -> {
            for (short sample : samples) {
                if (Math.abs(sample) > 1000) {
                    heard.countDown();
                }
            }
        };
    }

    @ParameterizedTest
    @MethodSource("styles")
    void soundArrivesOnBothSidesAndKeysToo(Style style) throws Exception {
        var heardThere = new CountDownLatch(4000);
        var heardHere = new CountDownLatch(4000);
        var events = new LinkedBlockingQueue<Effect>();
        BlockingQueue<H323Call> calls = new LinkedBlockingQueue<>();
        try (var bob = H323Endpoint.open(settings("bob", style), calls::add);
                var alice = H323Endpoint.open(settings("alice", style), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(new Tone(440, 0.5), until(heardHere)), _ -> { });
            var there = calls.poll(30, TimeUnit.SECONDS);
            assertThat(there).isNotNull();
            assertThat(there.from().orElseThrow().aliases()).containsExactly("alice");
            there.ring();
            there.answer(CallMedia.sound(new Tone(880, 0.5), until(heardThere)));
            call.awaitAnswer(LIMIT);

            assertThat(heardThere.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(heardHere.await(30, TimeUnit.SECONDS)).isTrue();
            there.listen(events::add);
            assertThat(events).as("what was before").anyMatch(Effect.Connected.class::isInstance)
                    .anyMatch(Effect.SendMedia.class::isInstance).anyMatch(Effect.ReceiveMedia.class::isInstance);
            call.press("5#");
            assertThat(keys(events, 2)).isEqualTo("5#");
            assertThat(call.phase()).isEqualTo(Phase.OPEN);
            assertThat(call.figures(Codec.Kind.AUDIO).orElseThrow().rtp().packetsReceived()).isGreaterThan(10);

            call.release();
            assertThat(call.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
            assertThat(there.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
        }
    }

    private static String keys(BlockingQueue<Effect> events, int count) throws InterruptedException {
        var keys = new StringBuilder();
        while (keys.length() < count) {
            var effect = events.poll(30, TimeUnit.SECONDS);
            assertThat(effect).isNotNull();
            if (effect instanceof Effect.Keys(var pressed)) {
                keys.append(pressed);
            }
        }
        return keys.toString();
    }

    /// Not in what the callee may take for sound or lose: in the stream of sound itself.
    @Test
    void keysGoInRtpWhenBothTakeThemThere() throws Exception {
        var events = new LinkedBlockingQueue<Effect>();
        var pressed = new LinkedBlockingQueue<Effect>();
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> {
                    call.listen(events::add);
                    call.answer(CallMedia.sound(Tone.silence(), _ -> { }));
                });
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), pressed::add);
            call.awaitAnswer(LIMIT);
            call.press("159D");

            assertThat(keys(events, 4)).isEqualTo("159D");
            assertThat(pressed).contains(new Effect.PressKeys("159D", 101));
        }
    }

    @Test
    void aWishForAWholePictureOrForLessReachesTheSource() throws Exception {
        var refreshed = new CountDownLatch(1);
        var limited = new CompletableFuture<OptionalLong>();
        var pictures = new VideoSource() {
            @Override
            public Optional<VideoFrame> next() {
                return Optional.of(new VideoFrame(List.of(ByteBuffer.wrap(new byte[] {0x65, (byte) 0x80, 1}))));
            }

            @Override
            public double rate() {
                return 25;
            }

            @Override
            public void refresh() {
                refreshed.countDown();
            }

            @Override
            public void limit(OptionalLong bitsPerSecond) {
                limited.complete(bitsPerSecond);
            }
        };
        var video = List.of(Capability.audio(Codec.G711_ALAW, 20), Capability.h264(64, 71, 20_000).nonInterleaved(true));
        var seen = new CountDownLatch(3);
        var there = new LinkedBlockingQueue<H323Call>();
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED).with(video), call -> {
                    call.answer(new CallMedia(Tone.silence(), _ -> { }, Optional.empty(), Optional.of(_ -> seen.countDown())));
                    there.add(call);
                });
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED).with(video), _ -> { })) {
            alice.call(bob.address(), List.of("bob"), new CallMedia(Tone.silence(), _ -> { }, Optional.of(pictures), Optional.empty()), _ -> { })
                    .awaitAnswer(LIMIT);
            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();

            var callee = there.take();
            callee.tell(new Event.WantFastUpdate());
            callee.tell(new Event.LimitRate(Codec.Kind.VIDEO, 640));

            assertThat(refreshed.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(limited.get(30, TimeUnit.SECONDS)).hasValue(64_000);
        }
    }

    @ParameterizedTest
    @MethodSource("styles")
    void callsWorkOverIpv6(Style style) throws Exception {
        assumeTrue(hasIpv6(), "there is no IPv6 on this machine");
        var heard = new CountDownLatch(4000);
        var back = new CountDownLatch(4000);
        var events = new LinkedBlockingQueue<Effect>();
        var six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        try (var bob = H323Endpoint.open(Settings.of("bob", six).with(style), call -> {
                    call.listen(events::add);
                    call.answer(CallMedia.sound(new Tone(440, 0.5), until(heard)));
                });
                var alice = H323Endpoint.open(Settings.of("alice", six).with(style), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(new Tone(880, 0.5), until(back)), events::add);
            call.awaitAnswer(LIMIT);

            assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(back.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(events.stream().filter(Effect.SendMedia.class::isInstance).map(e -> ((Effect.SendMedia) e).rtp().ip().size()))
                    .isNotEmpty().containsOnly(16);
            call.release();
            assertThat(call.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
        }
    }

    private static boolean hasIpv6() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void aBusyUserRefuses() throws Exception {
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), call -> call.hangUp(Cause.USER_BUSY));
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });

            assertThatThrownBy(() -> call.awaitAnswer(LIMIT)).isInstanceOf(SessionException.Refused.class).hasMessageContaining("busy");
        }
    }

    @Test
    void nobodyIsThere() throws Exception {
        try (var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            assertThatThrownBy(() -> alice.call(new InetSocketAddress(HERE, 1), List.of(), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { }))
                    .isInstanceOf(SessionException.ConnectionLost.class);
        }
    }

    @Test
    void octetsThatAreNoH323EndTheirConnectionAndNothingElse() throws Exception {
        var calls = new LinkedBlockingQueue<H323Call>();
        try (var bob = H323Endpoint.open(settings("bob", Style.FAST_TUNNELLED), calls::add);
                var alice = H323Endpoint.open(settings("alice", Style.FAST_TUNNELLED), _ -> { })) {
            for (var bad : List.of("GET / HTTP/1.1\r\n\r\n", "\3\0\0\5\0", "\3\0\0\011\010\2\0\1\5")) {
                try (var socket = new Socket(HERE, bob.address().getPort())) {
                    send(socket.getOutputStream(), bad);
                    socket.setSoTimeout(30_000);
                    assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(200);
                }
            }

            alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });
            assertThat(calls.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Test
    void manyCallsAtOnce() throws Exception {
        int count = Integer.getInteger("parley.calls", 25);
        try (var bob = H323Endpoint.open(settings("bob", Style.SLOW_TUNNELLED), call -> {
                    call.ring();
                    call.answer(CallMedia.sound(Tone.silence(), _ -> { }));
                });
                var alice = H323Endpoint.open(settings("alice", Style.SLOW_TUNNELLED), _ -> { })) {
            var calls = new ArrayList<H323Call>();
            for (int i = 0; i < count; i++) {
                calls.add(alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { }));
            }
            for (var call : calls) {
                call.awaitAnswer(LIMIT);
            }
            assertThat(bob.callsNow()).isEqualTo(count);
            for (var call : calls) {
                call.release();
                assertThat(call.ended().toCompletableFuture().get(30, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Released.class);
            }
        }
    }
}
