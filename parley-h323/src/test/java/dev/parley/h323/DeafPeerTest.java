package dev.parley.h323;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A peer that asks without end and never reads an answer: our writes wait for it once all buffers between us are full.
@Timeout(120)
class DeafPeerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration NEVER = Duration.ofHours(1);

    private final LinkedBlockingQueue<H323Call> calls = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Effect> written = new LinkedBlockingQueue<>();

    private H323Endpoint callee(Duration writeLimit) throws IOException {
        return H323Endpoint.open(Settings.of("bob", new InetSocketAddress(HERE, 0)).withWriteLimit(writeLimit), call -> {
            call.listen(effect -> {
                if (effect instanceof Effect.SendSignal) {
                    written.add(effect);
                }
            });
            calls.add(call);
        });
    }

    private static Octets setup() throws IOException {
        try (var in = Pdu.class.getResourceAsStream("captured-calls.txt")) {
            var line = new String(in.readAllBytes(), US_ASCII).lines().filter(l -> l.startsWith("fast-tunnelled h225 a")).findFirst().orElseThrow();
            return Octets.ofHex(line.substring(line.lastIndexOf(' ') + 9));
        }
    }

    private static byte[] inquiry(FirstMessage setup) {
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL))
                .with("callIdentifier", Value.struct().with("guid", setup.call().orElseThrow()));
        return Tpkt.wrap(new Q931(setup.message().callReference(), false, MessageType.STATUS_INQUIRY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("statusInquiry", body)).with("h245Tunnelling", true)))))).encode());
    }

    /// Returns at once and floods until the connection breaks.
    private static Socket flood(H323Endpoint callee) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(callee.address(), 30_000);
        var inquiry = inquiry(FirstMessage.read(setup()).orElseThrow());
        socket.getOutputStream().write(Tpkt.wrap(setup()));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(inquiry);
                }
            } catch (IOException _) {
                // The callee has closed the connection.
                return;
            }
        });
        return socket;
    }

    private H323Call call() throws InterruptedException {
        var call = calls.poll(60, TimeUnit.SECONDS);
        assertThat(call).isNotNull();
        return call;
    }

    private static CallEnd end(H323Call call) throws Exception {
        var end = call.callEnd().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(call.ended().toCompletableFuture().get(60, TimeUnit.SECONDS)).isNotNull();
        return end;
    }

    @Test
    void aPeerThatDoesNotReadLosesItsCall() throws Exception {
        try (var bob = callee(Duration.ofMillis(300)); var _ = flood(bob)) {
            var call = call();

            assertThat(end(call)).isInstanceOf(CallEnd.Lost.class).extracting(CallEnd::words).asString().contains("the peer does not read");
            assertThat(bob.callsNow()).isZero();
        }
    }

    @Test
    void anAbortDoesNotWaitForAPeerThatDoesNotRead() throws Exception {
        try (var bob = callee(NEVER); var _ = flood(bob)) {
            var call = call();
            awaitFullBuffers();

            call.abort("enough");

            end(call);
            assertThat(bob.callsNow()).isZero();
        }
    }

    /// A release may take longer than the write that it waits for.
    @Test
    @Tag("slow")
    void aReleaseSeesTheEndOfACallWhosePeerDoesNotRead() throws Exception {
        try (var bob = callee(Duration.ofSeconds(12)); var _ = flood(bob)) {
            var call = call();
            awaitFullBuffers();

            call.release();

            assertThat(call.ended().toCompletableFuture()).isCompleted();
        }
    }

    /// The call's thread is in a write that waits for ever, and what may wait for it does: wishes to end the call have their place all the same.
    @Test
    void aWishToEndTheCallNeverWaits() throws Exception {
        try (var bob = callee(NEVER); var _ = flood(bob)) {
            var call = call();
            awaitFullBuffers();

            for (int i = 0; i < 2 * Inbox.MOST_FROM_OUTSIDE; i++) {
                call.hangUp(Cause.NORMAL_CLEARING);
                call.forward(List.of("carol"));
            }

            assertThat(call.ended().toCompletableFuture()).isNotCompleted();
            call.abort("enough");
            end(call);
        }
    }

    /// Until no write has ended for a while. Should a slow machine let it return too early, the abort must end the call all the same.
    private void awaitFullBuffers() throws InterruptedException {
        assertThat(written.poll(60, TimeUnit.SECONDS)).isNotNull();
        while (written.poll(500, TimeUnit.MILLISECONDS) != null) {
            written.clear();
        }
    }
}
