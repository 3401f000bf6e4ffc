package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Json;
import dev.parley.session.login.ClientLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.jspecify.annotations.Nullable;

/// A peer that logs in and then breaks the rules: its connection ends, nothing of it is stored, and the server goes on with others.
@Timeout(20)
class HostilePeerTest {
    private static final ConversationOptions OPTIONS = ConversationOptions.DEFAULT.message(1000);

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private ConversationServer server;

    @BeforeEach
    void listen() throws IOException {
        Conversations.addUser(folder.resolve("server"), "shop", "secret".toCharArray());
        Conversations.addUser(folder.resolve("server"), "thief", "secret".toCharArray());
        server = Conversations.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder.resolve("server"), OPTIONS, true, c -> {
                    while (c.receive() instanceof Received.Message m) {
                        received.add(m.text());
                        c.acknowledge();
                    }
                    c.release();
                });
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static Arguments deed(String name, Consumer<Peer> deed) {
        return Arguments.of(org.junit.jupiter.api.Named.of(name, deed));
    }

    static Stream<Arguments> deeds() {
        return Stream.of(
                deed("a message number too far", p -> p.message(2, "x").point(2)),
                deed("a message number of the past", p -> p.message(0, "x").point(0)),
                deed("a negative message number", p -> p.message(-1, "x").point(-1)),
                deed("no header", p -> p.raw(new byte[8])),
                deed("an unknown kind", p -> p.raw(new byte[] {9, 0, 0, 0, 0, 0, 0, 0, 1})),
                deed("a negative kind", p -> p.raw(new byte[] {-1, 0, 0, 0, 0, 0, 0, 0, 1})),
                deed("one octet too long", p -> p.message(1, "x".repeat(1001))),
                deed("one message too many without a point", p -> {
                    for (int i = 1; i <= 65; i++) {
                        p.message(i, "x");
                    }
                }),
                deed("a point without messages", p -> p.point(0)),
                deed("a point with another number", p -> p.message(1, "x").point(2)),
                deed("a point without a mark", p -> p.message(1, "x").request(new Request.SyncMinor(true, false, Spdu.NO_DATA))),
                deed("a wrong checksum", p -> p.message(1, "x").damaged(1)),
                deed("an activity-free exception", p -> p.request(new Request.TypedData(ByteBuffer.wrap(new byte[100]))).raw(new byte[1])));
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void aBrokenRuleEndsTheConnectionAndNothingOfItIsStored(Consumer<Peer> deed) throws Exception {
        var peer = new Peer("shop", Json.object());
        assertThat(peer.accepted.get(20, TimeUnit.SECONDS)).isTrue();

        peer.loop.execute(() -> {
            deed.accept(peer);
            peer.service().flush();
        });

        assertThat(peer.closed.get(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(received).isEmpty();
        honestPeerIsServed();
    }

    @Test
    void theLongestMessageAndTheLongestIntervalAreTaken() throws Exception {
        var peer = new Peer("shop", Json.object());
        assertThat(peer.accepted.get(20, TimeUnit.SECONDS)).isTrue();

        peer.loop.execute(() -> {
            for (int i = 1; i <= 64; i++) {
                peer.message(i, "x".repeat(1000));
            }
            peer.point(64);
            peer.service().flush();
        });

        assertThat(peer.confirmed.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void theConversationOfSomebodyElseCannotBeTaken() throws Exception {
        try (var c = Conversations.connect(server.address(), folder.resolve("client"), login(), "orders", OPTIONS)) {
            c.send("mine".getBytes(StandardCharsets.UTF_8));
            c.checkpoint();
            var record = new ArrayList<dev.parley.session.store.ConversationStore.Record>();
            try (var state = StateFolder.open(folder.resolve("client"))) {
                record.addAll(state.conversations().all());
            }

            var thief = new Peer("thief", Json.object().put("key", record.getFirst().key()).put("session", c.session()));

            assertThat(thief.accepted.get(20, TimeUnit.SECONDS)).isFalse();
            c.send("still mine".getBytes(StandardCharsets.UTF_8));
            c.checkpoint();
        }
    }

    @Test
    void malformedNamesOfAConversationAreRefused() throws Exception {
        for (var words : List.of(
                Json.object().put("key", "short"), Json.object().put("name", ""), Json.object().put("name", "x".repeat(201)),
                Json.object().put("received", -1), Json.object().put("message", 0), Json.object().put("keepalive", 1),
                Json.object().put("role", "send"))) {
            assertThat(new Peer("shop", words).accepted.get(20, TimeUnit.SECONDS)).as(words.toString()).isFalse();
        }
        honestPeerIsServed();
    }

    @Test
    void garbageAndConnectionsThatNeverSpeakDoNotDisturbOthers() throws Exception {
        var silent = new ArrayList<Socket>();
        for (int i = 0; i < 200; i++) {
            var socket = new Socket(server.address().getAddress(), server.address().getPort());
            silent.add(socket);
            if (i % 2 == 0) {
                socket.getOutputStream().write(new byte[] {3, 0, (byte) i, 7, 2, (byte) 0xF0, (byte) 0x80, 13, 1, 2, 3});
            }
        }
        honestPeerIsServed();
        for (var socket : silent) {
            socket.close();
        }
    }

    /// Each of them was asked for its proof before the first one had failed.
    @Test
    void manyConnectionsThatBeganTogetherGuessNoMoreThanOneAfterTheOther() throws Exception {
        var peers = new ArrayList<Peer>();
        for (int i = 0; i < 20; i++) {
            peers.add(new Peer("thief", Json.object(), "guess" + i));
        }
        for (var peer : peers) {
            assertThat(peer.asked.get(20, TimeUnit.SECONDS)).isNotEmpty();
        }
        for (var peer : peers) {
            peer.loop.execute(() -> peer.connect(peer.asked.join()));
        }
        var answers = new ArrayList<String>();
        for (var peer : peers) {
            assertThat(peer.accepted.get(20, TimeUnit.SECONDS)).isFalse();
            answers.add(peer.said);
        }

        assertThat(answers).filteredOn(a -> a.contains("is wrong")).hasSize(5);
        assertThat(answers).filteredOn(a -> a.contains("too many")).hasSize(15);
    }

    private void honestPeerIsServed() throws InterruptedException {
        int before = received.size();
        try (var c = Conversations.connect(server.address(), folder.resolve("honest"), login(), "honest", OPTIONS)) {
            c.send("hello".getBytes(StandardCharsets.UTF_8));
            c.checkpoint();
            c.release();
        }
        assertThat(received.size()).isGreaterThan(before);
    }

    private static Login login() {
        return Login.of("shop", "secret".toCharArray()).inPlainText();
    }

    /// Logs in as it should, and then does what it is told.
    private final class Peer implements SessionService.User {
        private final VirtualLoop loop = new VirtualLoop("hostile");
        private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();
        private final CompletableFuture<Long> confirmed = new CompletableFuture<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final CRC32C check = new CRC32C();
        private final com.fasterxml.jackson.databind.node.ObjectNode words;
        private final CompletableFuture<String> asked = new CompletableFuture<>();
        private final String user;
        private final String password;
        private volatile String said = "";
        private @Nullable SessionService service;
        private @Nullable ClientLogin login;

        Peer(String user, com.fasterxml.jackson.databind.node.ObjectNode different) throws IOException {
            this(user, different, "secret");
        }

        /// @param password with another one than the right one it waits with its proof
        Peer(String user, com.fasterxml.jackson.databind.node.ObjectNode different, String password) throws IOException {
            this.user = user;
            this.password = password;
            words = Json.object().put("v", 1).put("role", "talk").put("name", "x").put("key", "0123456789abcdef0123456789abcdef")
                    .put("session", 0).put("received", 0).put("message", 1000).put("keepalive", 30_000);
            words.setAll(different);
            Tcp.connect(server.address(), Optional.empty(), 5000, loop, l -> OsiConnection.initiator(l, OsiLimits.DEFAULT, this));
        }

        @Override
        public void ready(SessionService ready) {
            service = ready;
            login = new ClientLogin(ready.security(), user, password.toCharArray());
            connect(login.first());
        }

        private void connect(String message) {
            service().request(new Request.Connect(
                    ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, Line.UNITS, Optional.of(1L), Optional.empty(),
                    Line.tokens(Token.Side.ACCEPTOR_CHOOSES), Json.encode(words.put("scram", message))));
            service().flush();
        }

        @Override
        public void indication(Indication indication) {
            switch (indication) {
                case Indication.Refused r when r.transportKept() -> {
                    var proof = java.util.Objects.requireNonNull(login).answer(Json.text(Json.decode(r.userData()), "scram"));
                    asked.complete(proof);
                    if (password.equals("secret")) {
                        connect(proof);
                    }
                }
                case Indication.Refused r -> {
                    said = Json.decode(r.userData()).path("words").asText();
                    accepted.complete(false);
                }
                case Indication.Accepted _ -> accepted.complete(true);
                case Indication.SyncMinorConfirm c -> confirmed.complete(c.serial());
                default -> {}
            }
        }

        @Override
        public void writable() {
            // Little is sent.
        }

        @Override
        public void closed(String reason) {
            accepted.complete(false);
            closed.complete(reason);
        }

        Peer request(Request request) {
            service().request(request);
            return this;
        }

        Peer raw(byte[] octets) {
            return request(new Request.Data(ByteBuffer.wrap(octets)));
        }

        Peer message(long number, String text) {
            var body = text.getBytes(StandardCharsets.UTF_8);
            var octets = ByteBuffer.allocate(9 + body.length).put((byte) 0).putLong(number).put(body).array();
            check.update(octets);
            return raw(octets);
        }

        Peer point(long number) {
            return mark(number, (int) check.getValue());
        }

        Peer damaged(long number) {
            return mark(number, (int) check.getValue() + 1);
        }

        private Peer mark(long number, int checksum) {
            return request(new Request.SyncMinor(true, false, ByteBuffer.allocate(12).putLong(number).putInt(checksum).flip()));
        }

        SessionService service() {
            return java.util.Objects.requireNonNull(service);
        }
    }
}
