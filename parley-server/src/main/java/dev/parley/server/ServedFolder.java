package dev.parley.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Which folder a state belongs to, so that commands beside the daemon find what sessions left unfinished.
public final class ServedFolder {
    private static final String NAME = "folder";

    private ServedFolder() {}

    static void remember(Path state, Path folder) throws IOException {
        Files.writeString(state.resolve(NAME), folder.toString());
    }

    /// Empty when no daemon ran with this state.
    public static Optional<Path> of(Path state) throws IOException {
        try {
            return Optional.of(Path.of(Files.readString(state.resolve(NAME))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
