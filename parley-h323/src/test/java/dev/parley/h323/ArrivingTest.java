package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that say nothing: so many may wait, and for so long.
@Timeout(120)
class ArrivingTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofHours(1);
    private static final int MOST = 1_000;

    private final ArrayDeque<Socket> silent = new ArrayDeque<>();
    private final LinkedBlockingQueue<H323Call> calls = new LinkedBlockingQueue<>();

    @AfterEach
    void hangUp() throws IOException {
        for (var socket : silent) {
            socket.close();
        }
    }

    private H323Endpoint bob(H323Endpoint.Arriving limits) throws IOException {
        return H323Endpoint.open(Settings.of("bob", new InetSocketAddress(HERE, 0)), Optional.empty(), calls::add, _ -> { }, limits);
    }

    private Socket connect(H323Endpoint to) throws IOException {
        return connect(to, HERE);
    }

    private Socket connect(H323Endpoint to, InetAddress from) throws IOException {
        var socket = new Socket(HERE, to.address().getPort(), from, 0);
        silent.add(socket);
        return socket;
    }

    /// Connections are taken one after the other: when the last one is closed, all before it have their place. Nobody else is locked out.
    @Test
    void fiveHundredOfOneAddressMayWaitAndTheNextOneIsClosedUntilThereIsRoomAgain() throws Exception {
        try (var bob = bob(new H323Endpoint.Arriving(MOST, LONG));
                var alice = H323Endpoint.open(Settings.of("alice", new InetSocketAddress(HERE, 0)), _ -> { })) {
            for (int i = 0; i < MOST / 2; i++) {
                connect(bob);
            }

            connect(bob, InetAddress.ofLiteral("127.0.0.2"));
            assertThat(connect(bob).getInputStream().read()).isEqualTo(-1);

            var first = silent.removeFirst();
            first.close();
            Optional<H323Call> taken = Optional.empty();
            while (taken.isEmpty()) {
                // Its place is free a moment after it is closed.
                var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), _ -> { });
                taken = Optional.ofNullable(calls.poll(500, TimeUnit.MILLISECONDS));
                call.close();
            }
        }
    }

    /// Nobody is told of such a call, and nothing is left of it.
    @Test
    void whoeverSendsABrokenSetupHearsWhy() throws Exception {
        try (var bob = bob(new H323Endpoint.Arriving(MOST, LONG))) {
            var socket = connect(bob);

            socket.getOutputStream().write(Tpkt.wrap(Octets.ofHex("0802123405" + "28ff41")));

            var octets = socket.getInputStream().readAllBytes();
            var release = Q931.decode(new Tpkt().read(octets, 0, octets.length).getFirst());
            assertThat(release.messageType()).contains(MessageType.RELEASE_COMPLETE);
            assertThat(release.callReference()).isEqualTo(0x1234);
            assertThat(release.cause()).contains(Cause.INVALID_CONTENTS);
            while (bob.callsNow() > 0) {
                Thread.onSpinWait();
            }
            assertThat(calls).isEmpty();
        }
    }

    @Test
    void whoSaysNothingInTimeIsClosed() throws Exception {
        try (var bob = bob(new H323Endpoint.Arriving(MOST, Duration.ofMillis(100)))) {
            assertThat(connect(bob).getInputStream().read()).isEqualTo(-1);
        }
    }
}
