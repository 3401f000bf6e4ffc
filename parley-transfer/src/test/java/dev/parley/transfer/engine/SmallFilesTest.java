package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// 10,000 files of 1 KiB cost neither a round trip nor a force each. The time goes to `target/small-files.txt`; see docs/performance.md.
@Tag("slow")
@Timeout(300)
class SmallFilesTest {
    private static final int FILES = Integer.getInteger("parley.files", 10_000);

    @TempDir
    Path folder;

    @Test
    void tenThousandSmallFilesTravelInAFewActivities() throws Exception {
        var random = new Random(1);
        var content = new byte[1024];
        var top = folder.resolve("tree");
        for (int i = 0; i < FILES; i++) {
            var file = top.resolve("sub" + i / 100 + "/file" + i);
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            random.nextBytes(content);
            Files.write(file, content);
        }
        try (var served = new Served(folder)) {
            served.settings = Settings.DEFAULT;

            long start = System.nanoTime();
            var result = served.send(top.toString());
            double seconds = (System.nanoTime() - start) / 1e9;

            assertThat(result.failure()).as(result.words()).isEmpty();
            assertThat(result.files()).isEqualTo(FILES);
            assertThat(served.events).filteredOn(TransferEvent.Started.class::isInstance).hasSizeLessThanOrEqualTo(FILES / 250 + 2);
            same(top, folder.resolve("inbox/tree"));
            Files.write(Files.createDirectories(Path.of("target")).resolve("small-files.txt"),
                    List.of(String.format(Locale.ROOT, "%d files of 1 KiB, TLS, forced: %.3f s", FILES, seconds)));
        }
    }

    private static void same(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                assertThat(Files.mismatch(file, to.resolve(from.relativize(file)))).isEqualTo(-1);
            }
        }
    }
}
