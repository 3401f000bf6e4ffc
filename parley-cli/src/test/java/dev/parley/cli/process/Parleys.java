package dev.parley.cli.process;

import dev.parley.cli.Parley;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Commands in a folder of a test: processes where something is killed, stopped or read from outside, and threads of the test otherwise,
/// because a Java that starts costs seconds of CPU.
final class Parleys implements AutoCloseable {
    final Path folder;
    private final List<Child> processes = new ArrayList<>();

    Parleys(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("pw"), "open sesame\n");
        Files.writeString(folder.resolve("wrong"), "not this one\n");
    }

    /// With the class path of the test.
    static final class Child extends Running {
        private final Process process;
        private final Path errors;
        private final Thread reader;

        Child(Process process, Path errors) {
            this.process = process;
            this.errors = errors;
            // Not a virtual one: to read from a pipe holds a carrier, and a machine with two processors has two.
            reader = Thread.ofPlatform().daemon().start(() -> follow(process.getInputStream()));
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
            reader.join();
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        }

        @Override
        int exit() throws InterruptedException {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end; " + this);
            }
            reader.join();
            return process.exitValue();
        }

        /// Waits until it has said this to people.
        void awaitWords(String part) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (!words().contains(part)) {
                if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > until) {
                    throw new AssertionError("it never said '" + part + "'; " + this);
                }
            }
        }

        boolean isAlive() {
            return process.isAlive();
        }

        long pid() {
            return process.pid();
        }

        @Override
        String words() {
            try {
                return Files.readString(errors);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class InThread extends Running {
        private final ByteArrayOutputStream words = new ByteArrayOutputStream();
        private final CompletableFuture<Integer> code;

        InThread(String... arguments) {
            code = CompletableFuture.supplyAsync(() -> {
                try (var told = told()) {
                    return Parley.run(told, words, arguments);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }, work -> Thread.ofPlatform().daemon().name("parley " + arguments[0]).start(work));
        }

        @Override
        int exit() throws InterruptedException {
            try {
                return code.get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("it does not end well; " + this, e);
            }
        }

        @Override
        String words() {
            return words.toString(StandardCharsets.UTF_8);
        }
    }

    /// A command in a process of its own, in the test's folder.
    Child process(String... arguments) throws IOException {
        return process(Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, arguments);
    }

    /// With a variable of the environment more.
    Child processWith(String variable, String value, String... arguments) throws IOException {
        return process(List.of("env", variable + "=" + value), Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, Parley.class, arguments);
    }

    /// @param output where its standard output goes; a pipe is read as events
    Child process(Path input, ProcessBuilder.Redirect output, String... arguments) throws IOException {
        return process(List.of(), input, output, Parley.class, arguments);
    }

    /// Several commands in one process.
    Child several(List<String[]> commands) throws IOException {
        var all = commands.stream().flatMap(c -> Stream.concat(Stream.of(Several.NEXT), Stream.of(c))).skip(1).toArray(String[]::new);
        return process(List.of(), Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, Several.class, all);
    }

    /// A command in another network namespace.
    Child inSpace(String space, String... arguments) throws IOException {
        return process(List.of("ip", "netns", "exec", space), Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, Parley.class, arguments);
    }

    /// A command with limits of the system, as `prlimit` takes them.
    Child limited(String limit, String... arguments) throws IOException {
        return process(List.of("prlimit", limit), Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, Parley.class, arguments);
    }

    /// A command that may do no more with files than their modes say, also when root runs the test.
    Child unprivileged(String... arguments) throws IOException {
        var through = System.getProperty("user.name").equals("root")
                ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.<String>of();
        return process(through, Path.of("/dev/null"), ProcessBuilder.Redirect.PIPE, Parley.class, arguments);
    }

    private Child process(List<String> through, Path input, ProcessBuilder.Redirect output, Class<?> program, String... arguments)
            throws IOException {
        var line = new ArrayList<>(through);
        line.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Xmx128m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), program.getName()));
        line.addAll(List.of(arguments));
        var errors = Files.createTempFile(folder, "words", ".log");
        var started = new Child(new ProcessBuilder(line).directory(folder.toFile()).redirectInput(input.toFile()).redirectOutput(output)
                .redirectError(errors.toFile()).start(), errors);
        processes.add(started);
        return started;
    }

    /// A command in a thread of the test.
    Running thread(String... arguments) {
        return new InThread(arguments);
    }

    /// The same to its end.
    Running run(String... arguments) throws InterruptedException {
        var started = thread(arguments);
        started.exit();
        return started;
    }

    /// A file or folder of the test as it stands in a command line; a thread has no folder of its own.
    String at(String name) {
        return folder.resolve(name).toString();
    }

    void addUser(String name) throws InterruptedException {
        var added = run("user", "add", name, "--state", at("S"), "--password-file", at("pw"));
        if (added.exit() != 0) {
            throw new AssertionError(added);
        }
    }

    Child serve(String listen, String... more) throws IOException {
        return process(with(more, "serve", at("inbox"), "--listen", listen, "--state", at("S"), "--json"));
    }

    /// The command that sends with small pages and many checkpoints.
    String[] send(String file, String address, String... more) {
        return sendAs("pw", file, "alice@" + address, more);
    }

    String[] sendAs(String passwordFile, String file, String remote, String... more) {
        return with(more, "send", file.equals("-") ? "-" : at(file), remote, "--password-file", at(passwordFile), "--state", at("C"), "--json",
                "--page-size", "4KiB", "--checkpoint-every", "10", "--window", "4");
    }

    /// The command that fetches, with checkpoints as close.
    String[] get(String remote, String destination, String... more) {
        return with(more, "get", remote, destination, "--password-file", at("pw"), "--state", at("C"),
                "--page-size", "4KiB", "--checkpoint-every", "10", "--window", "4");
    }

    private static String[] with(String[] more, String... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
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
        for (var child : processes) {
            child.process.destroyForcibly().onExit().join();
        }
    }
}
