package dev.parley.cli.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.connection.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Real processes of the command line in a folder of a test, with the class path of the test.
final class Parleys implements AutoCloseable {
    static final int SECONDS = 120;

    final Path folder;
    private final List<Running> running = new ArrayList<>();

    Parleys(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("pw"), "open sesame\n");
        Files.writeString(folder.resolve("wrong"), "not this one\n");
    }

    /// One process and what it told.
    static final class Running {
        private final Process process;
        private final Path errors;
        private final Thread reader;
        private final List<JsonNode> events = new ArrayList<>();
        private boolean ended;

        Running(Process process, Path errors) {
            this.process = process;
            this.errors = errors;
            reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.startsWith("{") || !line.endsWith("}")) {
                        continue;
                    }
                    synchronized (this) {
                        events.add(Json.parse(line));
                        notifyAll();
                    }
                }
            } catch (IOException e) {
                // It was killed.
            }
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }

        synchronized JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (true) {
                var found = events.stream().filter(wanted).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long left = (until - System.nanoTime()) / 1_000_000;
                if (ended || left <= 0) {
                    throw new AssertionError((ended ? "it ended" : "nothing for " + SECONDS + " s") + " without the event; " + this);
                }
                wait(left);
            }
        }

        JsonNode await(String type) throws InterruptedException {
            return await(e -> e.path("type").asText().equals(type));
        }

        /// Waits until so many octets are confirmed.
        JsonNode awaitOffset(long offset) throws InterruptedException {
            return await(e -> e.path("type").asText().equals("checkpoint") && e.path("offset").asLong() >= offset);
        }

        synchronized List<JsonNode> told(String type) {
            return events.stream().filter(e -> e.path("type").asText().equals(type)).toList();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
            reader.join();
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        }

        int exit() throws InterruptedException {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end; " + this);
            }
            reader.join();
            return process.exitValue();
        }

        boolean isAlive() {
            return process.isAlive();
        }

        long pid() {
            return process.pid();
        }

        String words() {
            try {
                return Files.readString(errors);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public synchronized String toString() {
            return "events " + events.subList(Math.max(0, events.size() - 5), events.size()) + ", words: " + words();
        }
    }

    Running start(List<String> arguments) throws IOException {
        return start(arguments, Path.of("/dev/null"));
    }

    Running sendInput(Path input, String remote, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("send", "-", remote, "--password-file", "pw", "--state", "C", "--json"));
        arguments.addAll(List.of(more));
        return start(arguments, input);
    }

    private Running start(List<String> arguments, Path input) throws IOException {
        var line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), "dev.parley.cli.Parley"));
        line.addAll(arguments);
        var errors = Files.createTempFile(folder, "words", ".log");
        var process = new ProcessBuilder(line).directory(folder.toFile()).redirectInput(input.toFile()).redirectError(errors.toFile())
                .start();
        var started = new Running(process, errors);
        running.add(started);
        return started;
    }

    Running run(String... arguments) throws IOException, InterruptedException {
        var started = start(List.of(arguments));
        started.exit();
        return started;
    }

    void addUser(String name, String... more) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("user", "add", name, "--state", "S", "--password-file", "pw"));
        arguments.addAll(List.of(more));
        var added = start(arguments);
        if (added.exit() != 0) {
            throw new AssertionError(added);
        }
    }

    Running serve(String listen, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "inbox", "--listen", listen, "--state", "S", "--json"));
        arguments.addAll(List.of(more));
        return start(arguments);
    }

    /// Sends with small pages and many checkpoints, so that there is time to interfere.
    Running send(String file, String address, String... more) throws IOException {
        return sendAs("pw", file, "alice@" + address, more);
    }

    Running sendAs(String passwordFile, String file, String remote, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("send", file, remote, "--password-file", passwordFile, "--state", "C", "--json", "--page-size",
                "4KiB", "--checkpoint-every", "10", "--window", "4"));
        arguments.addAll(List.of(more));
        return start(arguments);
    }

    /// At most so much is sent twice for a fault: a window and the open interval.
    static final long WINDOW = 4096L * 10 * 5;

    Path file(String name, int size, long seed) throws IOException {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    Path inbox(String name) {
        return folder.resolve("inbox").resolve(name);
    }

    @Override
    public void close() {
        for (var process : running) {
            try {
                process.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
