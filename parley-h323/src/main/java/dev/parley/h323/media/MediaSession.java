package dev.parley.h323.media;

import dev.parley.api.SessionException;
import dev.parley.h323.rtp.JitterBuffer;
import dev.parley.h323.rtp.KeyReceiver;
import dev.parley.h323.rtp.RtcpCodec;
import dev.parley.h323.rtp.RtcpPacket;
import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.h323.rtp.RtpParticipant;
import dev.parley.h323.rtp.TelephoneEvent;
import dev.parley.runtime.Datagrams;
import dev.parley.runtime.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One RTP session of a call, audio or video: two ports, both directions, reports. Ports are open before the other side is known, because
/// they are announced to it. Methods may be called from any thread; the work is done on the loop.
public final class MediaSession implements AutoCloseable {
    private static final Duration SOUND_DELAY = Duration.ofMillis(60);
    /// A picture's packets are spread over some time by the sender, and have one timestamp.
    private static final Duration PICTURE_DELAY = Duration.ofMillis(120);
    private static final int MOST_WAITING = 4_096;
    private static final int MOST_COLLISIONS = 3;

    private final Loop loop;
    private final RandomGenerator random;
    private final MediaListener listener;
    private final RtpParticipant participant;
    private final PortPair ports;
    private final Sender announced = new Sender();
    private final EarlyPackets early = new EarlyPackets();
    private final CompletableFuture<MediaFigures> ended = new CompletableFuture<>();
    private final int clockRate;
    private @Nullable InetSocketAddress remoteRtp;
    private @Nullable InetSocketAddress remoteRtcp;
    private @Nullable Sending sending;
    private @Nullable Receiving receiving;
    private JitterBuffer jitter;
    private OptionalInt eventPayloadType = OptionalInt.empty();
    private KeyReceiver keys = new KeyReceiver();
    private Loop.Timer reportTimer = () -> { };
    private Loop.Timer playTimer = () -> { };
    private long malformed;
    private int collisions;
    private boolean closed;

    private MediaSession(Loop loop, RandomGenerator random, MediaListener listener, RtpParticipant participant, int clockRate, PortPair.Opener ports)
            throws IOException {
        this.loop = loop;
        this.random = random;
        this.listener = listener;
        this.participant = participant;
        this.clockRate = clockRate;
        this.jitter = jitterBuffer(clockRate);
        this.ports = ports.open((from, datagram) -> rtpArrived(from, datagram, loop.nanoTime()), this::rtcpArrived);
    }

    /// @param random for numbers that others must not guess: a secure one outside of tests
    /// @param cname user@host, the same for all sessions of a call
    /// @param clockRate 8000 for sound, 90000 for pictures
    /// @throws IOException when no pair of ports is free
    public static MediaSession open(
            Datagrams.Network network, Loop loop, RandomGenerator random, InetAddress local, PortRange range, String cname, int clockRate,
            MediaListener listener) throws IOException {
        var participant = new RtpParticipant(random.nextInt(), random.nextInt(1 << 16), random.nextInt(), cname, clockRate,
                loop.nanoTime(), loop.wallMillis());
        var session = new MediaSession(loop, random, listener, participant, clockRate, (rtp, rtcp) ->
                PortPair.open(network, local, range, random.nextInt(range.pairs()), loop, rtp, rtcp));
        loop.execute(() -> session.scheduleReport(true));
        return session;
    }

    /// Where we want RTP.
    public InetSocketAddress rtpAddress() {
        return ports.rtp().local();
    }

    /// Where we want RTCP.
    public InetSocketAddress rtcpAddress() {
        return ports.rtcp().local();
    }

    /// Media may come from this address. The addresses of [#remote] are announced by that.
    public void announce(InetAddress address) {
        loop.execute(() -> announced.announce(address));
    }

    /// Where the other side wants its media and our reports, as far as H.245 has told.
    public void remote(Optional<InetSocketAddress> rtp, Optional<InetSocketAddress> rtcp) {
        loop.execute(() -> {
            remoteRtp = rtp.orElse(remoteRtp);
            remoteRtcp = rtcp.orElse(remoteRtcp);
            rtp.ifPresent(a -> announced.announce(a.getAddress()));
            rtcp.ifPresent(a -> announced.announce(a.getAddress()));
        });
    }

    /// @param eventPayloadType for keys, when H.245 agreed on one
    public void startSending(MediaFormat.Audio format, AudioSource source, OptionalInt eventPayloadType) {
        loop.execute(() -> start(new AudioSending(this, format, source, eventPayloadType)));
    }

    public void startSending(MediaFormat.Video format, VideoSource source) {
        var started = new VideoSending(this, format, source);
        loop.execute(() -> start(started));
    }

    private void start(Sending started) {
        stopSendingNow();
        if (closed) {
            started.stop();
            return;
        }
        sending = started;
        started.start();
    }

    /// Stops and closes the source; nothing when nothing is sent.
    public void stopSending() {
        loop.execute(this::stopSendingNow);
    }

    private void stopSendingNow() {
        if (sending != null) {
            sending.stop();
            sending = null;
        }
    }

    /// @param eventPayloadType of the keys that we said we take
    public void startReceiving(MediaFormat.Audio format, AudioSink sink, OptionalInt eventPayloadType) {
        loop.execute(() -> start(new AudioReceiving(this, format, sink), eventPayloadType));
    }

    public void startReceiving(MediaFormat.Video format, VideoSink sink) {
        loop.execute(() -> start(new VideoReceiving(this, format, sink), OptionalInt.empty()));
    }

    private void start(Receiving started, OptionalInt events) {
        stopReceivingNow();
        if (closed) {
            started.stop();
            return;
        }
        receiving = started;
        eventPayloadType = events;
        jitter = jitterBuffer(clockRate);
        keys = new KeyReceiver();
        early.given(loop.nanoTime()).forEach(e -> rtpArrived(e.from(), e.datagram(), e.at()));
    }

    /// Another one will be the other side: what comes before its formats are known is kept for them.
    public void startOver() {
        loop.execute(early::again);
    }

    private static JitterBuffer jitterBuffer(int clockRate) {
        return new JitterBuffer(clockRate, clockRate == MediaFormat.Video.CLOCK_RATE ? PICTURE_DELAY : SOUND_DELAY, MOST_WAITING);
    }

    /// Plays what is here already, stops, and closes the sink; nothing when nothing is received.
    public void stopReceiving() {
        loop.execute(this::stopReceivingNow);
    }

    private void stopReceivingNow() {
        for (var packet = jitter.drain(); packet.isPresent(); packet = jitter.drain()) {
            deliver(packet.get());
        }
        playTimer.cancel();
        if (receiving != null) {
            receiving.stop();
            receiving = null;
        }
    }

    /// Presses keys (0-9 * # A-D) by RFC 4733; a failure is told to the listener.
    public void press(String pressed) {
        press(pressed, OptionalInt.empty());
    }

    /// @param payloadType that the other side takes events in, as H.245 tells now
    public void press(String pressed, int payloadType) {
        press(pressed, OptionalInt.of(payloadType));
    }

    private void press(String pressed, OptionalInt payloadType) {
        loop.execute(() -> {
            try {
                pressed.chars().forEach(k -> TelephoneEvent.eventOf((char) k));
                if (!(sending instanceof AudioSending audio)) {
                    throw new IllegalArgumentException("no sound is sent, so that no key can be");
                }
                audio.press(pressed, payloadType);
            } catch (IllegalArgumentException e) {
                listener.keysRefused(String.valueOf(e.getMessage()));
            }
        });
    }

    /// The other side asks for a fresh picture.
    public void refreshPicture() {
        loop.execute(() -> {
            if (sending instanceof VideoSending video) {
                video.refresh();
            }
        });
    }

    /// The other side wants pictures at no more than this rate.
    public void limit(OptionalLong bitsPerSecond) {
        loop.execute(() -> {
            if (sending instanceof VideoSending video) {
                video.limit(bitsPerSecond);
            }
        });
    }

    Loop loop() {
        return loop;
    }

    MediaListener listener() {
        return listener;
    }

    int timestamp() {
        return participant.timestamp();
    }

    void advance(int units) {
        participant.advance(units);
    }

    void send(boolean marker, int payloadType, int timestamp, ByteBuffer payload) {
        if (remoteRtp != null) {
            ports.rtp().send(remoteRtp, RtpCodec.encode(participant.packet(marker, payloadType, timestamp, payload, loop.nanoTime())));
        }
    }

    void failed(Sending failed, Exception cause) {
        if (sending == failed) {
            stopSendingNow();
        }
        listener.failed(cause);
    }

    void close(AutoCloseable port) {
        try {
            port.close();
        } catch (Exception e) {
            listener.failed(e);
        }
    }

    private void rtpArrived(InetSocketAddress from, ByteBuffer datagram, long now) {
        if (receiving == null && early.take(from, datagram, now) || !announced.mayBe(from, now)) {
            return;
        }
        try {
            var packet = RtpCodec.decode(datagram);
            var present = receiving;
            boolean event = eventPayloadType.isPresent() && packet.payloadType() == eventPayloadType.getAsInt();
            if (present == null || !event && packet.payloadType() != present.format().payloadType()) {
                malformed++;
                return;
            }
            if (packet.ssrc() == participant.ssrc() && collisions < MOST_COLLISIONS) {
                collisions++;
                report(participant.collided(random.nextInt(), now));
            }
            if (!participant.received(packet, now)) {
                return;
            }
            announced.heard(from, now);
            if (event) {
                // Not through the jitter buffer: all packets of a key have the same timestamp.
                keys.received(packet).ifPresent(listener::keyPressed);
            } else {
                jitter.put(packet, now);
                play();
            }
        } catch (SessionException.ProtocolViolation e) {
            malformed++;
        }
    }

    private void play() {
        playTimer.cancel();
        long now = loop.nanoTime();
        for (var packet = jitter.poll(now); packet.isPresent(); packet = jitter.poll(now)) {
            deliver(packet.get());
        }
        jitter.nextDue().ifPresent(due -> playTimer = loop.schedule(Duration.ofNanos(Math.max(0, due - now)), this::play));
    }

    private void deliver(RtpPacket packet) {
        var present = receiving;
        if (present == null) {
            return;
        }
        try {
            present.received(packet);
        } catch (IOException | RuntimeException e) {
            receiving = null;
            present.stop();
            listener.failed(e);
        }
    }

    private void rtcpArrived(InetSocketAddress from, ByteBuffer datagram) {
        if (!announced.isAnnounced(from.getAddress())) {
            return;
        }
        try {
            participant.received(RtcpCodec.decode(datagram), loop.nanoTime());
            announced.reported(loop.nanoTime());
        } catch (SessionException.ProtocolViolation e) {
            malformed++;
        }
    }

    private void scheduleReport(boolean first) {
        reportTimer = loop.schedule(RtpParticipant.interval(random.nextDouble(), first), () -> {
            if (!closed) {
                report(participant.report(loop.nanoTime()));
                scheduleReport(false);
            }
        });
    }

    private void report(List<RtcpPacket> compound) {
        if (remoteRtcp != null) {
            ports.rtcp().send(remoteRtcp, RtcpCodec.encode(compound));
        }
    }

    /// The figures now, asked on the loop; the last ones when the session is closed.
    public CompletionStage<MediaFigures> figures() {
        var answer = new CompletableFuture<MediaFigures>();
        loop.execute(() -> answer.complete(figuresNow()));
        return answer.applyToEither(ended, figures -> figures);
    }

    /// How long nothing has come from the other side, neither media nor a report; empty when nothing has come at all. Who sends no sound because
    /// there is none still reports.
    public CompletionStage<Optional<Duration>> silence() {
        var answer = new CompletableFuture<Optional<Duration>>();
        loop.execute(() -> answer.complete(announced.silence(loop.nanoTime())));
        return answer.applyToEither(ended.thenApply(_ -> Optional.empty()), silence -> silence);
    }

    private MediaFigures figuresNow() {
        return new MediaFigures(participant.figures(), announced.silentFor(loop.nanoTime()), jitter.late(), announced.strangers(),
                malformed + early.unheard(), receiving == null ? 0 : receiving.damagedPictures());
    }

    /// Says goodbye and closes everything, soon; [#ended] tells when.
    @Override
    public void close() {
        loop.execute(() -> {
            if (closed) {
                return;
            }
            stopSendingNow();
            for (var packet = jitter.drain(); packet.isPresent(); packet = jitter.drain()) {
                deliver(packet.get());
            }
            var last = figuresNow();
            stopReceivingNow();
            report(participant.goodbye("", loop.nanoTime()));
            closed = true;
            reportTimer.cancel();
            ports.close();
            ended.complete(last);
        });
    }

    /// Completes with the last figures when the session is closed.
    public CompletionStage<MediaFigures> ended() {
        return ended;
    }
}
