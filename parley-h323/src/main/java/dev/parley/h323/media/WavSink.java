package dev.parley.h323.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Records to a WAV file: 8000 Hz, one channel, 16-bit linear. Gaps become silence, so that the file keeps the call's time. The lengths in the
/// header are right after every second and at the end, so that a recording that was cut off can be heard.
public final class WavSink implements AudioSink {
    private static final int HEADER = 44;
    private static final int BUFFER = 2 * G711.RATE;
    private static final long MOST_DATA = 0xFFFF_FFFFL - HEADER - BUFFER;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    private WavSink(FileChannel file) {
        this.file = file;
    }

    /// Replaces what is there.
    public static WavSink open(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        var sink = new WavSink(channel);
        try {
            sink.writeHeader();
            return sink;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(short[] samples) throws IOException {
        for (short sample : samples) {
            put(sample);
        }
    }

    @Override
    public void missing(int samples) throws IOException {
        for (int i = 0; i < samples; i++) {
            put((short) 0);
        }
    }

    private void put(short sample) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.putShort(sample);
    }

    private void flush() throws IOException {
        if (written > MOST_DATA) {
            throw new IOException("a WAV file cannot be longer than 4 GiB (74 hours)");
        }
        buffer.flip();
        long at = HEADER + written;
        written += buffer.remaining();
        while (buffer.hasRemaining()) {
            at += file.write(buffer, at);
        }
        buffer.clear();
        writeHeader();
    }

    private void writeHeader() throws IOException {
        var header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(ascii("RIFF")).putInt((int) (HEADER - 8 + written)).put(ascii("WAVE"));
        header.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1).putInt(G711.RATE).putInt(2 * G711.RATE)
                .putShort((short) 2).putShort((short) 16);
        header.put(ascii("data")).putInt((int) written).flip();
        while (header.hasRemaining()) {
            file.write(header, header.position());
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        if (file.isOpen()) {
            try (file) {
                flush();
            }
        }
    }
}
