package dev.parley.h323.media;

import dev.parley.h323.rtp.VideoFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Streams of H.263 pictures, one after the other, each from its picture start code (00 00 80..83) on.
public final class H263File {
    private H263File() {}

    /// @param rate pictures a second
    public static VideoSource source(Path file, double rate) throws IOException {
        return new Source(Files.newInputStream(file), rate);
    }

    /// Replaces what is there.
    public static VideoSink sink(Path file) throws IOException {
        return new Sink(Files.newOutputStream(file));
    }

    record Source(StartCodes stream, double rate) implements VideoSource {
        Source(InputStream in, double rate) {
            this(new StartCodes(in, third -> (third & 0xFC) == 0x80), rate);
        }

        @Override
        public Optional<VideoFrame> next() throws IOException {
            return stream.next().map(unit -> {
                var picture = ByteBuffer.allocate(3 + unit.octets().remaining()).putShort((short) 0).put((byte) unit.third());
                return new VideoFrame(List.of(picture.put(unit.octets()).flip()));
            });
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    record Sink(OutputStream out) implements VideoSink {
        Sink(OutputStream out) {
            this.out = new BufferedOutputStream(out, 1 << 16);
        }

        @Override
        public void write(VideoFrame frame) throws IOException {
            for (var unit : frame.units()) {
                H264File.write(out, unit);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
