package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/// The words about flow tokens that travel as typed data: `{"flow": {"class", "state", "place", "holders", "estimate"}}`, the estimate in ms.
final class FlowWords {
    private static final int MOST_HOLDERS = 16;

    private FlowWords() {}

    static ObjectNode write(TransferEvent.Token.State state, FlowSnapshot.Place place) {
        var words = Json.object();
        var flow = words.putObject("flow").put("class", place.flowClass()).put("state", state.name().toLowerCase(Locale.ROOT))
                .put("place", place.place());
        var holders = flow.putArray("holders");
        place.holders().stream().limit(MOST_HOLDERS).forEach(holders::add);
        place.estimate().ifPresent(e -> flow.put("estimate", e.toMillis()));
        return words;
    }

    /// What typed data say about the flow token, when they do.
    static Optional<TransferEvent.Token> read(JsonNode words) {
        var flow = words.path("flow");
        if (!flow.isObject()) {
            return Optional.empty();
        }
        TransferEvent.Token.State state;
        try {
            state = TransferEvent.Token.State.valueOf(Json.text(flow, "state").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SessionException.ProtocolViolation("a flow token is waiting, granted or asked, not " + Json.text(flow, "state"));
        }
        var holders = new ArrayList<String>();
        for (var holder : flow.path("holders")) {
            if (holders.size() < MOST_HOLDERS) {
                holders.add(holder.asText());
            }
        }
        var estimate = flow.has("estimate")
                ? Optional.of(Duration.ofMillis(Json.number(flow, "estimate", 0, Long.MAX_VALUE)))
                : Optional.<Duration>empty();
        return Optional.of(new TransferEvent.Token(
                Json.text(flow, "class"), state, (int) Json.number(flow, "place", 0, Integer.MAX_VALUE), holders, estimate));
    }
}
