package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.server.ServedFolder;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.admin.SessionAdmin;
import dev.parley.transfer.admin.SessionInfo;
import dev.parley.transfer.admin.StoreAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;

/// One place where sessions are kept, `server` or `client`, and how they are told of.
record Side(String name, SessionAdmin sessions) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    /// Goes through both sides of this machine, the server's first.
    ///
    /// @param server whose sessions are meant at the client's side, by the beginning of its fingerprint; empty for those of all servers
    static void local(StateOption state, String server, Consumer<Side> work) throws IOException {
        if (isUsed(state.server())) {
            try (var store = SqliteStore.open(state.server())) {
                var folder = ServedFolder.of(state.server()).orElse(state.server());
                work.accept(new Side("server", new StoreAdmin(
                        store, folder, StoreAdmin.Connections.NONE, System::currentTimeMillis, Optional.empty())));
            }
        }
        if (isUsed(state.client())) {
            try (var store = SqliteStore.open(state.client())) {
                work.accept(new Side("client", new ClientSessions(store, new Commands(state), server)));
            }
        }
    }

    static boolean isUsed(Path folder) {
        return Files.exists(folder.resolve("parley.db"));
    }

    void tell(Terminal terminal, SessionInfo session) {
        if (terminal.isJson()) {
            terminal.tell(json(session));
        } else {
            terminal.data(line(session));
        }
    }

    void tell(Terminal terminal, SessionInfo.Detail detail) {
        if (terminal.isJson()) {
            var event = json(detail.session()).put("more", detail.more());
            var files = event.putArray("files");
            for (var i : detail.items()) {
                files.addObject().put("name", i.name()).put("bytes", i.offset()).put("size", i.size()).put("checkpoint", i.serial())
                        .put("complete", i.serial() == 0);
            }
            terminal.tell(event.put("sent_bytes", detail.sent()));
            return;
        }
        terminal.data(line(detail.session()));
        for (var i : detail.items()) {
            var size = i.size() < 0 ? "unknown size" : Size.text(i.size());
            terminal.data("    " + i.name() + ": " + (i.serial() == 0 ? size + ", complete"
                    : Size.text(i.offset()) + " of " + size + " safe, checkpoint " + i.serial()));
        }
        if (detail.more() > 0) {
            terminal.data("    and " + detail.more() + " more");
        }
        if (detail.sent() > 0) {
            terminal.data("    " + Size.text(detail.sent()) + " sent over all runs; the receiver knows how much of it is safe");
        }
    }

    private static String what(SessionInfo s) {
        return s.user().isEmpty() ? s.role() : s.role() + " by " + s.user();
    }

    private String line(SessionInfo s) {
        return String.format("%-16d %-6s %-5s %s  %s%s", s.number(), name, s.state(), TIME.format(Instant.ofEpochMilli(s.touchedMillis())),
                what(s), s.connected() ? ", connected" : "");
    }

    private ObjectNode json(SessionInfo s) {
        return Terminal.event("session").put("session", s.number()).put("side", name).put("what", what(s)).put("state", s.state())
                .put("time", Instant.ofEpochMilli(s.touchedMillis()).toString()).put("connected", s.connected());
    }
}
