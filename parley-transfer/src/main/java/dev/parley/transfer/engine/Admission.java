package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRequest;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.SafePath;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a user may do who has logged in: rights, folders and settings are checked first, and only then a session begins or goes on. Blocking.
final class Admission {
    /// What the store and the disk said about a new connection.
    ///
    /// @param room to be left when the connection has ended
    /// @param sent octets that this side sent in the session before
    record Begun(Store.User user, Store.Session session, boolean sends, Settings settings, Path root, Target.OnExists onExists,
            FileOptions options, Inbox.Room room, List<Source> sources, List<String> warnings, Optional<FlowRequest> flow,
            boolean isNew, long sent) {}

    /// The session that should go on is not known here, or not this user's, or belongs to another folder: nobody learns which.
    static final class Forgotten extends Exception {
        private static final long serialVersionUID = 1;

        Forgotten(long session) {
            super("session " + session + " is not one of yours for this folder");
        }
    }

    /// What a client wants to get is not there, or cannot be read.
    static final class NoSource extends Exception {
        private static final long serialVersionUID = 1;

        NoSource(String words) {
            super(words);
        }
    }

    private final TransferServer server;
    private final long now;
    /// About what is there and is not sent.
    private final List<String> warnings = new ArrayList<>();

    /// @param now ms since 1970
    Admission(TransferServer server, long now) {
        this.server = server;
        this.now = now;
    }

    /// @throws SessionException when the user may not do that
    Begun begin(Store.User user, JsonNode words) throws IOException, Forgotten, NoSource {
        var role = Json.text(words, "role");
        var settings = Settings.read(words);
        return switch (role) {
            case "admin" -> new Begun(user, server.store().newSession(user.name(), role, now), false, settings, server.folder(),
                    Target.OnExists.FAIL, FileOptions.DEFAULT, UserRoom.UNLIMITED, List.of(), List.of(), Optional.empty(), true, 0);
            case "get", "send" -> transfer(user, words, settings, role);
            default -> throw new SessionException.Refused("the role is 'send', 'get' or 'admin', not '" + role + "'");
        };
    }

    private Begun transfer(Store.User user, JsonNode words, Settings settings, String role) throws IOException, Forgotten, NoSource {
        boolean get = role.equals("get");
        if (get ? !user.mayGet() : !user.maySend()) {
            throw new SessionException.Refused("the user " + user.name() + " has no right to " + role);
        }
        var own = user.root().isEmpty() ? server.folder() : SafePath.resolve(server.folder(), user.root());
        var root = own;
        var path = words.path("path").asText("");
        var options = new FileOptions(
                words.path("checksum").asBoolean(), words.path("links").asText("KEEP").equals("SKIP") ? Sources.Links.SKIP : Sources.Links.KEEP,
                words.path("anew").asBoolean());
        var sources = get ? served(root, path, options.links()) : List.<Source>of();
        if (!get && !name(path).isEmpty()) {
            root = SafePath.folder(root, name(path));
        }
        Files.createDirectories(root);
        var onExists = onExists(words.path("onExists").asText("fail"));
        long size = get ? sources.stream().mapToLong(Source::size).sum() : words.path("flow").path("size").asLong(-1);
        // Before there is a session: what cannot be leaves none behind.
        flow(words.path("flow"), user, 0, size);
        long resume = words.path("resume").asLong(0);
        var place = get ? "" : server.folder().relativize(root).toString();
        var room = get ? UserRoom.UNLIMITED : server.rooms().enter(user, own);
        try {
            var session = resume == 0 ? server.store().newSession(user.name(), role, place, now) : takeOver(resume, user, role, place);
            return new Begun(user, session, get, settings, root, onExists, options, room, sources, warnings,
                    Optional.of(flow(words.path("flow"), user, session.number(), size)), resume == 0, server.store().sent(session.number()));
        } catch (Forgotten | RuntimeException e) {
            server.rooms().leave(room);
            throw e;
        }
    }

    private static Target.OnExists onExists(String text) {
        try {
            return Target.OnExists.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SessionException.Refused("a file that exists is kept (fail), replaced or renamed; there is no '" + text + "'");
        }
    }

    /// Without the slashes at its end.
    private static String name(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /// What a client wants to get. Links are never followed for it, because they might lead out of the folder.
    private List<Source> served(Path root, String wanted, Sources.Links links) throws IOException, NoSource {
        var name = name(wanted);
        var path = name.isEmpty() ? root : SafePath.resolve(root, name);
        if (!Files.exists(path)) {
            throw new NoSource("there is no " + wanted + " here");
        }
        if (!path.toRealPath().startsWith(root.toRealPath())) {
            throw new SessionException.Refused("the name '" + wanted + "' is refused: it leads out of the served folder");
        }
        try {
            return new Sources(links, words -> warn(root, words))
                    .find(path + (name.length() == wanted.length() && !name.isEmpty() ? "" : "/"));
        } catch (IOException e) {
            server.log(String.valueOf(e.getMessage()));
            throw new NoSource(without(root, String.valueOf(e.getMessage())));
        }
    }

    private void warn(Path root, String words) {
        server.log(words);
        warnings.add(without(root, words));
    }

    /// Where the folder is that the user sees is nobody's business.
    private static String without(Path root, String words) {
        return words.replace(root + root.getFileSystem().getSeparator(), "");
    }

    private static FlowRequest flow(JsonNode words, Store.User user, long session, long size) {
        return new FlowRequest(
                words.path("class").asText(FlowRules.DEFAULT_CLASS), words.path("priority").asInt(FlowRequest.DEFAULT_PRIORITY), size,
                words.path("waits").asBoolean(true), session, user.name() + ", session " + session);
    }

    /// The newest connection wins: an older one of the same session is fenced before anything is read or written.
    private Store.Session takeOver(long number, Store.User user, String role, String root) throws Forgotten {
        var old = server.store().session(number)
                .filter(s -> s.user().equals(user.name()) && s.role().equals(role) && s.root().equals(root));
        if (old.isEmpty()) {
            throw new Forgotten(number);
        }
        server.revoke(number);
        return server.store().takeOver(number, now);
    }
}
