package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StreamBufferTest {
    private final StreamBuffer stream = new StreamBuffer(new ByteArrayInputStream(new byte[200_000]));

    @Test
    void whatWasReadAndNotReleasedCanBeReadAgain() throws IOException {
        assertThat(stream.read(0, ByteBuffer.allocate(100_000))).isEqualTo(100_000);
        stream.release(70_000);

        assertThat(stream.read(70_000, ByteBuffer.allocate(130_001))).isEqualTo(130_000);
        assertThat(stream.earliest()).isEqualTo(65_536);
        assertThatThrownBy(() -> stream.read(0, ByteBuffer.allocate(1))).hasMessageContaining("was released");
    }

    /// A peer could claim to have a terabyte: nothing is kept for that.
    @Test
    void nothingIsReadFurtherOnThanTheStreamHasCome() throws IOException {
        assertThat(stream.read(0, ByteBuffer.allocate(1))).isEqualTo(1);

        assertThatThrownBy(() -> stream.read(65_537, ByteBuffer.allocate(1))).isInstanceOf(IOException.class)
                .hasMessageContaining("read up to 65536");
    }
}
