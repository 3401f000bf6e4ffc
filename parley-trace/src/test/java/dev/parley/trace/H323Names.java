package dev.parley.trace;

import dev.parley.testkit.Tshark;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The names of the messages of H.323 packet by packet, as we see them and as tshark does.
final class H323Names {
    private H323Names() {}

    static Map<Long, List<String>> ours(Trace trace) {
        var names = new TreeMap<Long, List<String>>();
        for (var message : (Iterable<Message>) trace.exchanges().stream().flatMap(e -> e.messages().stream())
                .filter(m -> m.layer() == Message.Layer.SESSION)::iterator) {
            var ofPacket = names.computeIfAbsent(message.packet(), _ -> new ArrayList<>());
            // A Facility that is there only for the H.245 in it is no message of its own.
            message.items().stream().filter(i -> i.name().equals("carried in") && !i.parts().isEmpty()).forEach(i -> ofPacket.add(small(i.value())));
            ofPacket.add(small(message.title()));
        }
        return names;
    }

    private static String small(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /// Its column `Info`: `CS: setup OpenLogicalChannel`, of which the last is a channel of fast connect, or `openLogicalChannel (g711A)`.
    static Map<Long, List<String>> ofTshark(Path capture, String... more) throws IOException, InterruptedException {
        var names = new TreeMap<Long, List<String>>();
        for (var line : Tshark.fields(capture, "h225 || h245", List.of(more), "frame.number", "_ws.col.Info")) {
            var words = line.get(1).replaceAll("\\([^)]*\\)|\\b(CS|RAS):|\\bOpenLogicalChannel\\b", " ").strip();
            names.put(Long.valueOf(line.getFirst()), List.of(words.split("[\\s|,]+")));
        }
        return names;
    }
}
