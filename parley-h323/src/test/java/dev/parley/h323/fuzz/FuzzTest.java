package dev.parley.h323.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What hostile octets of a peer do: on the kept corpus (captured calls, worked octets, earlier findings) and on mutations of it always, guided by
/// coverage (Jazzer, in a process of its own) in the slow profile.
class FuzzTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "dev", "parley", "h323", "fuzz");
    private static final int SECONDS = Integer.getInteger("h323.fuzz.seconds", 5);
    private static final int MUTATIONS = 2_000;

    private enum Door {
        CALL(CallTarget.class, CallTarget::fuzzerTestOneInput),
        CONTROL(ControlTarget.class, ControlTarget::fuzzerTestOneInput),
        RAS(RasTarget.class, RasTarget::fuzzerTestOneInput),
        RTP(RtpTarget.class, RtpTarget::fuzzerTestOneInput);

        private final Class<?> type;
        private final Consumer<byte[]> target;

        Door(Class<?> type, Consumer<byte[]> target) {
            this.type = type;
            this.target = target;
        }

        /// One input a line, in hexadecimal.
        private List<byte[]> corpus() throws IOException {
            var inputs = new ArrayList<byte[]>();
            for (var line : Files.readAllLines(CORPUS.resolve(name().toLowerCase(Locale.ROOT) + ".corpus"))) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    inputs.add(HexFormat.of().parseHex(line.strip()));
                }
            }
            assertThat(inputs).hasSizeGreaterThan(5);
            return inputs;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeptCorpusAndItsMutationsFindNothing(Door door) throws IOException {
        var corpus = door.corpus();
        corpus.forEach(door.target);
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            var octets = corpus.get(random.nextInt(corpus.size())).clone();
            for (int n = random.nextInt(5); n >= 0 && octets.length > 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            try {
                door.target.accept(octets);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(door + " seed " + seed + " octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    /// `-Dh323.fuzz.seconds=N` for longer. A finding is printed with its octets; add them to the corpus.
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void coverageGuidedFuzzingFindsNothing(Door door, @TempDir Path folder) throws IOException, InterruptedException {
        var seeds = Files.createDirectory(folder.resolve("seeds"));
        int number = 0;
        for (var input : door.corpus()) {
            Files.write(seeds.resolve("seed" + number++), input);
        }
        var output = folder.resolve("output").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx600m", "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer", "--target_class=" + door.type.getName(),
                        "--instrumentation_includes=dev.parley.h323.**", "-max_total_time=" + SECONDS, "-rss_limit_mb=1500", "-max_len=4096",
                        seeds.toString())
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output).start();

        assertThat(process.waitFor(60 + 4L * SECONDS, TimeUnit.SECONDS)).isTrue();
        var words = Files.readString(output.toPath(), StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(words).isZero();
        assertThat(words).contains("Done ");
    }
}
