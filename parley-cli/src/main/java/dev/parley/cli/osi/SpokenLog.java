package dev.parley.cli.osi;

import dev.parley.api.SessionId;
import dev.parley.cli.term.Terminal;
import dev.parley.osi.tool.Primitive;
import dev.parley.osi.tool.PrimitiveLog;

/// Each primitive as a line on standard output, or as an object with `--json`.
final class SpokenLog implements PrimitiveLog {
    private final Terminal terminal;

    SpokenLog(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void primitive(SessionId session, boolean issued, Primitive primitive) {
        if (terminal.isJson()) {
            var event = Terminal.event("primitive").put("session", session.toString()).put("direction", issued ? "issued" : "indicated")
                    .put("service", primitive.service()).put("kind", primitive.kind());
            var parameters = event.putObject("parameters");
            primitive.parameters().forEach(parameters::put);
            terminal.tell(event);
        } else {
            terminal.data(session + (issued ? " --> " : " <-- ") + primitive);
        }
    }

    @Override
    public void remark(SessionId session, String words) {
        if (terminal.isJson()) {
            terminal.tell(Terminal.event("remark").put("session", session.toString()).put("words", words));
        } else {
            terminal.data(session + " ... " + words);
        }
    }
}
