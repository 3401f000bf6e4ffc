package dev.parley.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What Wireshark's dissectors see in a capture: the second opinion.
final class Tshark {
    private Tshark() {}

    /// Skips the test where tshark is missing, except in CI: there it must be.
    static void needed() throws InterruptedException {
        boolean present;
        try {
            present = new ProcessBuilder("tshark", "--version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        }
        assertThat(present || System.getenv("CI") == null).as("tshark is missing in CI").isTrue();
        assumeTrue(present, "tshark is missing: apt-get install tshark");
    }

    /// The lines that it prints.
    static List<String> lines(Path capture, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        return text.lines().toList();
    }

    /// One list a packet that the filter lets through: the values of each field, between commas when there are several.
    static List<List<String>> fields(Path capture, String filter, List<String> more, String... fields) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(more);
        arguments.addAll(List.of("-Y", filter, "-T", "fields"));
        for (var field : fields) {
            arguments.addAll(List.of("-e", field));
        }
        return lines(capture, arguments.toArray(String[]::new)).stream().map(line -> List.of(line.split("\t", -1))).toList();
    }
}
