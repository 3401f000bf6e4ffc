package dev.parley.h323.media;

import dev.parley.runtime.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// Sends pictures at their rate. A large one is spread over its time, so that no buffer on the way has to hold it at once.
final class VideoSending implements Sending {
    /// Packets that leave together.
    static final int BURST = 8;

    /// The longest time from a picture's first packet to its last, in nanoseconds: well within the jitter buffers of others.
    private static final double LONGEST_SPREAD = 40e6;

    private final MediaSession session;
    private final MediaFormat.Video format;
    private final VideoSource source;
    private final double interval;
    private final double ticks;
    private long start;
    private long pictures;
    private int firstTimestamp;
    private boolean stopped;
    private Loop.Timer timer = () -> { };

    VideoSending(MediaSession session, MediaFormat.Video format, VideoSource source) {
        if (!(source.rate() >= 1 && source.rate() <= 240)) {
            throw new IllegalArgumentException(source.rate() + " pictures a second, expected 1..240");
        }
        this.session = session;
        this.format = format;
        this.source = source;
        this.interval = 1e9 / source.rate();
        this.ticks = MediaFormat.Video.CLOCK_RATE / source.rate();
    }

    @Override
    public void start() {
        start = session.loop().nanoTime();
        firstTimestamp = session.timestamp();
        picture();
    }

    private void picture() {
        if (stopped) {
            return;
        }
        List<ByteBuffer> payloads;
        try {
            var frame = source.next();
            if (frame.isEmpty()) {
                session.listener().sourceEnded();
                return;
            }
            payloads = format.payloads(frame.get());
        } catch (IOException | RuntimeException e) {
            session.failed(this, e);
            return;
        }
        session.advance(firstTimestamp + (int) Math.round(pictures * ticks) - session.timestamp());
        long due = start + Math.round(pictures * interval);
        pictures++;
        burst(payloads, 0, due, Math.ceilDiv(payloads.size(), BURST));
    }

    private void burst(List<ByteBuffer> payloads, int number, long due, int bursts) {
        if (stopped) {
            return;
        }
        int end = Math.min(payloads.size(), (number + 1) * BURST);
        for (int i = number * BURST; i < end; i++) {
            session.send(i == payloads.size() - 1, format.payloadType(), session.timestamp(), payloads.get(i));
        }
        boolean last = number + 1 >= bursts;
        long at = last ? start + Math.round(pictures * interval) : due + Math.round(Math.min(interval, LONGEST_SPREAD) * (number + 1) / bursts);
        var wait = Duration.ofNanos(Math.max(0, at - session.loop().nanoTime()));
        timer = session.loop().schedule(wait, last ? this::picture : () -> burst(payloads, number + 1, due, bursts));
    }

    void limit(OptionalLong bitsPerSecond) {
        source.limit(bitsPerSecond);
    }

    void refresh() {
        source.refresh();
    }

    @Override
    public void stop() {
        stopped = true;
        timer.cancel();
        session.close(source);
    }
}
