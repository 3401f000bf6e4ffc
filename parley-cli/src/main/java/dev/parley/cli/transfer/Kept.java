package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.server.ServedFolder;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// One session that is kept on this machine, at the server's side or at the client's.
///
/// @param what the command of a client, or the user and the direction at a server
/// @param safe octets that are confirmed and not yet in a complete file
record Kept(long number, boolean server, String what, String state, long touchedMillis, long safe, List<Store.Progress> files) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    /// All of them, the server's first, the newest first.
    static List<Kept> all(StateOption state) {
        var found = new ArrayList<Kept>();
        if (Files.exists(state.server().resolve("parley.db"))) {
            try (var store = SqliteStore.open(state.server())) {
                for (var s : store.sessions("")) {
                    found.add(of(s.number(), true, s.role() + " by " + s.user(), s.state(), s.touchedMillis(), store));
                }
            }
        }
        if (Files.exists(state.client().resolve("parley.db"))) {
            var commands = new Commands(state);
            try (var store = SqliteStore.open(state.client())) {
                for (var t : store.transfers()) {
                    var what = commands.find(t.session()).map(Commands.Command::text).orElse(t.command().replace('\n', ' '));
                    found.add(of(t.session(), false, what, t.state(), t.createdMillis(), store));
                }
            }
        }
        return found;
    }

    private static Kept of(long number, boolean server, String what, String state, long touched, Store store) {
        var files = store.progressOf(number);
        return new Kept(number, server, what, state, touched, files.stream().mapToLong(Store.Progress::offset).sum(), files);
    }

    String side() {
        return server ? "server" : "client";
    }

    String line() {
        return String.format("%-16d %-6s %-5s %s  %10s  %s", number, side(), state, TIME.format(Instant.ofEpochMilli(touchedMillis)),
                Size.text(safe), what);
    }

    ObjectNode json() {
        var event = Terminal.event("session").put("session", number).put("side", side()).put("what", what).put("state", state)
                .put("time", Instant.ofEpochMilli(touchedMillis).toString()).put("bytes", safe);
        var list = event.putArray("files");
        for (var file : files) {
            list.addObject().put("name", file.item()).put("bytes", file.offset()).put("size", file.size()).put("checkpoint", file.serial());
        }
        return event;
    }

    /// Forgets it, with the unfinished files it left.
    void remove(StateOption state) throws IOException {
        try (var store = SqliteStore.open(server ? state.server() : state.client())) {
            if (server) {
                var folder = ServedFolder.of(state.server());
                var session = store.session(number);
                if (folder.isPresent() && session.isPresent()) {
                    Target.discardAll(folder.get().resolve(session.get().root()), number);
                }
                store.removeSession(number);
                return;
            }
            var commands = new Commands(state);
            var command = commands.find(number);
            if (command.isPresent() && command.get().arguments().getFirst().equals("get")) {
                Destination.discard(command.get().arguments().getLast(), number);
            }
            for (var transfer : store.transfers()) {
                if (transfer.session() == number) {
                    store.removeTransfer(transfer.command());
                }
            }
            store.removeSession(number);
            commands.forget(number);
        }
    }
}
