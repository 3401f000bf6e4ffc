package dev.parley.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.term.CommandFailed;
import dev.parley.session.connection.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeldTokensTest {
    @TempDir
    Path folder;

    @Test
    void aProcessThatDoesNotEndIsNotWaitedForWithoutLimit() throws Exception {
        var held = new HeldTokens(folder);
        var deaf = new ProcessBuilder("bash", "-c", "trap '' TERM; echo ready; while :; do read -r line || exit; done")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(deaf.inputReader().readLine()).isEqualTo("ready");
            var started = deaf.info().startInstant().orElseThrow().toEpochMilli();
            Files.writeString(folder.resolve(deaf.pid() + ".json"), Json.object().put("class", "bulk").put("started", started).toString());

            assertThatThrownBy(() -> held.end("bulk", Duration.ofMillis(200))).isInstanceOf(CommandFailed.class)
                    .hasMessageContaining("process " + deaf.pid()).hasMessageContaining("still there after 0.2 s")
                    .hasMessageContaining("kill -9 " + deaf.pid());
            assertThat(held.end("video", Duration.ofMillis(200))).isZero();
        } finally {
            deaf.destroyForcibly().waitFor();
        }
    }
}
