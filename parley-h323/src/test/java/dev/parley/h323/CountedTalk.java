package dev.parley.h323;

import static java.util.stream.Collectors.joining;

import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Timer;
import dev.parley.h323.media.AudioSource;
import dev.parley.h323.rtp.RtpFigures;
import dev.parley.h323.wire.Codec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One end of a call in which both send so many packets of sound and count them. Everything goes by keys in H.245: the caller presses the number of
/// the call, by which the called end knows that it is heard, and begins; then `#` when it has sent and received everything, which the called end
/// answers with the number when it has, too.
final class CountedTalk {
    static final int PACKETS = 50;
    static final Duration LIMIT = Duration.ofSeconds(150);

    final CrowdEnd end;
    private final String number;
    private final boolean calling;
    private final CountDownLatch begins = new CountDownLatch(1);
    private final Semaphore played = new Semaphore(0);

    CountedTalk(String number, boolean calling) {
        this.number = number;
        this.calling = calling;
        end = new CrowdEnd(calling ? number.length() : number.length() + 1, number.length());
    }

    /// What is proven is that nothing is lost, not how fast it is on a machine that does other things too.
    static Settings settings(String name, int mostCalls) {
        return Settings.of(name, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)).withMostCalls(mostCalls)
                .withTelephoneEvents(Optional.empty()).withWriteLimit(LIMIT).with(Map.of(Timer.T303, LIMIT, Timer.T310, LIMIT));
    }

    CallMedia media() {
        return CallMedia.sound(new AudioSource() {
            private int left = PACKETS;

            @Override
            public int read(short[] frame) {
                if (begins.getCount() > 0) {
                    return 0;
                }
                Arrays.fill(frame, (short) 8000);
                return left-- > 0 ? frame.length : END;
            }
        }, _ -> played.release());
    }

    /// On a thread of its own, once the call is connected.
    void talk(H323Call call) {
        Thread.ofVirtual().start(() -> {
            try {
                if (calling) {
                    call.press(number);
                } else if (!await(end.called)) {
                    return;
                }
                begins.countDown();
                call.playedOut().toCompletableFuture().join();
                while (!call.ended().toCompletableFuture().isDone() && figures(call).packetsReceived() < PACKETS) {
                    // The last packet may have come too late to be played.
                    played.tryAcquire(20, TimeUnit.MILLISECONDS);
                }
                if (calling) {
                    call.press("#");
                } else if (heard()) {
                    call.press(number);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Waits until the other side has pressed all its keys.
    boolean heard() throws InterruptedException {
        return await(end.keys);
    }

    private static boolean await(CountDownLatch latch) throws InterruptedException {
        return latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static RtpFigures figures(H323Call call) {
        return call.figures(Codec.Kind.AUDIO).orElseThrow().rtp();
    }

    /// All that must be the same on both sides, and what each side sent, once the call is over.
    String told(H323Call call) {
        boolean released = call.callEnd().toCompletableFuture().join() instanceof CallEnd.Cleared c && c.isOrderly();
        var rtp = figures(call);
        return "call " + number + " released " + released + " heard " + end.pressed() + " sent " + rtp.packetsSent() + " received "
                + rtp.packetsReceived() + " lost " + rtp.packetsLost() + " by "
                + end.signals().stream().map(Enum::name).collect(joining(" "));
    }
}
