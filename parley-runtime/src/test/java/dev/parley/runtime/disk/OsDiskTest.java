package dev.parley.runtime.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
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
        assertThat(disk.entry(folder.resolve("a"))).isEmpty();
        assertThat(disk.list(folder)).containsExactly(folder.resolve("b"));
    }

    @Test
    void aMoveToANewNameReplacesNothing() throws IOException {
        Files.writeString(folder.resolve("a"), "new");
        Files.writeString(folder.resolve("taken"), "old");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        Files.createDirectories(folder.resolve("empty"));

        for (var taken : java.util.List.of("taken", "link", "empty")) {
            assertThatThrownBy(() -> disk.moveNew(folder.resolve("a"), folder.resolve(taken))).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThatThrownBy(() -> disk.moveNew(folder.resolve("a"), folder.resolve("none/x"))).isInstanceOf(NoSuchFileException.class);
        disk.moveNew(folder.resolve("a"), folder.resolve("文件"));

        assertThat(folder.resolve("文件")).hasContent("new");
        assertThat(folder.resolve("taken")).hasContent("old");
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(NewName.rename(folder.resolve("taken"), folder.resolve("b"))).as("Linux does it in one step")
                .isEqualTo(System.getProperty("os.name").equals("Linux"));
    }

    @Test
    void anEntrySaysWhatHasANameAndItsStampWhetherItIsStillTheSame() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        var link = Files.createSymbolicLink(folder.resolve("link"), file);
        disk.setAttributes(file, 1_000, 0600);
        var before = disk.entry(file).orElseThrow();

        disk.moveNew(file, folder.resolve("moved"));
        assertThat(disk.entry(folder.resolve("moved"))).contains(before);
        disk.setAttributes(folder.resolve("moved"), 1_000, 0444);
        assertThat(disk.entry(folder.resolve("moved"))).as("the mode is not a part of it").contains(before);
        Files.writeString(file, "x");
        disk.setAttributes(file, 1_000, 0600);
        assertThat(disk.entry(file)).as("another file").isNotEqualTo(java.util.Optional.of(before));
        assertThat(disk.entry(link).orElseThrow().kind()).isEqualTo(Disk.Entry.Kind.LINK);
        assertThat(disk.entry(folder).orElseThrow().kind()).isEqualTo(Disk.Entry.Kind.FOLDER);
        assertThat(disk.entry(folder.resolve("none"))).isEmpty();
    }

    @Test
    void attributesAreNotSetThroughASymbolicLink() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        disk.setAttributes(file, 1_000_000, 0600);
        var link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThatThrownBy(() -> disk.setAttributes(link, 5_000_000, 0777)).isInstanceOf(IOException.class);

        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
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

        disk.setAttributes(file, 1_000_000_000_123_456_700L, 0640);

        assertThat(Files.getLastModifiedTime(file).to(java.util.concurrent.TimeUnit.NANOSECONDS)).isEqualTo(1_000_000_000_123_456_700L);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        disk.setAttributes(file, 5_000, -1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
    }

    @Test
    void aRoundForcesManyFilesAndFoldersAtOnceOrOneByOne() throws IOException {
        var disk = new OsDisk();
        for (var round : java.util.List.of(disk.round(folder), disk.eachByItself())) {
            try (round) {
                try (var handle = disk.openForWrite(folder.resolve("one"))) {
                    handle.write(0, ByteBuffer.wrap(new byte[] {1}));
                    round.file(handle);
                }
                round.force(java.util.List.of(folder));
            }
            assertThat(folder.resolve("one")).hasBinaryContent(new byte[] {1});
        }
        assertThatThrownBy(() -> disk.round(folder.resolve("missing")).force(java.util.List.of(folder.resolve("missing"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void onlyKernelsThatReportFailuresAreTrustedWithWholeFileSystems() {
        assertThat(java.util.List.of("5.8", "5.10.0-21-amd64", "6.1.0", "10.0")).allMatch(FileSystemRound::reportsFailures);
        assertThat(java.util.List.of("5.7.19", "4.19.0", "3.10.0-1160.el7", "", "unknown", "5")).noneMatch(FileSystemRound::reportsFailures);
    }

    @Test
    void aFileThatIsExtendedReadsAsZeros() throws IOException {
        try (var handle = new OsDisk().openForWrite(folder.resolve("file"))) {
            handle.write(0, ByteBuffer.wrap(new byte[] {1}));
            handle.extend(5);
            handle.extend(3);
            handle.forceAll();
        }
        assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1, 0, 0, 0, 0});
    }

    @Test
    void aLinkIsMadeWhereTheNameIsFree() throws IOException {
        new OsDisk().createLink(folder.resolve("link"), "some/where");

        assertThat(java.nio.file.Files.readSymbolicLink(folder.resolve("link"))).isEqualTo(Path.of("some/where"));
        assertThatThrownBy(() -> new OsDisk().createLink(folder.resolve("link"), "else")).isInstanceOf(IOException.class);
    }
}
