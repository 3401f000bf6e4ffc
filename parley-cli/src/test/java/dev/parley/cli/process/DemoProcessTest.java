package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The README's first command.
@Timeout(300)
@Tag("slow")
class DemoProcessTest {
    @TempDir
    Path folder;

    @Test
    void theDemonstrationGoesOnAfterEachFaultAndShowsIt() throws Exception {
        try (var parleys = new Parleys(folder)) {
            var demo = parleys.process("demo", "--dir", "out", "--json");

            assertThat(demo.exit()).as(demo.toString()).isZero();
            var told = demo.await("demo");
            assertThat(told.path("pages").asLong()).isGreaterThan(2000);
            assertThat(told.path("checkpoints").asLong()).isGreaterThanOrEqualTo(told.path("pages").asLong() / 40);
            assertThat(told.path("faults").asInt()).isEqualTo(4);
            assertThat(told.path("arrived_digest")).isEqualTo(told.path("sent_digest"));
            // One window for each fault; damage costs the window that was under way, too.
            assertThat(told.path("resent_bytes").asLong()).isBetween(1L, 4 * 4096L * 40 * 5);
            assertThat(folder.resolve("out/inbox/document.txt")).hasSameBinaryContentAs(folder.resolve("out/document.txt"));
            assertThat(Files.readString(folder.resolve("out/demo.svg"))).contains("<svg", "RESYNCHRONIZE", "ACTIVITY RESUME", "FINISH");
        }
    }
}
