package dev.parley.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.session.connection.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A process of this same program whose events are followed. Killing it is real: nothing in it gets the chance to tidy up.
final class Actor implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String role;
    private final Process process;
    private final Path errors;
    private final Thread reader;
    private final List<JsonNode> events = new ArrayList<>();
    private boolean ended;

    /// @param arguments of `parley`
    /// @param errors where its words for people go
    Actor(String role, List<String> arguments, Path errors, Consumer<JsonNode> listener) throws IOException {
        this.role = role;
        this.errors = errors;
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> !a.startsWith("-Dparley.") && !a.startsWith("-agent") && !a.startsWith("-javaagent")).forEach(line::add);
        line.addAll(List.of("-cp", System.getProperty("java.class.path", ""), "dev.parley.cli.Parley"));
        line.addAll(arguments);
        process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())).start();
        process.getOutputStream().close();
        reader = Thread.ofVirtual().start(() -> read(listener));
    }

    private void read(Consumer<JsonNode> listener) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var event = Json.parse(line);
                listener.accept(event);
                synchronized (this) {
                    events.add(event);
                    notifyAll();
                }
            }
        } catch (IOException | SessionException.ProtocolViolation e) {
            // It was killed in the middle of a line.
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    long pid() {
        return process.pid();
    }

    /// Waits for an event after those that were there at the mark.
    ///
    /// @throws CommandFailed when the process ends without it, or nothing comes for a minute
    synchronized JsonNode await(String what, int mark, Predicate<JsonNode> wanted) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        int at = mark;
        while (true) {
            for (; at < events.size(); at++) {
                if (wanted.test(events.get(at))) {
                    return events.get(at);
                }
            }
            long left = (until - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                throw new CommandFailed(ExitCode.OTHER, "the " + role + (ended ? " ended before " : " did not come to ") + what + ": see " + errors);
            }
            wait(left);
        }
    }

    static Predicate<JsonNode> type(String type) {
        return event -> event.path("type").asText().equals(type);
    }

    /// How far the last checkpoint is; 0 without one.
    synchronized long lastOffset() {
        return events.stream().filter(type("checkpoint")).mapToLong(e -> e.path("offset").asLong()).max().orElse(0);
    }

    /// How many events there are.
    synchronized int mark() {
        return events.size();
    }

    /// As `kill -9`, and waits until it is gone.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    /// Waits for the end of the process; returns its exit code.
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new CommandFailed(ExitCode.OTHER, "the " + role + " does not end: see " + errors);
        }
        reader.join();
        return process.exitValue();
    }

    /// Asks it to end in good order.
    @Override
    public void close() {
        process.destroy();
    }
}
