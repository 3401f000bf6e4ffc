package dev.parley.cli.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/// Which run of a command works for its transfer: the newest. An older one that wakes up, because it was stopped or slept, sees that and ends
/// instead of taking the session back.
final class Ownership {
    private final Path file;
    private final String mine = ProcessHandle.current().pid() + " " + UUID.randomUUID();

    /// @param identity what makes two runs the same transfer
    Ownership(Path state, String identity) {
        file = state.resolve("runs").resolve(UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString());
    }

    void claim() {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, mine);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isMine() {
        try {
            return Files.readString(file).equals(mine);
        } catch (NoSuchFileException e) {
            // The newer run is done.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void release() {
        try {
            if (isMine()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
