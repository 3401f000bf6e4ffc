package dev.parley.h323.media;

import dev.parley.h323.rtp.VideoFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Byte streams of H.264 (Annex B): read picture by picture, and written with a start code of four octets before each NAL unit.
public final class H264File {
    private static final byte[] START_CODE = {0, 0, 0, 1};

    private H264File() {}

    /// @param rate pictures a second
    public static VideoSource source(Path file, double rate) throws IOException {
        return new Source(Files.newInputStream(file), rate);
    }

    /// Replaces what is there.
    public static VideoSink sink(Path file) throws IOException {
        return new Sink(Files.newOutputStream(file));
    }

    static final class Source implements VideoSource {
        private final StartCodes stream;
        private final double rate;
        private @Nullable ByteBuffer ahead;

        Source(InputStream in, double rate) {
            this.stream = new StartCodes(in, third -> third == 1);
            this.rate = rate;
        }

        /// An access unit ends before its next delimiter, parameter set or message, or before the first slice of another picture
        /// (H.264 section 7.4.1.2.3; slices in any order, a rarity of the baseline profile, are not looked for).
        @Override
        public Optional<VideoFrame> next() throws IOException {
            var units = new ArrayList<ByteBuffer>();
            boolean slices = false;
            for (var unit = take(); unit.isPresent(); unit = take()) {
                var octets = unit.get();
                int type = octets.get(0) & 0x1F;
                boolean slice = type >= 1 && type <= 5;
                boolean first = slice ? octets.remaining() > 1 && (octets.get(1) & 0x80) != 0 && type != 3 && type != 4
                        : type >= 6 && type <= 9 || type >= 14 && type <= 18;
                if (slices && first) {
                    ahead = octets;
                    break;
                }
                slices |= slice;
                units.add(octets);
            }
            return units.isEmpty() ? Optional.empty() : Optional.of(new VideoFrame(units));
        }

        private Optional<ByteBuffer> take() throws IOException {
            var waiting = ahead;
            if (waiting != null) {
                ahead = null;
                return Optional.of(waiting);
            }
            while (true) {
                var unit = stream.next();
                if (unit.isEmpty()) {
                    return Optional.empty();
                }
                // A NAL unit never ends with a zero: those are part of the next start code.
                var octets = unit.get().octets();
                int end = octets.limit();
                while (end > 0 && octets.get(end - 1) == 0) {
                    end--;
                }
                if (end > 0) {
                    return Optional.of(octets.limit(end));
                }
            }
        }

        @Override
        public double rate() {
            return rate;
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
                out.write(START_CODE);
                H264File.write(out, unit);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    static void write(OutputStream out, ByteBuffer unit) throws IOException {
        var octets = new byte[unit.remaining()];
        unit.duplicate().get(octets);
        out.write(octets);
    }
}
