package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.connection.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The commands whose sessions are not done, by session number, so that `parley resume N` can run them again. They hold no secrets.
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

        String text() {
            return "parley " + arguments.stream().map(Commands::quoted).collect(Collectors.joining(" "));
        }
    }

    private final Path folder;
    private final StateOption state;

    Commands(StateOption state) {
        this.state = state;
        this.folder = state.client().resolve("commands");
    }

    void remember(long session, Command command) {
        var words = Json.object().put("remote", command.remote());
        command.arguments().forEach(words.putArray("arguments")::add);
        try {
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(folder, "new", ".json");
            Files.writeString(fresh, words.toString());
            Files.move(fresh, file(session), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Command> find(long session) {
        try {
            var words = Json.parse(Files.readString(file(session)));
            var arguments = new ArrayList<String>();
            for (JsonNode argument : words.path("arguments")) {
                arguments.add(argument.asText());
            }
            return Optional.of(new Command(arguments, (int) Json.number(words, "remote", 0, arguments.size() - 1)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The sessions that can be resumed, the newest first.
    List<Long> sessions() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.matches("\\d+\\.json"))
                    .map(n -> Long.valueOf(n.substring(0, n.length() - 5))).sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(long session) {
        try {
            Files.deleteIfExists(file(session));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What to type to go on.
    String continuation(long session, Command command) {
        return session == 0
                ? command.text()
                : "parley resume " + session + (state.isGiven() ? " --state " + quoted(state.given().toString()) : "");
    }

    static String quoted(String argument) {
        return argument.matches("[A-Za-z0-9_@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private Path file(long session) {
        return folder.resolve(session + ".json");
    }
}
