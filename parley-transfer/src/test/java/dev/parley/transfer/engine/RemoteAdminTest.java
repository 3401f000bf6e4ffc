package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.Tap;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.admin.SessionInfo;
import dev.parley.transfer.admin.StoreAdmin;
import dev.parley.transfer.engine.TransferEvent.Token.State;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Administration and flow tokens of a server over real sockets and TLS.
@Timeout(120)
class RemoteAdminTest {
    @TempDir
    Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private SqliteStore store;
    private Identity identity;
    private TransferServer server;
    private Tcp.Listener listener;

    @BeforeEach
    void serve() throws IOException {
        store = SqliteStore.open(folder.resolve("server"));
        identity = Identity.in(folder.resolve("server"));
        for (var name : List.of("alice", "bob")) {
            store.putUser(Credentials.derive(name, "secret".toCharArray(), "", true, true, 0));
        }
        var root = Credentials.derive("root", "secret".toCharArray(), "", false, false, 0);
        store.putUser(new Store.User(root.name(), root.salt(), root.iterations(), root.storedKey(), root.serverKey(), "", false, false, 0, true));
        Files.createDirectories(folder.resolve("inbox"));
        server = new TransferServer(
                store, new OsDisk(), folder.resolve("inbox"), identity, FlowRules.DEFAULT.withHeavy(1_000_000), (_, _) -> {}, log::add);
        listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(Tls.server(identity.key(), identity.certificate())), 20, server::connection);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        store.close();
    }

    private Optional<Tls> tls() {
        return Optional.of(Tls.client(c -> Identity.fingerprint(c).equals(identity.fingerprint())));
    }

    private RemoteAdmin admin(String user) {
        return admin(user, new LinkedBlockingQueue<>());
    }

    private RemoteAdmin admin(String user, BlockingQueue<TransferEvent.Token> tokens) {
        return RemoteAdmin.connect(listener.address(), tls(), user, "secret".toCharArray(), tokens::add, Tap.NONE);
    }

    /// A session of alice that is stuck in the middle: her file is large, and its token is held by somebody else.
    private CompletableFuture<TransferClient.Result> stuck(String user, String name) throws Exception {
        var file = Files.write(folder.resolve(name), new byte[2_000_000]);
        var waits = new CompletableFuture<Boolean>();
        var result = new CompletableFuture<TransferClient.Result>();
        Thread.ofVirtual().start(() -> {
            try (var mine = SqliteStore.open(folder.resolve("client-" + name))) {
                var job = new TransferClient.Job("send", listener.address(), tls(), user, "secret".toCharArray(), false, "", Target.OnExists.FAIL,
                        Source.below(file), folder, Settings.DEFAULT, Duration.ofSeconds(30));
                result.complete(new TransferClient(mine, new OsDisk(), job, e -> {
                    if (e instanceof TransferEvent.Token) {
                        waits.complete(true);
                    }
                }).run());
            } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        waits.get(20, TimeUnit.SECONDS);
        return result;
    }

    @Test
    void aTokenIsRequestedSeenAndYielded() throws Exception {
        var news = new LinkedBlockingQueue<TransferEvent.Token>();
        try (var first = admin("alice");
                var second = admin("bob", news)) {
            assertThat(first.requestToken(new FlowOptions("video", 4, true))).isTrue();
            assertThat(second.requestToken(new FlowOptions("video", 4, true))).isFalse();

            assertThat(news.poll(20, TimeUnit.SECONDS)).satisfies(token -> {
                assertThat(token.state()).isEqualTo(State.WAITING);
                assertThat(token.place()).isEqualTo(1);
                assertThat(token.holders()).singleElement().asString().startsWith("alice, session ");
            });
            assertThat(second.tokens().classes()).anySatisfy(video -> {
                assertThat(video.name()).isEqualTo("video");
                assertThat(video.holders()).singleElement().satisfies(h -> assertThat(h.holder()).startsWith("alice"));
                assertThat(video.waiters()).singleElement().satisfies(w -> assertThat(w.holder()).startsWith("bob"));
            });
            first.yieldToken();
            assertThat(news.poll(20, TimeUnit.SECONDS)).satisfies(token -> assertThat(token.state()).isEqualTo(State.GRANTED));
        }
    }

    @Test
    void aTokenComesBackWhenItsSessionEndsAndIsAskedForByAMoreUrgentOne() throws Exception {
        var news = new LinkedBlockingQueue<TransferEvent.Token>();
        var urgentNews = new LinkedBlockingQueue<TransferEvent.Token>();
        try (var urgent = admin("bob", urgentNews)) {
            try (var first = admin("alice", news)) {
                first.requestToken(new FlowOptions("bulk", 1, true));
                assertThat(urgent.requestToken(new FlowOptions("bulk", 8, true))).isFalse();
                assertThat(news.poll(20, TimeUnit.SECONDS)).satisfies(token -> assertThat(token.state()).isEqualTo(State.ASKED));
            }
            TransferEvent.Token last = urgentNews.poll(20, TimeUnit.SECONDS);
            while (last != null && last.state() == State.WAITING) {
                last = urgentNews.poll(20, TimeUnit.SECONDS);
            }
            assertThat(last).satisfies(token -> assertThat(token.state()).isEqualTo(State.GRANTED));
        }
    }

    @Test
    void whoWouldNotWaitForATokenIsToldLater() {
        try (var first = admin("alice");
                var second = admin("bob")) {
            first.requestToken(FlowOptions.DEFAULT);

            assertThatThrownBy(() -> second.requestToken(new FlowOptions("bulk", 4, false)))
                    .isInstanceOfSatisfying(RemoteAdmin.Failed.class, e -> assertThat(e.failure()).isEqualTo(Failure.LATER))
                    .hasMessageContaining("is held by alice");
            assertThatThrownBy(() -> first.requestToken(FlowOptions.DEFAULT)).hasMessageContaining("already");
            assertThatThrownBy(second::yieldToken).hasMessageContaining("no flow token");
        }
    }

    @Test
    void sessionsAreListedShownAndCancelledAndTheClientIsToldWhy() throws Exception {
        try (var holder = admin("bob");
                var alice = admin("alice")) {
            holder.requestToken(FlowOptions.DEFAULT);
            var result = stuck("alice", "big");

            var sending = alice.list(false).stream().filter(s -> s.role().equals("send")).toList();
            assertThat(sending).singleElement().satisfies(s -> {
                assertThat(s.user()).isEqualTo("alice");
                assertThat(s.connected()).isTrue();
                assertThat(s.state()).isEqualTo("open");
            });
            long number = sending.getFirst().number();
            assertThat(alice.show(number)).map(SessionInfo.Detail::items).hasValueSatisfying(items -> assertThat(items).isEmpty());
            assertThatThrownBy(() -> holder.show(number)).hasMessageContaining("not one of yours");
            assertThatThrownBy(() -> holder.cancel(number, "")).hasMessageContaining("not one of yours");

            assertThat(alice.cancel(number, "")).isTrue();
            assertThat(result.get(20, TimeUnit.SECONDS)).satisfies(r -> {
                assertThat(r.failure()).contains(Failure.CANCELLED);
                assertThat(r.words()).isEqualTo("cancelled by alice");
            });
            assertThat(store.session(number)).isEmpty();
        }
    }

    @Test
    void onlyAnAdministratorSeesAndEndsWhatOthersHave() throws Exception {
        try (var holder = admin("bob");
                var root = admin("root")) {
            holder.requestToken(FlowOptions.DEFAULT);
            var result = stuck("alice", "big");

            assertThatThrownBy(() -> holder.list(true))
                    .isInstanceOfSatisfying(RemoteAdmin.Failed.class, e -> assertThat(e.failure()).isEqualTo(Failure.REFUSED))
                    .hasMessageContaining("no administrator");
            assertThat(root.list(true)).extracting(SessionInfo::user).contains("alice", "bob", "root");
            var number = root.list(true).stream().filter(s -> s.user().equals("alice")).findFirst().orElseThrow().number();
            root.cancel(number, "");
            assertThat(result.get(20, TimeUnit.SECONDS).words()).isEqualTo("cancelled by root");
        }
    }

    @Test
    void whatNobodyTouchedIsPurgedWithItsUnfinishedFilesAndWhatIsConnectedStays() throws Exception {
        var old = store.newSession("alice", "send", 1000);
        var others = store.newSession("bob", "send", 1000);
        var area = Files.createDirectories(folder.resolve("inbox/.parley"));
        var part = Files.writeString(area.resolve(old.number() + "-x.part"), "unfinished");
        var kept = Files.writeString(area.resolve(others.number() + "-x.part"), "unfinished");
        try (var alice = admin("alice")) {
            assertThat(alice.purge(Duration.ofDays(7), false)).isEqualTo(1);
            assertThat(alice.purge(Duration.ZERO, false)).as("the session that asks is connected").isZero();
        }
        assertThat(part).doesNotExist();
        assertThat(kept).exists();
        var local = new StoreAdmin(store, folder.resolve("inbox"), server, System::currentTimeMillis, Optional.empty());
        assertThat(local.purge(Duration.ofDays(7), true)).as("whoever has the state folder may do everything").isEqualTo(1);
        assertThat(kept).doesNotExist();
    }

    @Test
    void aLongListComesWhole() {
        for (int i = 0; i < 1000; i++) {
            store.newSession("alice", "send", 1_800_000_000_000L + i);
        }
        try (var alice = admin("alice")) {
            assertThat(alice.list(false)).hasSize(1001).extracting(SessionInfo::number).doesNotHaveDuplicates();
        }
    }

    @Test
    void aWrongPasswordAndASilentPortAreToldAsSuch() throws Exception {
        assertThatThrownBy(() -> RemoteAdmin.connect(listener.address(), tls(), "alice", "wrong".toCharArray(), _ -> {}, Tap.NONE))
                .isInstanceOfSatisfying(RemoteAdmin.Failed.class, e -> assertThat(e.failure()).isEqualTo(Failure.REFUSED));
        listener.close();
        assertThatThrownBy(() -> admin("alice"))
                .isInstanceOfSatisfying(RemoteAdmin.Failed.class, e -> assertThat(e.failure()).isEqualTo(Failure.LOST));
    }
}
