package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.connection.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// The commands whose sessions are not done, by session number and server, so that `parley resume N` can run them again. Two servers may
/// have given the same number. They hold no secrets.
final class Commands {
    /// @param arguments the name of the command first; they mean the same in any folder
    /// @param remote which of them is the other side
    record Command(List<String> arguments, int remote) {
        /// The same with the server at another address; user and path stay.
        Command at(Remote server) {
            var old = Remote.of(arguments.get(remote));
            var changed = new ArrayList<>(arguments);
            changed.set(remote, (old.user().isEmpty() ? "" : old.user() + "@") + server.server() + (old.path().isEmpty() ? "" : "/" + old.path()));
            return new Command(changed, remote);
        }

        /// The same with another value of an option that has one.
        Command with(String option, String value) {
            var changed = new ArrayList<>(arguments);
            int at = changed.indexOf(option);
            if (at > 0) {
                changed.set(at + 1, value);
                return new Command(changed, remote);
            }
            changed.addAll(1, List.of(option, value));
            return new Command(changed, remote + 2);
        }

        /// The server as `--at` wants it.
        String at() {
            var there = Remote.of(arguments.get(remote));
            return quoted((there.user().isEmpty() ? "" : there.user() + "@") + there.server());
        }

        String text() {
            return "parley " + arguments.stream().map(Commands::quoted).collect(Collectors.joining(" "));
        }
    }

    /// A command and its session.
    ///
    /// @param server the fingerprint of the server that gave the number
    record Known(long session, String server, Command command) {}

    private final Path folder;
    private final StateOption state;

    Commands(StateOption state) {
        this.state = state;
        this.folder = state.client().resolve("commands");
    }

    void remember(long session, String server, Command command) {
        var words = Json.object().put("server", server).put("remote", command.remote());
        command.arguments().forEach(words.putArray("arguments")::add);
        try {
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, "new", ".json");
            Files.writeString(fresh, words.toString());
            Files.move(fresh, file(session, server), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Command> find(long session, String server) {
        return read(file(session, server)).map(words -> known(session, words).command());
    }

    /// What this number may mean: one command for each server that gave it.
    List<Known> find(long session) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith(session + "-")).sorted()
                    .flatMap(f -> read(f).stream()).map(words -> known(session, words)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<JsonNode> read(Path file) {
        try {
            return Optional.of(Json.parse(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Known known(long session, JsonNode words) {
        var arguments = new ArrayList<String>();
        for (JsonNode argument : words.path("arguments")) {
            arguments.add(argument.asText());
        }
        return new Known(session, Json.text(words, "server"), new Command(arguments, (int) Json.number(words, "remote", 0, arguments.size() - 1)));
    }

    /// When somebody last worked for it, in ms since 1970.
    Optional<Long> touched(long session, String server) {
        try {
            return Optional.of(Files.getLastModifiedTime(file(session, server)).toMillis());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Somebody works for it.
    void touch(long session, String server) {
        try {
            Files.setLastModifiedTime(file(session, server), FileTime.fromMillis(System.currentTimeMillis()));
        } catch (IOException e) {
            // Cancelled meanwhile, or it cannot be: it is only younger than it looks.
            return;
        }
    }

    void forget(long session, String server) {
        try {
            Files.deleteIfExists(file(session, server));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What to type to go on.
    String continuation(long session, Command command) {
        return session == 0 || find(session).size() > 1
                ? command.text()
                : "parley resume " + session + (state.isGiven() ? " --state " + quoted(state.given().toAbsolutePath().normalize().toString()) : "");
    }

    static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private Path file(long session, String server) {
        return folder.resolve(session + "-" + UUID.nameUUIDFromBytes(server.getBytes(StandardCharsets.UTF_8)) + ".json");
    }
}
