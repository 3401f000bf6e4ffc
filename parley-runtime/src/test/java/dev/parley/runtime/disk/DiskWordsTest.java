package dev.parley.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWordsTest {
    @Test
    void noMessageIsOnlyAPath(@TempDir Path folder) throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThat(words(() -> Files.readString(folder.resolve("none")))).isEqualTo("there is no " + folder.resolve("none"));
        assertThat(words(() -> Files.createFile(file))).isEqualTo(file + " exists already");
        assertThat(words(() -> Files.newDirectoryStream(file).close())).isEqualTo(file + " is no folder");
        assertThat(words(() -> Files.delete(folder))).isEqualTo("the folder " + folder + " is not empty");
        assertThat(words(() -> Files.createFile(file.resolve("x")))).isEqualTo(file.resolve("x") + ": Not a directory");
        assertThat(DiskWords.of(new AccessDeniedException("/there"))).isEqualTo("no permission for /there");
        assertThat(DiskWords.of(new FileSystemException("/there"))).isEqualTo("/there cannot be used");
        assertThat(DiskWords.of(new IOException())).isEqualTo("the system gave no reason");
    }

    private interface Work {
        void run() throws IOException;
    }

    private static String words(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            return DiskWords.of(e);
        }
        throw new AssertionError("it worked");
    }
}
