package dev.parley.trace;

import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A trace as text: each exchange as a sequence chart between two lines, or each message with all of its content.
public final class SequenceChart {
    private static final int TIME = 11;
    private static final int LEAST_WIDTH = 60;

    private final int width;

    /// @param columns of the terminal; at least 60 are used
    public SequenceChart(int columns) {
        width = Math.max(columns, LEAST_WIDTH);
    }

    public String draw(Trace trace) {
        var out = new StringBuilder();
        for (var exchange : trace.exchanges()) {
            draw(exchange, out);
        }
        remarks(trace, out);
        return out.toString();
    }

    private void draw(Exchange exchange, StringBuilder out) {
        int lane = width - TIME - 2;
        heading(exchange, out);
        var ends = fit(exchange.caller(), lane / 2 - 1);
        out.append(" ".repeat(TIME)).append(ends).append(right(exchange.called(), lane + 2 - ends.length())).append('\n');
        for (var message : exchange.messages()) {
            out.append(time(exchange, message)).append(' ').append(arrow(message, lane)).append('\n');
            message.fault().ifPresent(words -> wrap("malformed: " + words, lane - 4).forEach(
                    line -> out.append(" ".repeat(TIME)).append('|').append(left("  ! " + line, lane)).append("|\n")));
        }
        out.append('\n');
    }

    private static String arrow(Message message, int lane) {
        var label = " " + fit(message.symbol() + words(message), lane - 8) + " ";
        int rest = lane - label.length() - 3;
        return message.fromCaller()
                ? "|--" + label + "-".repeat(rest) + ">|"
                : "|<" + "-".repeat(rest) + label + "--|";
    }

    /// What stands behind the symbol: the title, unless the symbol is the title, and the summary.
    static String words(Message message) {
        var title = message.title().equals(message.symbol()) ? "" : " " + message.title();
        return message.summary().isEmpty() || message.symbol().equals("?") ? title : title + ": " + message.summary();
    }

    /// Each message with all of its parameters.
    public String list(Trace trace) {
        var out = new StringBuilder();
        for (var exchange : trace.exchanges()) {
            heading(exchange, out);
            for (var message : exchange.messages()) {
                out.append(time(exchange, message)).append(' ').append(message.fromCaller() ? "--> " : "<-- ")
                        .append(message.symbol()).append(message.title().equals(message.symbol()) ? "" : " " + message.title())
                        .append("   (packet ").append(message.packet()).append(")\n");
                items(message.items(), 1, out);
                message.fault().ifPresent(words -> wrap("malformed: " + words, width - TIME - 8).forEach(
                        line -> out.append(" ".repeat(TIME + 4)).append("! ").append(line).append('\n')));
            }
            out.append('\n');
        }
        remarks(trace, out);
        return out.toString();
    }

    private void items(List<Item> items, int depth, StringBuilder out) {
        for (var item : items) {
            var indent = " ".repeat(TIME + 2 + depth * 2);
            var name = item.name() + (item.value().isEmpty() ? "" : ": ");
            var lines = wrap(item.value(), width - indent.length() - name.length());
            out.append(indent).append(name).append(lines.getFirst()).append('\n');
            lines.stream().skip(1).forEach(line -> out.append(indent).append(" ".repeat(name.length())).append(line).append('\n'));
            items(item.parts(), depth + 1, out);
        }
    }

    private static void heading(Exchange exchange, StringBuilder out) {
        out.append("exchange ").append(exchange.number()).append(": ").append(exchange.caller())
                .append(exchange.carrier() == Exchange.Carrier.CONNECTION ? " calls " : " and ").append(exchange.called())
                .append(", ").append(exchange.messages().size())
                .append(exchange.messages().size() == 1 ? " message" : " messages");
        if (!exchange.messages().isEmpty()) {
            out.append(", begins ").append(exchange.messages().getFirst().time());
        }
        out.append('\n');
        if (!exchange.about().isEmpty()) {
            out.append(" ".repeat(TIME)).append(exchange.about()).append('\n');
        }
    }

    private static void remarks(Trace trace, StringBuilder out) {
        out.append(totals(trace)).append('\n');
        trace.remarks().forEach(remark -> out.append("note: ").append(remark).append('\n'));
    }

    static String totals(Trace trace) {
        long datagrams = trace.exchanges().stream().filter(e -> e.carrier() == Exchange.Carrier.DATAGRAMS).count();
        return count(trace.packets(), "packet") + count(trace.exchanges().size() - datagrams, "connection")
                + (datagrams == 0 ? "" : count(datagrams, "flow").replace(",", " of datagrams,")) + trace.faults() + " malformed"
                + (trace.cutOff() == 0 ? "" : ", " + trace.cutOff() + " cut off at the end");
    }

    private static String count(long count, String of) {
        return count + " " + of + (count == 1 ? ", " : "s, ");
    }

    static String time(Exchange exchange, Message message) {
        var since = Duration.between(exchange.messages().getFirst().time(), message.time());
        return String.format(Locale.ROOT, "%10.6f", since.toSeconds() + since.getNano() / 1e9);
    }

    /// Cut to fit, with dots where something is missing.
    static String fit(String text, int most) {
        return text.length() <= most ? text : text.substring(0, Math.max(most - 3, 0)) + "...";
    }

    private static String left(String text, int size) {
        return fit(text, size) + " ".repeat(Math.max(size - text.length(), 0));
    }

    private static String right(String text, int size) {
        return " ".repeat(Math.max(size - text.length(), 1)) + text;
    }

    /// Lines of at most so many columns, broken at spaces where there are some.
    static List<String> wrap(String text, int columns) {
        int most = Math.max(columns, 20);
        var lines = new ArrayList<String>();
        var rest = text;
        while (rest.length() > most) {
            int cut = rest.lastIndexOf(' ', most);
            cut = cut <= 0 ? most : cut;
            lines.add(rest.substring(0, cut));
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
