package dev.parley.h323.media;

import dev.parley.h323.rtp.PressedKey;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Sends sound: one packet each period, by the clock of the loop. Keys go between, in place of sound.
final class AudioSending implements Sending {
    /// Keys that may wait.
    static final int MOST_KEYS = 64;

    private static final int KEY_MILLIS = 100;
    private static final int PAUSE_MILLIS = 60;
    /// After a longer stall the missed packets are not made up for.
    private static final int MOST_BEHIND = 5;

    private final MediaSession session;
    private final MediaFormat.Audio format;
    private final AudioSource source;
    private OptionalInt eventPayloadType;
    private final long period;
    private final short[] frame;
    private final Deque<Character> keys = new ArrayDeque<>();
    private @Nullable PressedKey pressed;
    private int pressedAt;
    private int pause;
    private boolean silent = true;
    private boolean sourceEnded;
    private boolean stopped;
    private long due;
    private Loop.Timer timer = () -> { };

    AudioSending(MediaSession session, MediaFormat.Audio format, AudioSource source, OptionalInt eventPayloadType) {
        this.session = session;
        this.format = format;
        this.source = source;
        this.eventPayloadType = eventPayloadType;
        this.period = format.samplesPerPacket() * 1_000_000_000L / G711.RATE;
        this.frame = new short[format.samplesPerPacket()];
    }

    @Override
    public void start() {
        due = session.loop().nanoTime();
        tick();
    }

    private void tick() {
        if (stopped) {
            return;
        }
        try {
            send();
        } catch (IOException | RuntimeException e) {
            session.failed(this, e);
            return;
        }
        due += period;
        long now = session.loop().nanoTime();
        if (now - due > MOST_BEHIND * period) {
            due = now;
        }
        timer = session.loop().schedule(Duration.ofNanos(Math.max(0, due - now)), this::tick);
    }

    private void send() throws IOException {
        if (pressed == null && pause == 0 && !keys.isEmpty()) {
            pressed = new PressedKey(keys.removeFirst(), frame.length, Math.max(frame.length, KEY_MILLIS * G711.RATE / 1000));
            pressedAt = session.timestamp();
        }
        if (pressed != null) {
            boolean marker = pressed.isNew();
            session.send(marker, eventPayloadType.orElseThrow(), pressedAt, pressed.next().encode());
            if (pressed.isOver()) {
                pressed = null;
                pause = Math.ceilDiv(PAUSE_MILLIS * G711.RATE / 1000, frame.length);
            }
            silence();
        } else if (pause > 0) {
            pause--;
            silence();
        } else {
            sound();
        }
    }

    private void silence() {
        silent = true;
        session.advance(frame.length);
    }

    private void sound() throws IOException {
        int count = sourceEnded ? 0 : source.read(frame);
        if (count == AudioSource.END) {
            sourceEnded = true;
            session.listener().sourceEnded();
        }
        if (count <= 0) {
            silence();
            return;
        }
        session.send(silent, format.payloadType(), session.timestamp(), format.law().encode(frame, count));
        session.advance(count);
        silent = false;
    }

    /// @throws IllegalArgumentException when one is no key, too many wait, or H.245 agreed on no telephone events
    void press(String pressedKeys, OptionalInt payloadType) {
        eventPayloadType = payloadType.isPresent() ? payloadType : eventPayloadType;
        if (eventPayloadType.isEmpty()) {
            throw new IllegalArgumentException("the other side takes no telephone events in RTP");
        }
        if (keys.size() + pressedKeys.length() > MOST_KEYS) {
            throw new IllegalArgumentException("more than " + MOST_KEYS + " keys wait to be sent");
        }
        pressedKeys.chars().forEach(k -> keys.add((char) k));
    }

    @Override
    public void stop() {
        stopped = true;
        timer.cancel();
        session.close(source);
    }
}
