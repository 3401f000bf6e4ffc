package dev.parley.h323.media;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.H263Sizes;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What a stream of H.263 needs of its decoder, as the headers of its pictures say (H.263 clause 5.1).
///
/// @param sizes of its pictures
public record H263Format(H263Sizes sizes) {
    /// Of a camera that asks nobody: QCIF and CIF.
    public static final H263Format USUAL = new H263Format(H263Sizes.UP_TO_CIF);
    public static final H263Format ANY = new H263Format(H263Sizes.ANY);

    private static final int EXTENDED = 7;
    private static final int LARGEST = 5;

    /// Reads a film to its end and closes it.
    ///
    /// @throws IOException when it has no picture, or one of a size of its own
    public static H263Format of(VideoSource film, String name) throws IOException {
        try (film) {
            int interval = Math.clamp((long) (30 / 1.001 / film.rate()), 1, 32);
            var sizes = H263Sizes.NONE;
            for (var frame = film.next(); frame.isPresent(); frame = film.next()) {
                int format = sourceFormat(frame.get().units().getFirst());
                if (format < 0 || format > LARGEST) {
                    throw new IOException(name + " has pictures of a size of their own; expected sub-QCIF, QCIF, CIF, 4CIF or 16CIF");
                }
                sizes = format == 0 ? sizes : sizes.with(format, interval);
            }
            if (sizes.equals(H263Sizes.NONE)) {
                throw new IOException(name + " has no picture of H.263 (00 00 80..83)");
            }
            return new H263Format(sizes);
        }
    }

    /// @return 0 when the picture is of the size of the one before, -1 when it has none that can be read
    private static int sourceFormat(ByteBuffer picture) {
        if (picture.remaining() < 6) {
            return -1;
        }
        // After 22 bits of start code and 8 of time: 1, 0, three indications, three bits of format; in the extended type another three bits say
        // whether the format, which then follows, is told at all.
        int format = picture.get(4) >> 2 & 7;
        if (format != EXTENDED) {
            return format == 0 ? -1 : format;
        }
        int told = (picture.get(4) & 3) << 1 | picture.get(5) >> 7 & 1;
        int extended = picture.get(5) >> 4 & 7;
        return told == 0 ? 0 : told == 1 && extended != 0 ? extended : -1;
    }

    /// @param bitRate in units of 100 bit/s
    public Capability capability(int bitRate) {
        return Capability.h263(sizes, bitRate);
    }
}
