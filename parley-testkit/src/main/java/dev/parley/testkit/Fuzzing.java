package dev.parley.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs a fuzz target on what was kept of earlier runs, on mutations of it, and guided by coverage (Jazzer, in a process of its own).
///
/// @param type the class with `fuzzerTestOneInput`
/// @param target the same method
/// @param corpus the kept inputs: one a line, in hexadecimal
/// @param instrumented the packages whose coverage guides, such as `dev.parley.osi.**`
public record Fuzzing(Class<?> type, Consumer<byte[]> target, Path corpus, String instrumented) {
    private static final int LEAST_INPUTS = 6;

    public List<byte[]> inputs() throws IOException {
        var inputs = new ArrayList<byte[]>();
        for (var line : Files.readAllLines(corpus)) {
            if (!line.startsWith("#") && !line.isBlank()) {
                inputs.add(HexFormat.of().parseHex(line.strip()));
            }
        }
        require(inputs.size() >= LEAST_INPUTS, corpus + " has only " + inputs.size() + " inputs");
        return inputs;
    }

    /// @param count of mutations
    /// @throws AssertionError with the seed and the octets when the target throws
    public void mutations(int count) throws IOException {
        var inputs = inputs();
        inputs.forEach(target);
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < count; i++) {
            var octets = inputs.get(random.nextInt(inputs.size())).clone();
            for (int n = random.nextInt(5); n >= 0 && octets.length > 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                target.accept(octets);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(type.getSimpleName() + " seed " + seed + " octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    /// @param folder an empty one
    /// @throws AssertionError with all that Jazzer says when it finds something
    public void guided(Path folder, int seconds) throws IOException, InterruptedException {
        var seeds = Files.createDirectory(folder.resolve("seeds"));
        int number = 0;
        for (var input : inputs()) {
            Files.write(seeds.resolve("seed" + number++), input);
        }
        var output = folder.resolve("output").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx600m", "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer", "--target_class=" + type.getName(), "--instrumentation_includes=" + instrumented,
                        // A target may speak over real sockets, which this one takes for an attack.
                        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery",
                        "-max_total_time=" + seconds, "-rss_limit_mb=1500", "-max_len=4096", seeds.toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output).start();
        boolean ended = process.waitFor(60 + 4L * seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        var words = Files.readString(output.toPath(), StandardCharsets.ISO_8859_1);
        require(ended && process.exitValue() == 0 && words.contains("Done "), words);
    }

    private static void require(boolean holds, String words) {
        if (!holds) {
            throw new AssertionError(words);
        }
    }
}
