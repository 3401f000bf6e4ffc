package dev.parley.trace;

import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A long transfer on one screen: the same SPDU many times in a row becomes one with a count, and of a long stretch of data and checkpoints
/// only the beginning and the end are kept. Connections on which nothing was said are counted.
public final class Condensed {
    private static final Set<String> ROUTINE = Set.of("DT", "MIP", "MIA");
    /// How much of a stretch of routine is kept at its beginning and at its end.
    private static final int EDGE = 4;
    /// The serial number of a message that is listed without its parameters.
    private static final long UNKNOWN = -1;

    private Condensed() {}

    public static Trace of(Trace trace) {
        var remarks = new ArrayList<>(trace.remarks());
        var exchanges = trace.exchanges().stream().filter(Condensed::saysSomething).toList();
        int silent = trace.exchanges().size() - exchanges.size();
        if (silent > 0) {
            remarks.add(silent + (silent == 1 ? " connection was" : " connections were") + " opened and closed without a word");
        }
        return new Trace(trace.packets(), exchanges.stream()
                .map(e -> e.with(shortened(counted(e.messages())))).toList(), remarks);
    }

    private static boolean saysSomething(Exchange exchange) {
        return exchange.messages().stream().anyMatch(m -> m.layer() != Message.Layer.NETWORK);
    }

    private static List<Message> counted(List<Message> messages) {
        var found = new ArrayList<Message>();
        int at = 0;
        while (at < messages.size()) {
            var first = messages.get(at);
            int end = at + 1;
            while (end < messages.size() && repeats(first, messages.get(end))) {
                end++;
            }
            found.add(end - at == 1 ? first : with(first, first.title(), (end - at) + " times"));
            at = end;
        }
        return found;
    }

    private static boolean repeats(Message first, Message next) {
        return first.symbol().equals("DT") && next.symbol().equals("DT") && first.fromCaller() == next.fromCaller()
                && first.fault().isEmpty() && next.fault().isEmpty();
    }

    private static List<Message> shortened(List<Message> messages) {
        var found = new ArrayList<Message>();
        int at = 0;
        while (at < messages.size()) {
            int end = at;
            while (end < messages.size() && ROUTINE.contains(messages.get(end).symbol()) && messages.get(end).fault().isEmpty()) {
                end++;
            }
            var stretch = messages.subList(at, end);
            if (stretch.size() > 2 * EDGE + 1) {
                found.addAll(stretch.subList(0, EDGE));
                var left = stretch.subList(EDGE, stretch.size() - EDGE);
                var sender = left.stream().filter(m -> m.symbol().equals("DT")).findFirst().orElse(left.getFirst());
                found.add(with(sender, "and so on", checkpoints(left, stretch)));
                found.addAll(stretch.subList(stretch.size() - EDGE, stretch.size()));
            } else {
                found.addAll(stretch);
            }
            if (end == at) {
                found.add(messages.get(end));
                end++;
            }
            at = end;
        }
        return found;
    }

    /// How many were sent, and how many of these confirmed: a MINOR SYNC ACK confirms all up to its serial number.
    private static String checkpoints(List<Message> left, List<Message> stretch) {
        var points = left.stream().filter(m -> m.symbol().equals("MIP")).mapToLong(Condensed::serial).toArray();
        var acknowledged = stretch.stream().filter(m -> m.symbol().equals("MIA")).mapToLong(Condensed::serial).max().orElse(UNKNOWN);
        long confirmed = Arrays.stream(points).filter(p -> p != UNKNOWN && p <= acknowledged).count();
        return points.length + " more checkpoints"
                + (confirmed == points.length ? ", sent and confirmed" : " sent, " + confirmed + " of them confirmed");
    }

    private static long serial(Message message) {
        return message.items().stream().filter(i -> i.name().equals("serial number") && i.value().matches("[0-9]{1,18}"))
                .mapToLong(i -> Long.parseLong(i.value())).findFirst().orElse(UNKNOWN);
    }

    private static Message with(Message m, String title, String summary) {
        return new Message(m.packet(), m.time(), m.fromCaller(), m.layer(), m.symbol(), title, summary, List.of(), Optional.empty());
    }
}
