package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRequest;
import dev.parley.session.flow.Flows;
import dev.parley.session.store.Store;
import dev.parley.transfer.admin.AdminWords;
import dev.parley.transfer.admin.StoreAdmin;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server's side of a session of role `admin`: each request is CAPABILITY DATA with `do`, its answer comes with the confirmation. A flow token
/// that was asked for here belongs to the session: it comes back with `yield`, or when the session ends.
final class AdminSide implements Conversation {
    private static final long MOST_SECONDS = Duration.ofDays(36_500).toSeconds();

    private final Owner owner;
    private final Loop loop;
    private final Flows flows;
    private final StoreAdmin sessions;
    private final Store.User user;
    private final long number;
    private @Nullable FlowGate gate;
    private boolean over;

    AdminSide(Owner owner, Loop loop, Flows flows, StoreAdmin sessions, Store.User user, long number) {
        this.owner = owner;
        this.loop = loop;
        this.flows = flows;
        this.sessions = sessions;
        this.user = user;
        this.number = number;
    }

    @Override
    public void start() {
        // The client begins.
    }

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.CapabilityData c -> request(Json.decode(c.userData()));
            case Indication.Release _ -> {
                owner.service().request(new Request.ReleaseResponse(true, Spdu.NO_DATA));
                owner.service().flush();
                owner.done();
            }
            default -> owner.fail(Failure.OTHER, "unexpected " + indication.getClass().getSimpleName() + " in a session of role admin");
        }
    }

    private void request(JsonNode words) {
        switch (Json.text(words, "do")) {
            case "request" -> answer(claim(words));
            case "yield" -> answer(give());
            case "tokens" -> answer(AdminWords.tokens(flows.snapshot(loop.nanoTime())));
            default -> loop.offload(() -> stored(words), (result, failure) -> {
                if (over) {
                    return;
                }
                if (failure instanceof SessionException e) {
                    answer(refused(Failure.REFUSED, String.valueOf(e.getMessage())));
                } else if (failure != null || result == null) {
                    answer(refused(Failure.OTHER, "the server failed: " + failure));
                } else {
                    answer(result);
                }
            });
        }
    }

    /// What needs the store; away from the loop.
    private ObjectNode stored(JsonNode words) {
        boolean all = words.path("all").asBoolean();
        var what = Json.text(words, "do");
        return switch (what) {
            case "ls" -> AdminWords.sessions(sessions.list(all), words.path("before").asLong(Long.MAX_VALUE));
            case "show" -> sessions.show(session(words)).map(AdminWords::detail)
                    .orElseGet(() -> refused(Failure.OTHER, "session " + session(words) + " is not one of yours"));
            case "cancel" -> sessions.cancel(session(words), "cancelled by " + user.name())
                    ? Json.object()
                    : refused(Failure.OTHER, "session " + session(words) + " is not one of yours");
            case "purge" -> Json.object().put("purged",
                    sessions.purge(Duration.ofSeconds(Json.number(words, "untouched", 0, MOST_SECONDS)), all));
            default -> refused(Failure.OTHER, "this server does not know the request " + what);
        };
    }

    private static long session(JsonNode words) {
        return Json.number(words, "session", 1, Long.MAX_VALUE);
    }

    private ObjectNode claim(JsonNode words) {
        if (gate != null) {
            return refused(Failure.OTHER, "this session has asked for a flow token already: yield it first");
        }
        var flow = words.path("flow");
        FlowRequest request;
        try {
            request = new FlowRequest(
                    Json.text(flow, "class"), (int) Json.number(flow, "priority", 0, FlowRequest.MOST_PRIORITY), -1,
                    flow.path("waits").asBoolean(true), number, user.name() + ", session " + number);
        } catch (SessionException.Refused e) {
            return refused(Failure.REFUSED, String.valueOf(e.getMessage()));
        }
        var claim = new FlowGate(flows, loop, owner, request);
        var obstacle = claim.ask();
        if (obstacle.isPresent()) {
            return refused(Failure.LATER, obstacle.get());
        }
        gate = claim;
        // The place is told after the answer, by typed data.
        loop.execute(() -> claim.begin(owner.service(), Optional.of(this)));
        return Json.object().put("granted", claim.isAdmitted());
    }

    private ObjectNode give() {
        if (gate == null) {
            return refused(Failure.OTHER, "this session has no flow token");
        }
        gate.done();
        gate = null;
        return Json.object();
    }

    private static ObjectNode refused(Failure failure, String words) {
        return Json.object().put("words", words).put("code", failure.code());
    }

    private void answer(ObjectNode words) {
        owner.service().request(new Request.CapabilityDataResponse(Json.encode(words)));
        owner.service().flush();
    }

    @Override
    public void writable() {
        // Answers are short and one at a time.
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void closed() {
        over = true;
        if (gate != null) {
            gate.done();
        }
    }
}
