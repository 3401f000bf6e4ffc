package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.SqliteConversations;
import dev.parley.session.talk.Received.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Conversations over real sockets on loopback, with real stores, for the tests of them.
@Timeout(60)
abstract class TalkOverLoopback {
    static final ConversationOptions QUICK = ConversationOptions.DEFAULT.patience(Duration.ofSeconds(20));

    @TempDir
    Path folder;

    final List<ConversationServer> servers = new ArrayList<>();
    final BlockingQueue<Conversation> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<Received> ends = new LinkedBlockingQueue<>();

    @BeforeEach
    void user() {
        Conversations.addUser(folder.resolve("server"), "shop", "secret".toCharArray());
    }

    @AfterEach
    void close() throws IOException {
        for (var server : servers) {
            server.close();
        }
    }

    void echo(Conversation c) throws InterruptedException {
        accepted.add(c);
        while (true) {
            switch (c.receive()) {
                case Message m -> c.send(("re " + m.text()).getBytes());
                case Received.TurnGiven _ -> {}
                case Received.TurnAsked _ -> c.giveTurn();
                case Received.ReleaseAsked asked -> {
                    c.release();
                    ends.add(asked);
                    return;
                }
                case Received.Released end -> {
                    ends.add(end);
                    return;
                }
                case Received.Aborted end -> {
                    ends.add(end);
                    return;
                }
            }
        }
    }

    void sink(Conversation c) throws InterruptedException {
        while (c.receive() instanceof Message) {
            c.acknowledge();
        }
        c.release();
    }

    static void send(Conversation c, int count) {
        try {
            for (int i = 1; i <= count; i++) {
                c.send(("m" + i).getBytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void receive(Conversation c, int count) throws InterruptedException {
        for (int i = 1; i <= count; i++) {
            assertThat(next(c)).isEqualTo(i + ":m" + i);
        }
    }

    static String next(Conversation c) throws InterruptedException {
        var received = c.receive(Duration.ofSeconds(20)).orElseThrow();
        assertThat(received).isInstanceOf(Message.class);
        var message = (Message) received;
        return message.number() + ":" + message.text();
    }

    List<dev.parley.session.store.ConversationStore.Record> records(String side) {
        try (var store = SqliteConversations.open(folder.resolve(side))) {
            return store.all();
        }
    }

    ConversationServer listen(Conversations.Application application) throws IOException {
        return listen(QUICK, application);
    }

    ConversationServer listen(ConversationOptions options, Conversations.Application application) throws IOException {
        var server = Conversations.listen(loopback(), folder.resolve("server"), options, false, application);
        servers.add(server);
        return server;
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static Login login(String user, String password, ConversationServer server) {
        return Login.of(user, password.toCharArray()).fingerprint(server.fingerprint());
    }

    Conversation connect(InetSocketAddress address) throws InterruptedException {
        return connect(address, Login.of("shop", "secret".toCharArray()), "orders");
    }

    Conversation connect(InetSocketAddress address, Login login, String name) throws InterruptedException {
        return connect(address, login, name, QUICK);
    }

    Conversation connect(InetSocketAddress address, Login login, String name, ConversationOptions options)
            throws InterruptedException {
        return Conversations.connect(address, folder.resolve("client"), login, name, options);
    }
}
