package dev.parley.session.talk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Liveness;
import dev.parley.session.login.ServerLogin;
import dev.parley.session.store.ConversationStore;
import dev.parley.session.store.ConversationStore.State;
import dev.parley.session.store.Store;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection at the listening side: the login, then a [Line]. Nothing is known of any conversation
/// before the credentials are checked.
final class CalledSide implements SessionService.User {
    /// What the store said about the conversation that was asked for.
    private sealed interface Found {
        record Open(Dialogue dialogue) implements Found {}

        record Over(Received how) implements Found {}
    }

    private final ConversationServer server;
    private final Loop loop;
    private @Nullable SessionService service;
    private @Nullable ServerLogin login;
    private @Nullable Line line;
    private @Nullable Liveness liveness;
    private boolean over;

    CalledSide(ConversationServer server, Loop loop) {
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
        try {
            switch (indication) {
                case Indication.Connect c -> connect(Json.decode(c.userData()));
                case Indication.TypedData _ -> {}
                case Indication.UserAbort a -> aborted(Json.decode(a.userData()));
                case Indication.ProviderAbort _ -> {
                    if (line != null) {
                        line.stop();
                    }
                }
                default -> {
                    if (line != null) {
                        line.indication(indication);
                    }
                }
            }
        } catch (SessionException e) {
            server.log(service().peer() + ": " + e.getMessage());
            service().disconnect();
        }
    }

    private void connect(JsonNode words) {
        if (login == null) {
            login = new ServerLogin(server.gate(), loop, service());
        }
        Optional<ServerLogin.Entered> entered;
        try {
            entered = login.connect(words);
        } catch (SessionException.Refused e) {
            refuse("", String.valueOf(e.getMessage()));
            return;
        }
        entered.ifPresent(who -> loop.<Found>offload(() -> find(who.user(), words), (found, failure) -> {
            if (over) {
                return;
            }
            if (found instanceof Found.Open(var dialogue)) {
                accept(dialogue, words, who.serverFinal());
            } else if (found instanceof Found.Over(var how)) {
                refuseEnded(how);
            } else if (failure != null) {
                refuse(code(failure), String.valueOf(failure.getMessage()));
            }
        }));
    }

    private Found find(Store.User user, JsonNode words) {
        if (!Json.text(words, "role").equals("talk")) {
            throw new SessionException.Refused("here are conversations only");
        }
        if (!user.maySend()) {
            throw new SessionException.Refused("the user " + user.name() + " has no right to send");
        }
        var key = Json.text(words, "key");
        var name = Json.text(words, "name");
        if (!key.matches("[0-9a-f]{32}") || name.isEmpty() || name.length() > 200) {
            throw new SessionException.ProtocolViolation(
                    "a conversation has a key of 32 hexadecimal digits and a name of 1 to 200 characters");
        }
        var store = server.state().conversations();
        var end = Line.ending(words.path("ended").asText(""), words.path("words").asText(""));
        // An older connection of the same conversation may be here at the same moment, without knowing yet that it was cut.
        synchronized (server) {
            var found = store.byKey(user.name(), key);
            if (end.isPresent()) {
                found.ifPresent(record -> server.ended(record, end.get()));
                return new Found.Over(end.get());
            }
            if (found.isPresent() && found.get().state() != State.OPEN) {
                return new Found.Over(found.get().state() == State.RELEASED
                        ? new Received.Released()
                        : new Received.Aborted(found.get().words()));
            }
            return new Found.Open(server.dialogue(found.orElseGet(() -> begin(store, user, name, key, words))));
        }
    }

    private ConversationStore.Record begin(ConversationStore store, Store.User user, String name, String key, JsonNode words) {
        long number = Json.number(words, "session", 0, Long.MAX_VALUE);
        if (number != 0) {
            throw new SessionException.Refused("session " + number + " is not one of yours here, or it has expired");
        }
        var now = loop.wallMillis();
        var given = server.state().store().newSession(user.name(), "talk", now);
        return store.create(user.name(), name, key, given.number(), server.options().conversations(), now);
    }

    private void accept(Dialogue dialogue, JsonNode words, Optional<String> serverFinal) {
        try {
            long received = Json.number(words, "received", 0, Long.MAX_VALUE);
            var message = (int) Json.number(words, "message", 1, ConversationOptions.MOST_MESSAGE);
            var keepalive = Duration.ofMillis(Json.number(words, "keepalive", 1000, 3_600_000));
            var begun = new Line(loop, service(), dialogue, server.options(), Line.Limits.DEFAULT);
            var state = dialogue.attach(begun, received, message);
            line = begun;
            long turn = state.turn();
            boolean mine = turn == ConversationStore.HELD || turn > received;
            var number = dialogue.session();
            var answer = Json.object().put("session", number).put("received", state.received()).put("message", server.options().message());
            serverFinal.ifPresent(proof -> answer.put("scram", proof));
            service().request(new Request.Accept(
                    new ConnectionIdentifier(
                            Optional.empty(), Optional.of(ByteBuffer.allocate(8).putLong(number).flip()), Optional.empty()),
                    Spdu.NO_DATA, Line.UNITS, Optional.of(CallingSide.FIRST_SERIAL), Optional.empty(),
                    Line.tokens(mine ? Token.Side.ACCEPTOR : Token.Side.REQUESTOR), Set.of(), Json.encode(answer)));
            service().flush();
            liveness = new Liveness(loop, service(), keepalive, begun::isBusy, () -> service().disconnect());
            begun.start(state);
        } catch (SessionException e) {
            refuse(code(e), String.valueOf(e.getMessage()));
        }
    }

    private static String code(Throwable failure) {
        return switch (failure) {
            case SessionException.LimitReached _ -> "limit";
            case SessionException.IntegrityFailure _ -> "integrity";
            case SessionException.OutOfSequence _, SessionException.ConnectionLost _, SessionException.TakenOver _ -> "later";
            default -> "";
        };
    }

    private void aborted(JsonNode words) {
        var said = words.path("words").asText("");
        if (line != null) {
            line.stop();
            if (words.path("code").asText("").equals("aborted")) {
                line.aborted(said);
            }
        }
    }

    private void refuseEnded(Received how) {
        var words = Json.object().put("ended", how instanceof Received.Released ? "released" : "aborted");
        refuse(words.put("words", how instanceof Received.Aborted(var reason) ? reason : ""));
    }

    private void refuse(String code, String words) {
        refuse(Json.object().put("code", code).put("words", words));
    }

    private void refuse(com.fasterxml.jackson.databind.node.ObjectNode words) {
        if (!over) {
            service().request(new Request.Refuse(ConnectionIdentifier.NONE, ServerLogin.USER_REFUSES, false, Json.encode(words)));
            service().flush();
        }
    }

    @Override
    public void writable() {
        if (line != null) {
            line.writable();
        }
    }

    @Override
    public void closed(String reason) {
        over = true;
        if (liveness != null) {
            liveness.stop();
        }
        if (line != null) {
            line.closed(reason);
        }
        if (loop instanceof VirtualLoop mine) {
            mine.stop();
        }
    }

    private SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }
}
