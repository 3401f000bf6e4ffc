package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Liveness;
import dev.parley.session.connection.Words;
import dev.parley.session.login.ClientLogin;
import dev.parley.session.login.Identity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One connection at the client: logs in, then sends or receives. Its end is told by [#outcome]; reconnecting is somebody else's business.
public final class ClientSession implements SessionService.User, Conversation.Owner {
    /// What the session does once it is accepted.
    interface Work {
        /// @param number the session's number, to be stored before anything is sent
        Conversation begin(ClientSession session, long number, Settings settings);
    }

    private static final int MOST_EARLY = 8;
    /// How long the words of an abort may take to reach the server.
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Loop loop;
    private final ClientPlan plan;
    private final Work work;
    private final java.util.function.Consumer<TransferEvent> events;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable SessionService service;
    private @Nullable ClientLogin login;
    private volatile @Nullable Conversation conversation;
    private @Nullable Liveness liveness;
    /// Of a get, from the time when the session begins.
    private volatile @Nullable Expecting expecting;
    private boolean stopping;
    /// How it ends once the server has the words of our abort.
    private @Nullable Outcome decided;
    private long resumed;
    private volatile long sentBefore;
    private boolean welcome;
    private String strange = "";
    /// What a sending server says while this side still stores the session's number.
    private final Deque<Indication> early = new ArrayDeque<>();

    ClientSession(Loop loop, ClientPlan plan, Work work, java.util.function.Consumer<TransferEvent> events) {
        this.loop = loop;
        this.plan = plan;
        this.work = work;
        this.events = events;
    }

    public Link.Handler handler() {
        return OsiConnection.initiator(loop, OsiLimits.DEFAULT, this);
    }

    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    public Loop loop() {
        return loop;
    }

    @Override
    public void ready(SessionService ready) {
        service = ready;
        if (plan.password().length == 0) {
            connect("");
        } else {
            var first = new ClientLogin(ready.security(), plan.user(), plan.password(), plan.fewest());
            login = first;
            connect(first.first());
        }
    }

    private void connect(String message) {
        resumed = plan.resume().applyAsLong(fingerprint());
        service().request(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, Profile.UNITS, Optional.of(1L), Optional.empty(),
                Profile.all(isGet() ? Token.Side.ACCEPTOR : Token.Side.ACCEPTOR_CHOOSES), Json.encode(plan.words(message, resumed))));
        service().flush();
    }

    private boolean isGet() {
        return plan.role().equals("get");
    }

    @Override
    public void indication(Indication indication) {
        if (liveness != null) {
            liveness.heard();
        }
        if (decided != null) {
            // Our abort is on its way: nothing else counts any more.
            return;
        }
        try {
            switch (indication) {
                case Indication.Refused r -> refused(r);
                case Indication.Accepted a -> accepted(a.selected(), Json.decode(a.userData()));
                case Indication.TypedData t -> typed(t.userData());
                case Indication.UserAbort a -> aborted(a.userData());
                case Indication.ProviderAbort a -> gone(a.reason());
                default -> {
                    if (conversation != null) {
                        deliver(conversation, indication);
                    } else if (early.size() < MOST_EARLY) {
                        early.add(indication);
                    } else {
                        fail(Failure.OTHER, "the server sent more than " + MOST_EARLY + " SPDUs before the session began here");
                    }
                }
            }
        } catch (SessionException e) {
            fail(Failure.OTHER, String.valueOf(e.getMessage()));
        }
    }

    private void deliver(Conversation side, Indication indication) {
        expecting().ifPresent(Expecting::heard);
        switch (indication) {
            case Indication.TokensGiven _ -> side.turn(true);
            case Indication.TokensPlease _ -> side.turn(false);
            default -> side.indication(indication);
        }
        if (stopping && indication instanceof Indication.ActivityInterrupt) {
            // All that the server had sent is confirmed.
            stopped();
        }
    }

    /// A sign of life, words about the flow token, or remarks.
    private void typed(ByteBuffer octets) {
        if (octets.remaining() > 1) {
            var words = Json.decode(octets);
            Remarks.read(words).forEach(this::event);
            FlowWords.read(words).ifPresent(token -> {
                expecting().ifPresent(e -> e.token(token.state()));
                event(token);
            });
        }
    }

    @Override
    public boolean hasTurn() {
        return service().owns(Token.DATA);
    }

    @Override
    public void turnEnds() {
        service().request(new Request.GiveTokens(FlowGate.ALL, Spdu.NO_DATA));
        service().flush();
    }

    private void refused(Indication.Refused r) {
        welcome = true;
        if (r.reason() != 2) {
            finish(new Outcome.Failed(Failure.REFUSED, "the server refused the connection, reason " + r.reason()));
            return;
        }
        var words = Json.decode(r.userData());
        var door = login;
        if (!words.has("scram") || door == null || door.answered()) {
            var said = Words.plain(words.path("words").asText("the server refused the login"));
            finish(words.path("forgotten").asBoolean() && resumed != 0
                    ? new Outcome.Forgotten(said) : new Outcome.Failed(Failure.of(words.path("code").asInt(), Failure.REFUSED), said));
            return;
        }
        try {
            connect(door.answer(Json.text(words, "scram")));
        } catch (SessionException.Refused e) {
            finish(new Outcome.Failed(Failure.REFUSED, String.valueOf(e.getMessage())));
        }
    }

    private void accepted(Set<FunctionalUnit> services, JsonNode words) {
        welcome = true;
        if (login != null) {
            try {
                login.verify(Json.text(words, "scram"));
            } catch (SessionException.Refused e) {
                fail(Failure.REFUSED, String.valueOf(e.getMessage()));
                return;
            }
        }
        var settings = Settings.read(words);
        if (!settings.isWithin(plan.settings())) {
            throw new SessionException.ProtocolViolation("the server wants more than it was asked for: " + settings + ", not " + plan.settings());
        }
        long number = Json.number(words, "session", 1, Long.MAX_VALUE);
        sentBefore = words.path("sent").asLong(0);
        // From now on the server wants signs of life, also while a slow disk stores the number.
        BooleanSupplier busy = () -> Optional.ofNullable(conversation).map(Conversation::isBusy).orElse(false);
        liveness = new Liveness(loop, service(), settings.keepalive(), busy, () -> {
            gone("nothing was heard of the server for " + settings.keepalive().toSeconds() + " s");
            service().disconnect();
        });
        loop.offload(() -> work.begin(this, number, settings), (side, failure) -> {
            if (outcome.isDone()) {
                return;
            }
            if (failure != null || side == null) {
                fail(Failure.ofBeginning(failure),
                        "the session could not begin: " + (failure == null ? "" : failure.getMessage()));
                return;
            }
            conversation = side;
            event(new TransferEvent.Connected(
                    number, service().peer(), service().security().protocol(), settings, Profile.names(services), !isGet()));
            expecting = isGet() ? new Expecting(loop, side) : null;
            side.start();
            for (var indication = early.poll(); indication != null; indication = early.poll()) {
                deliver(side, indication);
            }
        });
    }

    private void aborted(ByteBuffer reason) {
        var words = Remarks.ofAbort(reason);
        finish(new Outcome.Failed(Failure.ofAbort(words),
                Words.plain(words.path("words").asText("the server aborted without a reason"))));
    }

    @Override
    public void malformed(String peer, String words) {
        strange = words;
    }

    private void gone(String reason) {
        var how = decided;
        finish(how != null ? how : strange.isEmpty() || welcome ? new Outcome.Lost(reason) : new Outcome.Strange(strange));
    }

    /// The fingerprint of the server: of its certificate, or on a plain connection the one that it proved in the login.
    Optional<String> server() {
        return service().security().peerCertificate().map(Identity::fingerprint).or(() -> login == null ? Optional.empty() : login.server());
    }

    /// Under which name this side keeps what it knows of the server.
    public String fingerprint() {
        return server().orElse("unknown");
    }

    /// Octets of files that the server had sent in this session before; 0 when it does not send, or not say so.
    long sentBefore() {
        return sentBefore;
    }

    @Override
    public void writable() {
        if (conversation != null && decided == null) {
            conversation.writable();
        }
    }

    @Override
    public void closed(String reason) {
        gone(reason);
    }

    /// Ends the connection from our side; what is confirmed is kept. What was sent is confirmed first, if that is done soon.
    public void stop() {
        loop.execute(() -> {
            if (outcome.isDone() && service != null) {
                service.disconnect();
            } else if (conversation instanceof Sending sending) {
                loop.schedule(ServerSession.DRAIN, this::stopped);
                sending.stop();
            } else if (conversation != null && isGet() && !stopping) {
                askForTheEnd();
            } else {
                stopped();
            }
        });
    }

    /// The server, which sends, has the tokens: to ask for them is to ask for the end of its turn.
    private void askForTheEnd() {
        stopping = true;
        try {
            service().request(new Request.PleaseTokens(FlowGate.ALL, Spdu.NO_DATA));
            service().flush();
            loop.schedule(ServerSession.DRAIN, this::stopped);
        } catch (SessionException.OutOfSequence _) {
            stopped();
        }
    }

    /// For how long the server has not done anything about what it was sent, or has to send; for ever before the session. From any thread.
    Duration waits() {
        return conversation instanceof Sending sending ? sending.waits() : expecting().map(Expecting::waits).orElse(Duration.ofNanos(Long.MAX_VALUE));
    }

    private Optional<Expecting> expecting() {
        return Optional.ofNullable(expecting);
    }

    /// The server is there and does nothing: the connection counts as lost.
    void giveUp(String reason) {
        loop.execute(() -> {
            if (service != null && !outcome.isDone()) {
                farewell(reason, Failure.LOST, new Outcome.Lost(reason));
            }
        });
    }

    @Override
    public void stopped() {
        if (service == null) {
            finish(new Outcome.Lost("stopped"));
        } else if (!outcome.isDone()) {
            farewell("the client stops; it may come back", Failure.LOST, new Outcome.Lost("stopped"));
        }
    }

    /// The abort tells the server why; then it is over, when the server has heard it or after a while.
    private void farewell(String words, Failure failure, Outcome how) {
        if (decided != null) {
            return;
        }
        decided = how;
        try {
            service().request(new Request.Abort(Json.encode(failure.words(words))));
            service().flush();
            loop.schedule(FAREWELL, () -> {
                finish(how);
                service().disconnect();
            });
        } catch (SessionException.OutOfSequence _) {
            service().disconnect();
            finish(how);
        }
    }

    private void finish(Outcome how) {
        if (outcome.isDone()) {
            return;
        }
        if (liveness != null) {
            liveness.stop();
        }
        expecting().ifPresent(Expecting::stop);
        if (conversation != null) {
            conversation.closed();
        }
        outcome.complete(how);
    }

    @Override
    public SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }

    @Override
    public void event(TransferEvent event) {
        events.accept(event);
    }

    @Override
    public void renew() {
        finish(new Outcome.Lost("the keys of TLS are used up; a new connection has new ones"));
        service().disconnect();
    }

    @Override
    public void done() {
        finish(new Outcome.Done());
    }

    @Override
    public void fail(Failure failure, String words) {
        farewell(words, failure, new Outcome.Failed(failure, words));
    }
}
