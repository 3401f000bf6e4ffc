package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.admin.SessionInfo;
import java.time.Instant;

/// A session as a server tells of it, for people and for programs.
final class RemoteRow {
    private RemoteRow() {}

    static void tell(Terminal terminal, SessionInfo session) {
        if (terminal.isJson()) {
            terminal.tell(json(session));
        } else {
            terminal.data(line(session));
        }
    }

    static void tell(Terminal terminal, SessionInfo.Detail detail) {
        if (terminal.isJson()) {
            var event = json(detail.session()).put("more", detail.more());
            var files = event.putArray("files");
            for (var i : detail.items()) {
                files.addObject().put("name", i.name()).put("bytes", i.offset()).put("size", i.size()).put("checkpoint", i.serial());
            }
            terminal.tell(event);
            return;
        }
        terminal.data(line(detail.session()));
        for (var i : detail.items()) {
            var size = i.size() < 0 ? "unknown size" : Size.text(i.size());
            terminal.data("    " + i.name() + ": " + Size.text(i.offset()) + " of " + size + " safe, checkpoint " + i.serial());
        }
        if (detail.more() > 0) {
            terminal.data("    and " + detail.more() + " more");
        }
    }

    private static String line(SessionInfo s) {
        return String.format("%-16d %-5s %s  %s by %s%s", s.number(), s.state(), Instant.ofEpochMilli(s.touchedMillis()), s.role(), s.user(),
                s.connected() ? ", connected" : "");
    }

    private static ObjectNode json(SessionInfo s) {
        return Terminal.event("session").put("session", s.number()).put("side", "server").put("what", s.role() + " by " + s.user())
                .put("state", s.state()).put("time", Instant.ofEpochMilli(s.touchedMillis()).toString()).put("connected", s.connected());
    }
}
