package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The launcher script itself, on a terminal of its own, with a Java that takes the classes of the test.
@Timeout(300)
class LauncherTest {
    private static final String JAVA = """
            #!/usr/bin/env bash
            words=()
            while (($#)); do
              if [ "$1" = -cp ]; then words+=(-cp "$TEST_CLASS_PATH"); shift 2; else words+=("$1"); shift; fi
            done
            exec "$TEST_JAVA" "${words[@]}"
            """;

    @TempDir
    Path folder;

    @Test
    void noUpdateOfTheProgressIsWiderThanTheTerminal() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script (util-linux) makes the terminal");
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            parleys.file("a-file-with-a-long-name.img", 1_500_000, 70);

            var shown = onTerminal(50, install() + " send " + parleys.at("a-file-with-a-long-name.img") + " alice@" + ready.path("address").asText()
                    + " --password-file " + parleys.at("pw") + " --state " + parleys.at("C") + " --page-size 4KiB --bwlimit 1MiB --fingerprint "
                    + ready.path("fingerprint").asText());

            var updates = Arrays.stream(shown.split("[\r\n]+")).map(l -> l.replace("\u001b[2K", "")).filter(l -> l.contains("% ")).toList();
            assertThat(updates).as(shown).isNotEmpty().allMatch(l -> l.length() < 50);
        }
    }

    /// A place as the launcher knows it, built already.
    private Path install() throws IOException {
        var app = Files.createDirectories(folder.resolve("home/parley-cli/target/app"));
        // Newer than whatever it is made of.
        Files.setLastModifiedTime(Files.createFile(app.resolve("parley-cli-0.jar")), FileTime.from(Instant.now().plusSeconds(3600)));
        Files.createFile(app.resolve("parley.aot"));
        var directives = Path.of("parley-cli/src/main/launcher/hot.directives");
        Files.createDirectories(folder.resolve("home").resolve(directives).getParent());
        Files.copy(Path.of("..").resolve(directives), folder.resolve("home").resolve(directives));
        var java = folder.resolve("jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        return Files.copy(Path.of("..", "parley"), folder.resolve("home/parley"));
    }

    private String onTerminal(int columns, String command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of("script", "-qec", "stty cols " + columns + " rows 20; bash " + command, "/dev/null"))
                .directory(folder.toFile()).redirectErrorStream(true).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("PARLEY_JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("TEST_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("TEST_CLASS_PATH", System.getProperty("java.class.path"));
        var process = builder.start();
        var shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(shown).isZero();
        return shown;
    }
}
