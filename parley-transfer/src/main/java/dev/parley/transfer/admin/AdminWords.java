package dev.parley.transfer.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The answers of a server's administration as JSON, both ways. An answer fits one SPDU: a longer list says that there is `more`.
public final class AdminWords {
    private static final int MOST_TEXT = 40_000;
    private static final long ANY = Long.MAX_VALUE;

    private AdminWords() {}

    private static ObjectNode write(SessionInfo s) {
        return Json.object().put("session", s.number()).put("user", s.user()).put("role", s.role()).put("state", s.state())
                .put("created", s.createdMillis()).put("touched", s.touchedMillis()).put("connected", s.connected());
    }

    private static SessionInfo session(JsonNode node) {
        return new SessionInfo(
                Json.number(node, "session", 1, ANY), Json.text(node, "user"), Json.text(node, "role"), Json.text(node, "state"),
                Json.number(node, "created", 0, ANY), Json.number(node, "touched", 0, ANY), node.path("connected").asBoolean());
    }

    /// As many as fit of those with smaller numbers than `before`, the newest first.
    public static ObjectNode sessions(List<SessionInfo> all, long before) {
        var answer = Json.object();
        var list = answer.putArray("sessions");
        int text = 0;
        boolean more = false;
        for (var info : all) {
            var node = write(info);
            if (info.number() < before && !more) {
                text += node.toString().length();
                more = text > MOST_TEXT;
                if (!more) {
                    list.add(node);
                }
            }
        }
        return answer.put("more", more);
    }

    public static List<SessionInfo> sessions(JsonNode answer) {
        var sessions = new ArrayList<SessionInfo>();
        answer.path("sessions").forEach(node -> sessions.add(session(node)));
        return sessions;
    }

    public static ObjectNode detail(SessionInfo.Detail detail) {
        var answer = write(detail.session());
        var list = answer.putArray("items");
        int text = 0;
        int more = detail.more();
        for (var item : detail.items()) {
            var node = Json.object().put("name", item.name()).put("offset", item.offset()).put("size", item.size()).put("serial", item.serial());
            text += node.toString().length() * 2;
            if (text > MOST_TEXT) {
                more++;
            } else {
                list.add(node);
            }
        }
        return answer.put("more", more).put("sent", detail.sent());
    }

    public static SessionInfo.Detail detail(JsonNode answer) {
        var items = new ArrayList<SessionInfo.Item>();
        answer.path("items").forEach(node -> items.add(new SessionInfo.Item(
                Json.text(node, "name"), Json.number(node, "offset", 0, ANY), Json.number(node, "size", -1, ANY),
                Json.number(node, "serial", 0, ANY))));
        return new SessionInfo.Detail(session(answer), items, (int) Json.number(answer, "more", 0, Integer.MAX_VALUE),
                Json.number(answer, "sent", 0, ANY));
    }

    /// Who holds and who waits; of a long queue only its beginning.
    public static ObjectNode tokens(FlowSnapshot snapshot) {
        var answer = Json.object();
        var classes = answer.putArray("classes");
        int text = 0;
        for (var flowClass : snapshot.classes()) {
            var node = classes.addObject().put("class", flowClass.name()).put("capacity", flowClass.capacity());
            var holders = node.putArray("holders");
            for (var h : flowClass.holders()) {
                var holder = Json.object().put("session", h.session()).put("holder", h.holder()).put("priority", h.priority()).put("done", h.done())
                        .put("size", h.size()).put("held", h.held().toMillis()).put("asked", h.asked());
                text += holder.toString().length();
                if (text < MOST_TEXT) {
                    holders.add(holder);
                }
            }
            var waiters = node.putArray("waiters");
            for (var w : flowClass.waiters()) {
                var waiter = Json.object().put("session", w.session()).put("holder", w.holder()).put("priority", w.priority())
                        .put("place", w.place()).put("size", w.size()).put("waited", w.waited().toMillis()).put("absent", w.absent());
                w.estimate().ifPresent(e -> waiter.put("estimate", e.toMillis()));
                text += waiter.toString().length();
                if (text < MOST_TEXT) {
                    waiters.add(waiter);
                }
            }
        }
        return answer;
    }

    public static FlowSnapshot tokens(JsonNode answer) {
        var classes = new ArrayList<FlowSnapshot.FlowClass>();
        for (var node : answer.path("classes")) {
            var holders = new ArrayList<FlowSnapshot.Holder>();
            for (var h : node.path("holders")) {
                holders.add(new FlowSnapshot.Holder(
                        Json.number(h, "session", 0, ANY), Json.text(h, "holder"), (int) Json.number(h, "priority", 0, 9),
                        Json.number(h, "done", 0, ANY), Json.number(h, "size", Long.MIN_VALUE, ANY), millis(h, "held"),
                        h.path("asked").asBoolean()));
            }
            var waiters = new ArrayList<FlowSnapshot.Waiter>();
            for (var w : node.path("waiters")) {
                waiters.add(new FlowSnapshot.Waiter(
                        Json.number(w, "session", 0, ANY), Json.text(w, "holder"), (int) Json.number(w, "priority", 0, 9),
                        (int) Json.number(w, "place", 1, Integer.MAX_VALUE), Json.number(w, "size", Long.MIN_VALUE, ANY), millis(w, "waited"),
                        w.path("absent").asBoolean(), w.has("estimate") ? Optional.of(millis(w, "estimate")) : Optional.empty()));
            }
            classes.add(new FlowSnapshot.FlowClass(
                    Json.text(node, "class"), (int) Json.number(node, "capacity", 1, Integer.MAX_VALUE), holders, waiters));
        }
        return new FlowSnapshot(classes);
    }

    private static Duration millis(JsonNode node, String field) {
        return Duration.ofMillis(Json.number(node, field, 0, ANY));
    }
}
