package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS keys wear out: one AES-GCM key may protect 2^37 octets (137 GB), and BoringSSL does not renew its keys by itself. So a connection ends at a
/// checkpoint after half of that, and a new one goes on (decision 0006). Here the limit is 4 MiB, in a process of its own.
@Tag("slow")
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
                java, "--enable-native-access=ALL-UNNAMED", "-Dparley.tls.keyOctets=4194304", "-cp", System.getProperty("java.class.path"),
                KeyLimitProgram.class.getName(), folder.toString()).redirectErrorStream(true).start();
        List<String> lines;
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines = out.lines().toList();
        }

        assertThat(process.waitFor()).as(lines.toString()).isZero();
        // 24 MiB in intervals of 2.5 MiB: each connection ends after two of them.
        assertThat(lines).contains("send done, twice 0, connections 5", "get done, twice 0, connections 5");
        assertThat(folder.resolve("inbox/data")).hasBinaryContent(content);
        assertThat(folder.resolve("back/data")).hasBinaryContent(content);
    }
}
