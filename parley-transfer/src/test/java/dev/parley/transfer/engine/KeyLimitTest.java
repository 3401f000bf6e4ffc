package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS keys wear out: one AES-GCM key may protect 2^37 octets (137 GB). Here the limit is 4 MiB, set by the security property
/// `jdk.tls.keyLimits` in a process of its own. The keys are renewed on the way; should a renewal go wrong
/// (decision 0005), the transfer goes on over a new connection. The file is whole either way.
class KeyLimitTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void aTransferGoesOnWhenTheKeysOfTlsAreUsedUp() throws Exception {
        var content = new byte[24 << 20];
        new Random(1).nextBytes(content);
        Files.write(folder.resolve("data"), content);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                java, "--enable-native-access=ALL-UNNAMED", "-Djavax.net.debug=ssl:handshake", "-cp", System.getProperty("java.class.path"),
                KeyLimitProgram.class.getName(), folder.toString()).redirectErrorStream(true).start();
        List<String> lines;
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines = out.lines().filter(l -> l.startsWith("ended") || l.contains("KeyUpdate: write key updated") || l.contains("Exception")).toList();
        }

        assertThat(process.waitFor()).as(lines.toString()).isZero();
        assertThat(lines).anyMatch(l -> l.startsWith("ended done"));
        assertThat(lines).filteredOn(l -> l.contains("KeyUpdate")).as("24 MiB with keys for 4 MiB").hasSizeGreaterThan(4);
        assertThat(folder.resolve("inbox/data")).hasBinaryContent(content);
    }
}
