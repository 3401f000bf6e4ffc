package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Lease;
import dev.parley.session.connection.Liveness;
import dev.parley.session.login.ServerLogin;
import dev.parley.session.store.Store;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection at the server: the login in two CONNECTs on one transport, then a receiving or a sending side. No session exists before the
/// credentials are checked.
public final class ServerSession implements SessionService.User, Conversation.Owner {
    /// How long what was sent may take to be confirmed when one side stops.
    static final Duration DRAIN = Duration.ofSeconds(5);

    private final TransferServer server;
    private final Loop loop;
    private final Lease lease = new Lease();
    private @Nullable SessionService service;
    private @Nullable ServerLogin login;
    private @Nullable Conversation conversation;
    private @Nullable Liveness liveness;
    private volatile Store.@Nullable Session session;
    private Inbox.Room room = UserRoom.UNLIMITED;
    private @Nullable FlowGate gate;
    private @Nullable ServerSession overtaken;
    private Departure departure = Departure.LOST;
    private final SentCount sent = new SentCount();
    /// Why this side ends when all that was sent is confirmed.
    private String draining = "";
    /// This side sends files: then its queue is full by nature.
    private boolean sends;
    private boolean over;
    /// The conversation has ended, the connection perhaps not yet.
    private boolean quiet;

    ServerSession(TransferServer server, Loop loop) {
        this.server = server;
        this.loop = loop;
    }

    @Override
    public void ready(SessionService ready) {
        service = ready;
    }

    @Override
    public void indication(Indication indication) {
        if (liveness != null) {
            liveness.heard();
        }
        if (!sends && !service().isWritable()) {
            // It does not read our answers: then nothing more is read from it until it does.
            service().setReading(false);
        }
        try {
            switch (indication) {
                case Indication.Connect c -> connect(Json.decode(c.userData()));
                case Indication.TypedData _ -> {}
                case Indication.TokensGiven _ -> {
                    if (gate != null) {
                        gate.returned();
                    }
                }
                case Indication.TokensPlease _ when sends -> drain("the client stops");
                case Indication.UserAbort a -> aborted(Remarks.ofAbort(a.userData()));
                case Indication.ProviderAbort a -> log("aborted: " + a.reason());
                default -> {
                    if (conversation != null && !quiet) {
                        conversation.indication(indication);
                    }
                }
            }
        } catch (SessionException e) {
            fail(Failure.OTHER, String.valueOf(e.getMessage()));
        }
    }

    private void aborted(JsonNode words) {
        log("the client aborted: " + words.path("words").asText("it gave no reason"));
        departure = Departure.of(Failure.ofAbort(words));
    }

    private void connect(JsonNode words) {
        var door = login;
        if (door == null) {
            door = new ServerLogin(server.gate(), loop, service());
            login = door;
        }
        Optional<ServerLogin.Entered> entered;
        try {
            entered = door.connect(words);
        } catch (SessionException.Refused e) {
            refuse(e);
            return;
        }
        entered.ifPresent(who -> loop.offload(
                () -> new Admission(server, loop.wallMillis()).begin(who.user(), words), (begun, failure) -> {
                    if (begun != null && !over) {
                        accept(begun, who.serverFinal());
                    } else if (begun != null) {
                        leave(begun);
                        loop.offload(() -> {
                            server.rooms().leave(begun.room());
                            return true;
                        }, (_, _) -> {});
                    } else if (failure != null) {
                        refuse(failure);
                    }
                }));
    }

    private void accept(Admission.Begun begun, Optional<String> serverFinal) {
        session = begun.session();
        room = begun.room();
        sends = begun.sends();
        if (!server.register(begun.session().number(), this)) {
            refuse("a newer connection has taken over the session", Failure.ABORTED, false);
            return;
        }
        var flow = begun.flow().map(request -> new FlowGate(server.flows(), loop, this, request)).orElse(null);
        gate = flow;
        var obstacle = flow == null ? Optional.<String>empty() : flow.ask();
        if (overtaken != null) {
            // Only now: its flow token has come to this connection.
            overtaken.fence();
        }
        if (obstacle.isPresent()) {
            later(begun, obstacle.get());
            return;
        }
        boolean clientBegins = !begun.sends() && (flow == null || flow.isAdmitted());
        var settings = begun.settings();
        var answer = settings.write(Json.object().put("session", begun.session().number()));
        serverFinal.ifPresent(proof -> answer.put("scram", proof));
        if (sends) {
            sent.atLeast(begun.sent());
            answer.put("sent", begun.sent());
        }
        var number = ByteBuffer.allocate(8).putLong(begun.session().number()).flip();
        service().request(new Request.Accept(
                new ConnectionIdentifier(Optional.empty(), Optional.of(number), Optional.empty()), Spdu.NO_DATA, Profile.UNITS,
                Optional.empty(), Optional.empty(), Profile.all(clientBegins ? Token.Side.REQUESTOR : Token.Side.ACCEPTOR), Set.of(),
                Json.encode(answer)));
        service().flush();
        Remarks.tell(service(), begun.warnings());
        var side = new Sides(server, this, loop, lease).of(begun);
        conversation = side;
        liveness = new Liveness(loop, service(), settings.keepalive(), side::isBusy,
                () -> end("nothing was heard of the peer for " + settings.keepalive().toSeconds() + " s"));
        log("session " + begun.session().number() + " of " + begun.user().name() + " from " + address() + ": " + begun.session().role());
        side.start();
        if (flow != null) {
            flow.begin(service(), begun.sends() ? Optional.of(side) : Optional.empty());
        }
    }

    /// No flow token, and the client would rather not wait.
    private void later(Admission.Begun begun, String words) {
        leave(begun);
        refuse(words, Failure.LATER, false);
    }

    /// A session that had not begun is forgotten.
    private void leave(Admission.Begun begun) {
        if (begun.isNew()) {
            loop.offload(() -> server.store().removeSession(begun.session().number()), (_, _) -> {});
        }
    }

    @Override
    public boolean hasTurn() {
        return gate != null && gate.isAdmitted();
    }

    @Override
    public void turnEnds() {
        if (gate != null) {
            gate.returned();
        }
    }

    private void refuse(Throwable failure) {
        var words = String.valueOf(failure.getMessage());
        switch (failure) {
            case Admission.Forgotten _ -> refuse(words, Failure.REFUSED, true);
            case Admission.NoSource _ -> refuse(words, Failure.SOURCE, false);
            case SessionException.StorageFailure _ -> refuse(words, words.contains("full") ? Failure.LIMIT : Failure.OTHER, false);
            default -> refuse(words, Failure.REFUSED, false);
        }
    }

    private void refuse(String words, Failure failure, boolean forgotten) {
        if (over) {
            return;
        }
        log("refused: " + words);
        var answer = Json.object().put("words", words).put("code", failure.code());
        try {
            service().request(new Request.Refuse(
                    ConnectionIdentifier.NONE, ServerLogin.USER_REFUSES, false, Json.encode(forgotten ? answer.put("forgotten", true) : answer)));
            service().flush();
        } catch (SessionException.OutOfSequence _) {
            // It has aborted in the meantime.
        }
    }

    /// A newer connection takes over: nothing is written any more.
    void revoke() {
        lease.revoke();
    }

    void overtakes(ServerSession old) {
        old.revoke();
        overtaken = old;
    }

    /// A newer connection has taken over: say so, close. Whoever is at the other end must not come back to take it over in turn.
    private void fence() {
        loop.execute(() -> fail(Failure.ABORTED, "a newer connection has taken over the session"));
    }

    /// Which connection of its session this is.
    long epoch() {
        var mine = session;
        return mine == null ? 0 : mine.epoch();
    }

    /// The server ends. The client comes again by itself.
    void stop() {
        loop.execute(() -> drain("the server ends"));
    }

    /// What was sent, by either side, is confirmed first, if that is done soon, so that nothing has to be sent twice.
    private void drain(String reason) {
        draining = reason;
        if (!quiet && conversation instanceof Sending sending) {
            loop.schedule(DRAIN, this::stopped);
            sending.stop();
        } else if (!quiet && conversation instanceof Receiving && gate != null && gate.end()) {
            loop.schedule(DRAIN, this::stopped);
        } else {
            stopped();
        }
    }

    @Override
    public void stopped() {
        lease.revoke();
        end(draining);
    }

    /// Somebody cancelled the session: the client is told by an abort, and nothing is written any more.
    void cancel(String words) {
        lease.revoke();
        loop.execute(() -> fail(Failure.CANCELLED, words));
    }

    /// Its user is none any more. What is confirmed stays as long as that of others.
    void expel(String words) {
        lease.revoke();
        loop.execute(() -> fail(Failure.REFUSED, words));
    }

    private void end(String reason) {
        if (!over) {
            log(reason);
            service().disconnect();
        }
    }

    @Override
    public void malformed(String peer, String words) {
        log("what came from " + peer + " is no session: " + words);
    }

    @Override
    public void writable() {
        if (!sends) {
            service().setReading(true);
        }
        if (conversation != null && !quiet) {
            conversation.writable();
        }
    }

    @Override
    public void closed(String reason) {
        over = true;
        if (liveness != null) {
            liveness.stop();
        }
        quiet();
        if (gate != null) {
            gate.closed();
        }
        var mine = session;
        if (mine != null) {
            server.unregister(mine.number(), this);
            var how = conversation instanceof AdminSide ? Departure.OF_NO_CONSEQUENCE : departure;
            loop.offload(() -> {
                server.rooms().leave(room);
                how.settle(server, mine, loop.wallMillis());
                return true;
            }, (_, _) -> {});
        }
    }

    @Override
    public SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }

    @Override
    public void event(TransferEvent event) {
        var mine = session;
        if (event instanceof TransferEvent.Sent s && gate != null) {
            gate.moved(s.octets());
            if (sends && mine != null) {
                sent.add(s.octets(), loop, all -> server.store().noteSent(mine.number(), all));
            }
        }
        server.event(mine == null ? 0 : mine.number(), event);
    }

    @Override
    public void renew() {
        end("the keys of TLS are used up; the client connects again");
    }

    @Override
    public void done() {
        var ended = session;
        if (gate != null) {
            gate.done();
        }
        if (ended != null) {
            log("session " + ended.number() + " is complete");
            loop.offload(() -> {
                server.store().endSession(ended.number(), "done", loop.wallMillis());
                return true;
            }, (_, _) -> {});
        }
    }

    @Override
    public void fail(Failure failure, String words) {
        if (over) {
            return;
        }
        log(words);
        departure = Departure.of(failure);
        try {
            service().request(new Request.Abort(Json.encode(failure.words(words))));
            service().flush();
        } catch (SessionException.OutOfSequence _) {
            service().disconnect();
        }
        quiet();
    }

    /// Nothing more is sent or received, once.
    private void quiet() {
        var side = conversation;
        if (side != null && !quiet) {
            quiet = true;
            side.closed();
        }
    }

    private String address() {
        return login == null ? "" : login.address();
    }

    private void log(String words) {
        server.log(words);
    }
}
