package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Tap;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowSnapshot;
import dev.parley.session.login.ClientLogin;
import dev.parley.transfer.admin.AdminWords;
import dev.parley.transfer.admin.SessionAdmin;
import dev.parley.transfer.admin.SessionInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A session of role `admin` with a server: what a user may know and do about sessions, and flow tokens for applications that transmit by other
/// means. Methods block and may be called from any thread; what is refused or lost becomes a [Failed].
public final class RemoteAdmin implements SessionAdmin, AutoCloseable {
    /// A request that came to nothing, by the failure that a command would end with.
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Failure failure;

        Failed(Failure failure, String words) {
            super(words);
            this.failure = failure;
        }

        public Failure failure() {
            return failure;
        }
    }

    private static final int CONNECT_MILLIS = 10_000;

    private final VirtualLoop loop;
    private final ClientSession session;
    private final Side side;

    private RemoteAdmin(VirtualLoop loop, ClientSession session, Side side) {
        this.loop = loop;
        this.session = session;
        this.side = side;
    }

    /// Connects and logs in.
    ///
    /// @param password empty when a client certificate is the login
    /// @param tokens news of a flow token that was asked for; told on the connection's loop, must not block
    /// @param tap stands between the connection and the session
    public static RemoteAdmin connect(
            InetSocketAddress address, Optional<Tls> tls, String user, char[] password, Consumer<TransferEvent.Token> tokens, Tap tap) {
        var loop = VirtualLoop.onPlatformThreads();
        var side = new Side(words -> Failure.ofStranger(where(address), tls.isPresent(), words));
        var plan = new ClientPlan(
                user, password, "admin", "", "fail", _ -> 0, Settings.DEFAULT, FlowOptions.DEFAULT, 0, FileOptions.DEFAULT,
                ClientLogin.FEWEST_ITERATIONS);
        var session = new ClientSession(loop, plan, (client, _, _) -> side.of(client), event -> {
            if (event instanceof TransferEvent.Token t) {
                tokens.accept(t);
            }
        });
        try {
            Tcp.connect(Resolved.of(address), tls, CONNECT_MILLIS, loop, _ -> tap.on(session.handler(), loop));
        } catch (javax.net.ssl.SSLHandshakeException e) {
            loop.stop();
            throw new Failed(Failure.REFUSED, TlsRefusal.words(e));
        } catch (javax.net.ssl.SSLException e) {
            loop.stop();
            throw new Failed(Failure.REFUSED, Failure.ofStranger(where(address), true, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            loop.stop();
            throw new Failed(Failure.LOST, where(address) + ": " + e.getMessage());
        }
        var admin = new RemoteAdmin(loop, session, side);
        session.outcome().thenAccept(side::ended);
        await(side.ready);
        return admin;
    }

    private static String where(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failed failed ? failed : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed(Failure.OTHER, "interrupted");
        }
    }

    private synchronized JsonNode ask(ObjectNode words) {
        var answer = await(side.ask(loop, words));
        if (answer.has("words")) {
            throw new Failed(Failure.of(answer.path("code").asInt(), Failure.OTHER), answer.path("words").asText());
        }
        return answer;
    }

    private static ObjectNode words(String what) {
        return Json.object().put("do", what);
    }

    @Override
    public List<SessionInfo> list(boolean all) {
        var sessions = new ArrayList<SessionInfo>();
        JsonNode answer;
        do {
            var words = words("ls").put("all", all);
            if (!sessions.isEmpty()) {
                words.put("before", sessions.getLast().number());
            }
            answer = ask(words);
            var page = AdminWords.sessions(answer);
            if (!sessions.isEmpty() && page.stream().anyMatch(s -> s.number() >= sessions.getLast().number())) {
                throw new Failed(Failure.OTHER, "the server's list of sessions has no end");
            }
            sessions.addAll(page);
        } while (answer.path("more").asBoolean() && answer.path("sessions").size() > 0);
        return sessions;
    }

    @Override
    public Optional<SessionInfo.Detail> show(long number) {
        return Optional.of(AdminWords.detail(ask(words("show").put("session", number))));
    }

    /// @param words are the server's own here
    @Override
    public boolean cancel(long number, String words) {
        ask(words("cancel").put("session", number));
        return true;
    }

    @Override
    public int purge(Duration untouched, boolean all) {
        return (int) Json.number(
                ask(words("purge").put("untouched", untouched.toSeconds()).put("all", all)), "purged", 0, Integer.MAX_VALUE);
    }

    /// Who holds flow tokens and who waits.
    public FlowSnapshot tokens() {
        return AdminWords.tokens(ask(words("tokens")));
    }

    /// Asks for a flow token. It is this session's until [#yieldToken] or [#close]; news of it go to the listener, also that it should be given.
    ///
    /// @return true when it is granted at once, false when the session waits in the queue
    /// @throws Failed with [Failure#LATER] when it is held and the wish is not to wait
    public boolean requestToken(FlowOptions wish) {
        var words = words("request");
        words.putObject("flow").put("class", wish.flowClass()).put("priority", wish.priority()).put("waits", wish.waits());
        return ask(words).path("granted").asBoolean();
    }

    public void yieldToken() {
        ask(words("yield"));
    }

    /// Completes when the connection is over, for whatever reason.
    public CompletableFuture<String> ended() {
        return side.over;
    }

    /// Releases the session; a token goes back.
    @Override
    public void close() {
        loop.execute(side::release);
        session.outcome().completeOnTimeout(
                new Outcome.Lost("the release was not confirmed"), 5, java.util.concurrent.TimeUnit.SECONDS).join();
        session.stop();
        loop.stop();
    }

    /// The client's side of the session. Futures are made on any thread; the rest happens on the loop.
    private static final class Side implements Conversation {
        private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
        private final CompletableFuture<String> over = new CompletableFuture<>();
        private final UnaryOperator<String> stranger;
        private @Nullable ClientSession owner;
        private @Nullable CompletableFuture<JsonNode> asked;

        /// @param stranger makes words about what answers and is no Parley server
        Side(UnaryOperator<String> stranger) {
            this.stranger = stranger;
        }

        Side of(ClientSession client) {
            owner = client;
            return this;
        }

        CompletableFuture<JsonNode> ask(VirtualLoop loop, ObjectNode words) {
            var answer = new CompletableFuture<JsonNode>();
            over.thenAccept(reason -> answer.completeExceptionally(new Failed(Failure.LOST, reason)));
            loop.execute(() -> {
                asked = answer;
                try {
                    service().request(new Request.CapabilityData(Json.encode(words)));
                    service().flush();
                } catch (SessionException e) {
                    answer.completeExceptionally(new Failed(Failure.OTHER, String.valueOf(e.getMessage())));
                }
            });
            return answer;
        }

        private dev.parley.osi.SessionService service() {
            return java.util.Objects.requireNonNull(owner).service();
        }

        void release() {
            if (owner != null && !over.isDone()) {
                service().request(new Request.Release(false, Spdu.NO_DATA));
                service().flush();
            }
        }

        void ended(Outcome outcome) {
            var failed = switch (outcome) {
                case Outcome.Done _ -> new Failed(Failure.OTHER, "the session is released");
                case Outcome.Failed(var failure, var words) -> new Failed(failure, words);
                case Outcome.Forgotten(var words) -> new Failed(Failure.REFUSED, words);
                case Outcome.Strange(var words) -> new Failed(Failure.REFUSED, stranger.apply(words));
                case Outcome.Lost(var reason) -> new Failed(Failure.LOST, "the connection is lost: " + reason);
            };
            ready.completeExceptionally(failed);
            over.complete(String.valueOf(failed.getMessage()));
        }

        @Override
        public void start() {
            ready.complete(true);
        }

        @Override
        public void indication(Indication indication) {
            switch (indication) {
                case Indication.CapabilityDataConfirm c when asked != null -> asked.complete(Json.decode(c.userData()));
                case Indication.ReleaseConfirm _ -> java.util.Objects.requireNonNull(owner).done();
                default -> java.util.Objects.requireNonNull(owner).fail(
                        Failure.OTHER, "unexpected " + indication.getClass().getSimpleName() + " in a session of role admin");
            }
        }

        @Override
        public void writable() {
            // Requests are short and one at a time.
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public void closed() {
            // The outcome says it.
        }
    }
}
