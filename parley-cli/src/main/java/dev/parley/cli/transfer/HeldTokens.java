package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Span;
import dev.parley.session.connection.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Which processes of this state folder wait for a flow token or hold one, so that another one can end them. A process is known by its number
/// and the time of its start: numbers are used again.
record HeldTokens(Path folder) {
    /// Says so until it is closed.
    record Mark(Path file) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static HeldTokens of(StateOption state) {
        return new HeldTokens(state.client().resolve("tokens"));
    }

    Mark mark(String flowClass) {
        var mine = ProcessHandle.current();
        var file = folder.resolve(mine.pid() + ".json");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, Json.object().put("class", flowClass).put("started", started(mine)).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Mark(file);
    }

    /// Ends those of a class as SIGTERM does, and waits until they are gone.
    ///
    /// @param patience how long that may take altogether
    /// @return how many there were
    /// @throws CommandFailed when one is still there
    int end(String flowClass, Duration patience) {
        var found = running(flowClass);
        found.forEach(ProcessHandle::destroy);
        long until = System.nanoTime() + patience.toNanos();
        for (var process : found) {
            try {
                process.onExit().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new CommandFailed(ExitCode.OTHER, "process " + process.pid() + ", a `parley tokens request`, was asked to end and is still "
                        + "there after " + Span.text(patience) + "; it gives the token back when it ends: kill -9 " + process.pid(), "", "", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailed(ExitCode.INTERRUPTED, "interrupted", "", "", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return found.size();
    }

    private List<ProcessHandle> running(String flowClass) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var found = new ArrayList<ProcessHandle>();
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            for (var file : files) {
                var words = Json.parse(Files.readString(file));
                var pid = Long.parseLong(String.valueOf(file.getFileName()).replace(".json", ""));
                var process = ProcessHandle.of(pid).filter(p -> started(p) == words.path("started").asLong());
                if (process.isEmpty()) {
                    // It was killed before it could take its mark away.
                    Files.delete(file);
                } else if (words.path("class").asText().equals(flowClass)) {
                    found.add(process.get());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static long started(ProcessHandle process) {
        Optional<Instant> start = process.info().startInstant();
        return start.map(Instant::toEpochMilli).orElse(0L);
    }
}
