package dev.parley.session.talk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
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
import dev.parley.session.login.ClientLogin;
import dev.parley.session.login.Identity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One connection at the connecting side: the login, then a [Line]. With a password it takes two CONNECTs, of
/// which only the second one names the conversation; with a certificate one.
final class CallingSide implements SessionService.User {
    /// How a connection ended.
    sealed interface Outcome {
        /// @param strange what answered did not speak as it should
        record Lost(String reason, boolean strange) implements Outcome {
            Lost(String reason) {
                this(reason, false);
            }
        }

        record Failed(SessionException why) implements Outcome {}

        /// The server says that the conversation is over.
        record Ended(Received how) implements Outcome {}
    }

    static final long FIRST_SERIAL = 1;

    private final Loop loop;
    private final Caller caller;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable SessionService service;
    private @Nullable ClientLogin login;
    private @Nullable Dialogue dialogue;
    private @Nullable Line line;
    private @Nullable Liveness liveness;
    private String strange = "";

    CallingSide(Loop loop, Caller caller) {
        this.loop = loop;
        this.caller = caller;
    }

    Link.Handler handler() {
        return OsiConnection.initiator(loop, OsiLimits.DEFAULT, this);
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /// Drops the connection, whatever it is doing.
    void stop() {
        loop.execute(() -> {
            outcome.complete(new Outcome.Lost("stopped"));
            if (service != null) {
                service.disconnect();
            }
            closed("stopped");
        });
    }

    @Override
    public void ready(SessionService ready) {
        service = ready;
        if (caller.login().certificate().isPresent()) {
            find(Json.object());
            return;
        }
        var begun = new ClientLogin(ready.security(), caller.login().user(), caller.login().password());
        login = begun;
        connect(Json.object().put("scram", begun.first()));
    }

    private void connect(ObjectNode words) {
        service().request(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, Line.UNITS, Optional.of(FIRST_SERIAL), Optional.empty(),
                Line.tokens(Token.Side.ACCEPTOR_CHOOSES), Json.encode(words.put("v", 1).put("role", "talk"))));
        service().flush();
    }

    @Override
    public void indication(Indication indication) {
        if (liveness != null) {
            liveness.heard();
        }
        try {
            switch (indication) {
                case Indication.Refused r -> refused(r);
                case Indication.Accepted a -> accepted(Json.decode(a.userData()));
                case Indication.TypedData _ -> {}
                case Indication.UserAbort a -> aborted(Json.decode(a.userData()));
                case Indication.ProviderAbort a -> {
                    stopLine();
                    gone(a.reason());
                }
                default -> {
                    if (line != null) {
                        line.indication(indication);
                    }
                }
            }
        } catch (SessionException.Refused e) {
            outcome.complete(new Outcome.Failed(e));
            service().disconnect();
        } catch (SessionException e) {
            outcome.complete(new Outcome.Lost(String.valueOf(e.getMessage())));
            service().disconnect();
        }
    }

    private void refused(Indication.Refused r) {
        if (r.reason() != 2) {
            outcome.complete(new Outcome.Lost("the server refused the connection, reason " + r.reason()));
            return;
        }
        var words = Json.decode(r.userData());
        var begun = login;
        if (begun != null && words.has("scram") && !begun.answered()) {
            find(Json.object().put("scram", begun.answer(Json.text(words, "scram"))));
            return;
        }
        var said = words.path("words").asText("the server refused the login");
        var end = Line.ending(words.path("ended").asText(""), said);
        if (end.isPresent()) {
            outcome.complete(new Outcome.Ended(end.get()));
            return;
        }
        outcome.complete(switch (words.path("code").asText("")) {
            case "limit" -> new Outcome.Failed(new SessionException.LimitReached(said));
            case "integrity" -> new Outcome.Failed(new SessionException.IntegrityFailure(said));
            case "later" -> new Outcome.Lost(said);
            default -> new Outcome.Failed(new SessionException.Refused(said));
        });
    }

    /// Who the server is decides which conversation it is.
    private void find(ObjectNode proof) {
        loop.<Dialogue>offload(() -> caller.dialogue(fingerprint()), (found, failure) -> {
            if (found == null) {
                outcome.complete(new Outcome.Failed(failure instanceof SessionException e
                        ? e
                        : new SessionException.StorageFailure("the conversation cannot begin: " + failure, new Exception(failure))));
                service().disconnect();
            } else if (!outcome.isDone()) {
                dialogue = found;
                name(found, proof);
            }
        });
    }

    private void name(Dialogue found, ObjectNode proof) {
        var record = found.record();
        var words = proof.put("name", record.name()).put("key", record.key()).put("session", found.session())
                .put("received", found.received()).put("message", caller.options().message())
                .put("keepalive", caller.options().keepalive().toMillis());
        found.end().ifPresent(how -> words.put("ended", how instanceof Received.Released ? "released" : "aborted")
                .put("words", how instanceof Received.Aborted(var reason) ? reason : ""));
        connect(words);
    }

    private void accepted(JsonNode words) {
        if (login != null) {
            login.verify(Json.text(words, "scram"));
        }
        var carried = java.util.Objects.requireNonNull(dialogue);
        var number = Json.number(words, "session", 1, Long.MAX_VALUE);
        var received = Json.number(words, "received", 0, Long.MAX_VALUE);
        var message = (int) Json.number(words, "message", 1, ConversationOptions.MOST_MESSAGE);
        var begun = new Line(loop, service(), carried, caller.options(), Line.Limits.DEFAULT);
        var state = carried.attach(begun, received, message);
        line = begun;
        var keepalive = caller.options().keepalive();
        liveness = new Liveness(loop, service(), keepalive, begun::isBusy, () -> {
            outcome.complete(new Outcome.Lost("nothing was heard of the server for " + keepalive.toSeconds() + " s"));
            service().disconnect();
        });
        begun.start(state);
        loop.<Boolean>offload(() -> {
            if (carried.session() != number) {
                carried.number(number);
            }
            return true;
        }, (_, failure) -> {
            if (failure == null) {
                caller.connected(carried);
            } else {
                service().disconnect();
            }
        });
    }

    private void stopLine() {
        if (line != null) {
            line.stop();
        }
    }

    private void aborted(JsonNode words) {
        stopLine();
        var said = words.path("words").asText("the server aborted");
        outcome.complete(switch (words.path("code").asText("")) {
            case "fenced" -> new Outcome.Failed(new SessionException.TakenOver(said));
            case "aborted" -> new Outcome.Ended(new Received.Aborted(said));
            default -> new Outcome.Lost(said);
        });
    }

    /// Who the server is: its certificate's fingerprint, or on a plain connection the one that it told in the login.
    private String fingerprint() {
        return service().security().peerCertificate().map(Identity::fingerprint).or(() -> login == null ? Optional.empty() : login.server())
                .orElseGet(() -> "plain " + service().peer().replaceFirst(":\\d+$", ""));
    }

    @Override
    public void writable() {
        if (line != null) {
            line.writable();
        }
    }

    @Override
    public void malformed(String peer, String words) {
        strange = words;
    }

    @Override
    public void closed(String reason) {
        if (liveness != null) {
            liveness.stop();
        }
        if (line != null) {
            line.closed(reason);
        }
        gone(reason);
    }

    private void gone(String reason) {
        outcome.complete(strange.isEmpty() || line != null ? new Outcome.Lost(reason) : new Outcome.Lost(strange, true));
    }

    private SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }
}
