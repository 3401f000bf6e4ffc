package dev.parley.h323.media;

import dev.parley.testkit.SimDatagrams;
import dev.parley.testkit.SimWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Two ends of one RTP session in virtual time.
final class MediaWorld {
    static final InetAddress ALICE = InetAddress.ofLiteral("10.0.0.1");
    static final InetAddress BOB = InetAddress.ofLiteral("10.0.0.2");

    final SimWorld world;
    final SimDatagrams network;
    final MediaSession alice;
    final MediaSession bob;
    final StringBuilder keys = new StringBuilder();
    final List<Exception> failures = new ArrayList<>();
    boolean sourceEnded;
    int damagedPictures;

    MediaWorld(long seed, int clockRate) throws IOException {
        world = new SimWorld(seed);
        network = new SimDatagrams(world);
        alice = open(ALICE, clockRate);
        bob = open(BOB, clockRate);
        alice.remote(Optional.of(bob.rtpAddress()), Optional.of(bob.rtcpAddress()));
        bob.remote(Optional.of(alice.rtpAddress()), Optional.of(alice.rtcpAddress()));
    }

    private MediaSession open(InetAddress local, int clockRate) throws IOException {
        return MediaSession.open(network, world.process(local.getHostAddress()).loop(), world.random(), local, new PortRange(5000, 5009),
                "user@" + local.getHostAddress(), clockRate, new MediaListener() {
                    @Override
                    public void sourceEnded() {
                        sourceEnded = true;
                    }

                    @Override
                    public void keyPressed(char key) {
                        keys.append(key);
                    }

                    @Override
                    public void pictureDamaged() {
                        damagedPictures++;
                    }

                    @Override
                    public void keysRefused(String words) {
                        failures.add(new IllegalArgumentException(words));
                    }

                    @Override
                    public void failed(Exception cause) {
                        failures.add(cause);
                    }
                });
    }

    void run(Duration time) {
        world.run(() -> false, time);
    }

    MediaFigures figures(MediaSession session) {
        var answer = session.figures().toCompletableFuture();
        world.run(answer::isDone, Duration.ofSeconds(1));
        return answer.join();
    }

    Optional<Duration> silence(MediaSession session) {
        var answer = session.silence().toCompletableFuture();
        world.run(answer::isDone, Duration.ofSeconds(1));
        return answer.join();
    }

    void close() {
        alice.close();
        bob.close();
        run(Duration.ofSeconds(1));
    }

    /// Collects what it hears.
    static final class Ear implements AudioSink {
        final List<Short> samples = new ArrayList<>();
        long missing;
        boolean closed;

        @Override
        public void write(short[] written) {
            for (short sample : written) {
                samples.add(sample);
            }
        }

        @Override
        public void missing(int count) {
            missing += count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
