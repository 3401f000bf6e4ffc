package dev.parley.h323;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.AudioSource;
import dev.parley.h323.media.G711;
import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.media.MediaFormat;
import dev.parley.h323.media.MediaListener;
import dev.parley.h323.media.MediaSession;
import dev.parley.h323.media.VideoSource;
import dev.parley.h323.rtp.VideoFrame;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// The RTP sessions of one call, and what the application plays and takes. Ports are open before Setup; media flows when both the machine and
/// the application are ready. The application may come with its media while the machine opens channels.
final class Streams implements AutoCloseable {
    private static final int USUAL_MILLIS = 20;

    private final Map<Codec.Kind, MediaSession> sessions = new EnumMap<>(Codec.Kind.class);
    private final Map<Codec.Kind, Effect.SendMedia> sends = new EnumMap<>(Codec.Kind.class);
    private final Map<Codec.Kind, Effect.ReceiveMedia> receives = new EnumMap<>(Codec.Kind.class);
    private final VirtualLoop loop;
    private final OptionalInt telephoneEvents;
    private Optional<CallMedia> media = Optional.empty();
    private boolean ready;
    private volatile MediaListener listener = new MediaListener() { };

    /// @param capture where RTP and RTCP are written, too
    Streams(Settings settings, InetAddress local, String name, Optional<Capture> capture) throws IOException {
        loop = new VirtualLoop(name);
        telephoneEvents = settings.telephoneEvents().map(OptionalInt::of).orElseGet(OptionalInt::empty);
        var network = capture.map(c -> c.tap(new Udp())).orElseGet(Udp::new);
        try {
            for (var format : settings.capabilities()) {
                var kind = format.codec().kind();
                if (!sessions.containsKey(kind)) {
                    sessions.put(kind, MediaSession.open(network, loop, new SecureRandom(), local, settings.rtp(),
                            name + "@" + local.getHostAddress(), format.codec().clockRate(), relay()));
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// The ports are open before there is a listener.
    private MediaListener relay() {
        return new MediaListener() {
            @Override
            public void sourceEnded() {
                listener.sourceEnded();
            }

            @Override
            public void keyPressed(char key) {
                listener.keyPressed(key);
            }

            @Override
            public void pictureDamaged() {
                listener.pictureDamaged();
            }

            @Override
            public void keysRefused(String words) {
                listener.keysRefused(words);
            }

            @Override
            public void failed(Exception cause) {
                listener.failed(cause);
            }
        };
    }

    void listen(MediaListener to) {
        listener = to;
    }

    Map<Codec.Kind, CallConfig.Ports> ports() {
        var ports = new EnumMap<Codec.Kind, CallConfig.Ports>(Codec.Kind.class);
        sessions.forEach((kind, s) -> ports.put(kind, new CallConfig.Ports(address(s.rtpAddress()), address(s.rtcpAddress()))));
        return ports;
    }

    static TransportAddress address(InetSocketAddress socket) {
        return new TransportAddress(Octets.of(socket.getAddress().getAddress()), socket.getPort());
    }

    static InetSocketAddress socket(TransportAddress address) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().toArray()), address.port());
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 or 16 octets is one", e);
        }
    }

    /// Media may also come from where the call signalling comes from.
    void peer(InetAddress address) {
        sessions.values().forEach(s -> s.announce(address));
    }

    /// The call goes elsewhere, with the same ports and the same application.
    synchronized void startOver(InetAddress address) {
        for (var kind : sessions.keySet()) {
            stopSending(kind);
            stopReceiving(kind);
            session(kind).startOver();
        }
        ready = false;
        peer(address);
    }

    /// How long nothing has come, neither media nor reports, of the kind that came last; empty when nothing has come at all.
    CompletionStage<Optional<Duration>> silentFor() {
        CompletionStage<Optional<Duration>> shortest = CompletableFuture.completedFuture(Optional.empty());
        for (var session : sessions.values()) {
            shortest = shortest.thenCombine(session.silence(), (least, silence) ->
                    Stream.concat(least.stream(), silence.stream()).min(Duration::compareTo));
        }
        return shortest;
    }

    synchronized void play(CallMedia application) {
        media = Optional.of(application);
        sends.values().forEach(this::start);
        receives.values().forEach(this::start);
    }

    /// The call is connected: from now on we send.
    synchronized void connected() {
        ready = true;
        sends.values().forEach(this::start);
    }

    synchronized void send(Effect.SendMedia send) {
        sends.put(send.kind(), send);
        session(send.kind()).remote(Optional.of(socket(send.rtp())), send.rtcp().map(Streams::socket));
        start(send);
    }

    synchronized void receive(Effect.ReceiveMedia receive) {
        receives.put(receive.kind(), receive);
        session(receive.kind()).remote(Optional.empty(), receive.peerRtcp().map(Streams::socket));
        start(receive);
    }

    private void start(Effect.SendMedia send) {
        if (media.isEmpty() || !ready) {
            return;
        }
        var session = session(send.kind());
        if (send.kind() == Codec.Kind.AUDIO) {
            session.startSending(audio(send.format(), send.payloadType()), shared(media.get().play()), OptionalInt.empty());
        } else {
            media.get().pictures().ifPresent(source -> session.startSending(video(send.format(), send.payloadType()), shared(source)));
        }
    }

    private void start(Effect.ReceiveMedia receive) {
        if (media.isEmpty()) {
            return;
        }
        var session = session(receive.kind());
        if (receive.kind() == Codec.Kind.AUDIO) {
            session.startReceiving(audio(receive.format(), receive.payloadType()), sharedSink(media.get().record()), telephoneEvents);
        } else {
            media.get().screen().ifPresent(sink -> session.startReceiving(video(receive.format(), receive.payloadType()), sink::write));
        }
    }

    /// A channel may close and another one open while the application's source and sink live on.
    private static AudioSource shared(AudioSource source) {
        return source::read;
    }

    private static AudioSink sharedSink(AudioSink sink) {
        return new AudioSink() {
            @Override
            public void write(short[] samples) throws IOException {
                sink.write(samples);
            }

            @Override
            public void missing(int samples) throws IOException {
                sink.missing(samples);
            }
        };
    }

    private static VideoSource shared(VideoSource source) {
        return new VideoSource() {
            @Override
            public Optional<VideoFrame> next() throws IOException {
                return source.next();
            }

            @Override
            public double rate() {
                return source.rate();
            }

            @Override
            public void refresh() {
                source.refresh();
            }

            @Override
            public void limit(OptionalLong bitsPerSecond) {
                source.limit(bitsPerSecond);
            }
        };
    }

    synchronized void stopSending(Codec.Kind kind) {
        sends.remove(kind);
        session(kind).stopSending();
    }

    synchronized void stopReceiving(Codec.Kind kind) {
        receives.remove(kind);
        session(kind).stopReceiving();
    }

    synchronized void refreshPicture() {
        Optional.ofNullable(sessions.get(Codec.Kind.VIDEO)).ifPresent(MediaSession::refreshPicture);
    }

    /// @param rate in units of 100 bit/s
    synchronized void limit(Codec.Kind kind, Optional<Integer> rate) {
        var limit = rate.map(r -> OptionalLong.of(100L * r)).orElseGet(OptionalLong::empty);
        Optional.ofNullable(sessions.get(kind)).ifPresent(s -> s.limit(limit));
    }

    synchronized void press(String keys, int payloadType) {
        session(Codec.Kind.AUDIO).press(keys, payloadType);
    }

    private MediaSession session(Codec.Kind kind) {
        var session = sessions.get(kind);
        if (session == null) {
            throw new IllegalStateException("no session for " + kind);
        }
        return session;
    }

    private static MediaFormat.Audio audio(Capability format, int payloadType) {
        return new MediaFormat.Audio(format.codec() == Codec.G711_ALAW ? G711.A_LAW : G711.MU_LAW, payloadType,
                8 * Math.max(1, Math.min(USUAL_MILLIS, format.frames())));
    }

    private static MediaFormat.Video video(Capability format, int payloadType) {
        return format.codec() == Codec.H264 ? new MediaFormat.H264(payloadType, format.nonInterleaved())
                : new MediaFormat.H263(payloadType, payloadType == 34);
    }

    Optional<CompletionStage<MediaFigures>> figures(Codec.Kind kind) {
        return Optional.ofNullable(sessions.get(kind)).map(MediaSession::figures);
    }

    /// Says goodbye on RTCP, and closes the application's media.
    @Override
    public void close() {
        for (var session : sessions.values()) {
            session.close();
            session.ended().toCompletableFuture().join();
        }
        loop.stop();
        media.ifPresent(m -> {
            close(m.play());
            close(m.record());
            m.pictures().ifPresent(Streams::close);
            m.screen().ifPresent(Streams::close);
        });
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception _) {
            // The call is over; what the application's own part says at its end does not change that.
            return;
        }
    }
}
