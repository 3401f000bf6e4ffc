package dev.parley.trace;

import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.util.Locale;

/// A trace as a picture: one sequence chart below the other, in SVG that needs nothing but a viewer.
public final class SvgChart {
    private static final int WIDTH = 1_100;
    private static final int LEFT = 150;
    private static final int RIGHT = WIDTH - 60;
    private static final int ROW = 34;
    private static final int FAULT_ROW = 20;
    private static final int HEAD = 74;
    private static final int LABEL_CHARACTERS = 118;
    private static final String STYLE = """
            text { font-family: 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 14px; fill: #1f2933; }
            .title { font-size: 18px; font-weight: bold; }
            .end { font-weight: bold; text-anchor: middle; }
            .time { font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 12px; fill: #52606d; text-anchor: end; }
            .symbol { font-weight: bold; }
            .note { font-size: 13px; fill: #52606d; }
            .bad { fill: #b91c1c; }
            .life { stroke: #9aa5b1; stroke-width: 2; }
            .network { stroke: #9aa5b1; } .transport { stroke: #0e7490; } .session { stroke: #1d4ed8; } .application { stroke: #6d28d9; }
            .arrow { stroke-width: 2; fill: none; }
            """;

    private final StringBuilder body = new StringBuilder();
    private int y = 20;

    private SvgChart() {}

    public static String draw(Trace trace) {
        var chart = new SvgChart();
        trace.exchanges().forEach(chart::draw);
        chart.y += 10;
        chart.text(30, chart.y, "note", SequenceChart.totals(trace));
        for (var remark : trace.remarks()) {
            chart.y += FAULT_ROW;
            chart.text(30, chart.y, "note", remark);
        }
        return chart.whole();
    }

    private String whole() {
        var heads = new StringBuilder();
        for (var layer : new String[] {"network:#9aa5b1", "transport:#0e7490", "session:#1d4ed8", "application:#6d28d9"}) {
            var parts = layer.split(":");
            heads.append("<marker id=\"head-%s\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                    .formatted(parts[0])).append("<path d=\"M0,0 L10,5 L0,10 z\" fill=\"%s\"/></marker>\n".formatted(parts[1]));
        }
        int height = y + 24;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
                <style>
                %s</style>
                <defs>
                %s</defs>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s</svg>
                """.formatted(WIDTH, height, WIDTH, height, STYLE, heads, body);
    }

    private void draw(Exchange exchange) {
        text(30, y + 14, "title", "Exchange " + exchange.number() + (exchange.about().isEmpty() ? "" : ": " + exchange.about())
                + (exchange.messages().isEmpty() ? ", no messages" : ", begins " + exchange.messages().getFirst().time()));
        text(LEFT, y + 46, "end", exchange.caller());
        text(RIGHT - 40, y + 46, "end", exchange.called());
        int top = y + HEAD - 20;
        y += HEAD;
        int lines = body.length();
        for (var message : exchange.messages()) {
            draw(exchange, message);
        }
        body.insert(lines, "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n".formatted(LEFT, top, LEFT, y)
                + "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n".formatted(RIGHT, top, RIGHT, y));
        y += 30;
    }

    private void draw(Exchange exchange, Message message) {
        var layer = message.layer().name().toLowerCase(Locale.ROOT);
        int line = y + 22;
        text(LEFT - 14, line + 4, "time", SequenceChart.time(exchange, message).strip());
        var words = SequenceChart.words(message);
        body.append("<text x=\"%d\" y=\"%d\"><tspan class=\"symbol%s\">%s</tspan>%s</text>\n".formatted(
                LEFT + 16, line - 6, message.fault().isPresent() ? " bad" : "", escape(message.symbol()),
                escape(SequenceChart.fit(words, LABEL_CHARACTERS))));
        body.append("<path class=\"arrow %s\" marker-end=\"url(#head-%s)\" d=\"M%d,%d H%d\"/>\n".formatted(
                layer, layer, message.fromCaller() ? LEFT : RIGHT, line, message.fromCaller() ? RIGHT - 1 : LEFT + 1));
        y += ROW;
        message.fault().ifPresent(fault -> SequenceChart.wrap("malformed: " + fault, LABEL_CHARACTERS).forEach(part -> {
            text(LEFT + 16, y + 12, "bad", part);
            y += FAULT_ROW;
        }));
    }

    private void text(int x, int at, String style, String words) {
        body.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, at, escape(words)));
    }

    private static String escape(String text) {
        var out = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> out.append(c < 0x20 ? ' ' : (char) c);
            }
        });
        return out.toString();
    }
}
