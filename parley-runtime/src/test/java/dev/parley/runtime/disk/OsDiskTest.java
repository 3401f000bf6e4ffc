package dev.parley.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsDiskTest {
    @TempDir
    Path folder;

    private final Disk disk = new OsDisk();

    @Test
    void whatIsWrittenAnywhereIsReadBackAndTheEndIsShort() throws IOException {
        try (var handle = disk.openForWrite(folder.resolve("file"))) {
            handle.write(5, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            handle.force();

            var buffer = ByteBuffer.allocate(10);
            assertThat(handle.read(4, buffer)).isEqualTo(4);
            assertThat(buffer.array()).startsWith(0, 1, 2, 3);
            assertThat(handle.read(8, ByteBuffer.allocate(1))).isZero();
            handle.truncate(6);
            assertThat(handle.size()).isEqualTo(6);
        }
        assertThat(disk.fileSize(folder.resolve("file"))).isEqualTo(6);
    }

    @Test
    void aMoveReplacesTheTargetAndNamesAreForced() throws IOException {
        Files.writeString(folder.resolve("a"), "new");
        Files.writeString(folder.resolve("b"), "old");

        disk.move(folder.resolve("a"), folder.resolve("b"));
        disk.forceDirectory(folder);

        assertThat(folder.resolve("b")).hasContent("new");
        assertThat(disk.exists(folder.resolve("a"))).isFalse();
        assertThat(disk.list(folder)).containsExactly(folder.resolve("b"));
    }

    @Test
    void aSymbolicLinkIsNotOpenedForWritingAndIsNoFile() throws IOException {
        Files.writeString(folder.resolve("outside"), "mine");
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("outside"));

        assertThatThrownBy(() -> disk.openForWrite(link)).isInstanceOf(IOException.class);

        assertThat(disk.fileSize(link)).isEqualTo(-1);
        assertThat(folder.resolve("outside")).hasContent("mine");
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        assertThatThrownBy(() -> disk.openForRead(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThat(disk.fileSize(folder.resolve("none"))).isEqualTo(-1);
        assertThat(disk.fileSize(folder)).isEqualTo(-1);
        disk.delete(folder.resolve("none"));
    }

    @Test
    void timeAndModeAreSet() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");

        disk.setAttributes(file, 1_000_000_000_123L, 0640);

        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_000_000_000_123L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        disk.setAttributes(file, 5_000, -1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
    }
}
