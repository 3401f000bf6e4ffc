package dev.parley.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceJsonTest {
    @Test
    void eachMessageIsAnObjectAndTheWholeIsTheLast() {
        var message = new Message(
                7, Instant.EPOCH, false, Message.Layer.SESSION, "AC", "ACCEPT", "", List.of(new Item("group", "", List.of(new Item("a", "b")))),
                Optional.of("wrong"));
        var trace = new Trace(9, List.of(new Exchange(1, "a:1", "b:2", List.of(message))), List.of("note"));

        assertThat(TraceJson.lines(trace)).containsExactly(
                "{\"type\":\"message\",\"exchange\":1,\"packet\":7,\"time\":\"1970-01-01T00:00:00Z\",\"from\":\"b:2\",\"to\":\"a:1\","
                        + "\"layer\":\"session\",\"symbol\":\"AC\",\"title\":\"ACCEPT\",\"malformed\":\"wrong\","
                        + "\"parameters\":[{\"name\":\"group\",\"parts\":[{\"name\":\"a\",\"value\":\"b\"}]}]}",
                "{\"type\":\"done\",\"packets\":9,\"exchanges\":1,\"malformed\":1,\"cut_off\":0,\"notes\":[\"note\"]}");
    }
}
