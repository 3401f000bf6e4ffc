package dev.parley.cli.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.Terminal;
import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A trace as JSON objects: one for each message, and one for the whole at the end.
final class TraceJson {
    private TraceJson() {}

    static Stream<String> lines(Trace trace) {
        var messages = trace.exchanges().stream().flatMap(e -> e.messages().stream().map(m -> message(e, m)));
        return Stream.concat(messages, Stream.of(whole(trace))).map(ObjectNode::toString);
    }

    private static ObjectNode message(Exchange exchange, Message message) {
        var event = Terminal.event("message").put("exchange", exchange.number()).put("packet", message.packet())
                .put("time", message.time().toString())
                .put("from", message.fromCaller() ? exchange.caller() : exchange.called())
                .put("to", message.fromCaller() ? exchange.called() : exchange.caller())
                .put("layer", message.layer().name().toLowerCase(Locale.ROOT))
                .put("symbol", message.symbol()).put("title", message.title());
        if (!exchange.about().isEmpty()) {
            event.put("about", exchange.about());
        }
        if (!message.summary().isEmpty()) {
            event.put("summary", message.summary());
        }
        message.fault().ifPresent(words -> event.put("malformed", words));
        items(event.putArray("parameters"), message.items());
        return event;
    }

    private static void items(ArrayNode array, List<Item> items) {
        for (var item : items) {
            var node = array.addObject().put("name", item.name());
            if (!item.value().isEmpty()) {
                node.put("value", item.value());
            }
            if (!item.parts().isEmpty()) {
                items(node.putArray("parts"), item.parts());
            }
        }
    }

    private static ObjectNode whole(Trace trace) {
        var event = Terminal.event("done").put("packets", trace.packets()).put("exchanges", trace.exchanges().size())
                .put("malformed", trace.faults()).put("cut_off", trace.cutOff());
        var notes = event.putArray("notes");
        trace.remarks().forEach(notes::add);
        return event;
    }
}
