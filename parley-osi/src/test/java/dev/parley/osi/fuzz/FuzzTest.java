package dev.parley.osi.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs the targets: on the kept corpus and on mutations of it always, guided by coverage (Jazzer, in a process of its own) in the slow profile.
class FuzzTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "dev", "parley", "osi", "fuzz");

    @Test
    void theKeptCorpusAndItsMutationsFindNothing() throws IOException {
        run("octets", OctetsTarget::fuzzerTestOneInput);
        run("machine", MachineTarget::fuzzerTestOneInput);
    }

    private static void run(String name, Consumer<byte[]> target) throws IOException {
        var corpus = corpus(name);
        assertThat(corpus).hasSizeGreaterThan(20);
        corpus.forEach(target);
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            var octets = corpus.get(random.nextInt(corpus.size())).clone();
            for (int n = random.nextInt(5); n >= 0 && octets.length > 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                target.accept(octets);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + " seed " + seed + " octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    /// One input a line, in hexadecimal.
    private static List<byte[]> corpus(String name) throws IOException {
        var inputs = new ArrayList<byte[]>();
        for (var line : Files.readAllLines(CORPUS.resolve(name + ".corpus"))) {
            if (!line.startsWith("#") && !line.isBlank()) {
                inputs.add(HexFormat.of().parseHex(line.strip()));
            }
        }
        return inputs;
    }

    /// `-Dosi.fuzz.seconds=N` for longer. A finding is printed with its octets; add them to the corpus.
    @ParameterizedTest
    @ValueSource(strings = {"octets", "machine"})
    @Tag("slow")
    void coverageGuidedFuzzingFindsNothing(String name, @TempDir Path folder) throws IOException, InterruptedException {
        var seeds = Files.createDirectory(folder.resolve("seeds"));
        int number = 0;
        for (var input : corpus(name)) {
            Files.write(seeds.resolve("seed" + number++), input);
        }
        var target = (name.equals("octets") ? OctetsTarget.class : MachineTarget.class).getName();
        var output = folder.resolve("output").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx600m", "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer", "--target_class=" + target, "--instrumentation_includes=dev.parley.**",
                        "-max_total_time=" + Integer.getInteger("osi.fuzz.seconds", 8), "-rss_limit_mb=1500", "-max_len=4096", seeds.toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output).start();

        assertThat(process.waitFor(10 + 4L * Integer.getInteger("osi.fuzz.seconds", 8), TimeUnit.SECONDS)).isTrue();
        var words = Files.readString(output.toPath(), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(words).isZero();
        assertThat(words).contains("Done ");
    }
}
