package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What goes to an output stream cannot be taken back, so only what is verified goes there.
class OutputDiskTest {
    private static final Path PART = Path.of("part");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final OutputDisk disk = new OutputDisk(out);

    private static void write(Disk.Handle handle, long position, String octets) throws IOException {
        handle.write(position, ByteBuffer.wrap(octets.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @Test
    void nothingGoesOutBeforeItIsVerified() throws IOException {
        var handle = disk.openForWrite(PART);
        write(handle, 0, "one");
        assertThat(out.toString()).isEmpty();

        handle.extend(3);

        assertThat(out.toString()).isEqualTo("one");
    }

    @Test
    void aDamagedIntervalIsReplacedByTheOneThatIsSentAgain() throws IOException {
        var handle = disk.openForWrite(PART);
        write(handle, 0, "one");
        handle.extend(3);
        write(handle, 3, "tvo");
        write(handle, 6, "!");

        handle.truncate(3);
        write(handle, 3, "two");
        handle.extend(6);

        assertThat(out.toString()).isEqualTo("onetwo");
    }

    @Test
    void whatComesAgainAfterALostConfirmationDoesNotGoOutTwice() throws IOException {
        try (var first = disk.openForWrite(PART)) {
            write(first, 0, "onetwo");
            first.extend(6);
            write(first, 6, "lost");
        }

        var second = disk.openForWrite(PART);
        assertThat(disk.fileSize(PART)).isEqualTo(6);
        write(second, 3, "two");
        second.extend(6);
        write(second, 6, "three");
        second.extend(11);

        assertThat(out.toString()).isEqualTo("onetwothree");
    }

    @Test
    void pagesThatWereNotWrittenAreZeros() throws IOException {
        var handle = disk.openForWrite(PART);
        write(handle, 2, "x");
        handle.extend(5);

        assertThat(out.toByteArray()).containsExactly(0, 0, 'x', 0, 0);
    }
}
