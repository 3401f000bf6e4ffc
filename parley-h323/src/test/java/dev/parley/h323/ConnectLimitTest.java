package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.h323.media.Tone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A host where nobody takes the connection, and nobody refuses it: its queue of connections is full.
@Tag("slow")
@Timeout(120)
class ConnectLimitTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final ServerSocket deaf = new ServerSocket(0, 1, HERE);
    private final List<Socket> queued = new ArrayList<>();

    ConnectLimitTest() throws IOException {}

    @BeforeEach
    void fill() throws IOException {
        for (boolean room = true; room && queued.size() < 100; ) {
            var socket = new Socket();
            try {
                socket.connect(deaf.getLocalSocketAddress(), 1_000);
                queued.add(socket);
            } catch (SocketTimeoutException e) {
                socket.close();
                room = false;
            }
        }
        assertThat(queued).hasSizeLessThan(100);
    }

    @AfterEach
    void close() throws IOException {
        for (var socket : queued) {
            socket.close();
        }
        deaf.close();
    }

    /// The system itself would try for two minutes.
    @Test
    void aCallIsGivenUpAndItsPlaceIsFreeAgain() throws IOException {
        var settings = Settings.of("alice", new InetSocketAddress(HERE, 0)).withMostCalls(1);
        try (var alice = H323Endpoint.open(settings, _ -> { }); var bob = H323Endpoint.open(Settings.of("bob", new InetSocketAddress(HERE, 0)),
                call -> call.answer(CallMedia.sound(Tone.silence(), _ -> { })))) {
            var media = CallMedia.sound(Tone.silence(), _ -> { });

            assertThatThrownBy(() -> alice.call(CallRequest.to((InetSocketAddress) deaf.getLocalSocketAddress(), List.of()), media, _ -> { }))
                    .isInstanceOf(SessionException.ConnectionLost.class).hasMessageContaining("timed out");

            assertThat(alice.callsNow()).isZero();
            alice.call(CallRequest.to(bob.address(), List.of()), media, _ -> { }).awaitAnswer(CountedTalk.LIMIT);
        }
    }
}
