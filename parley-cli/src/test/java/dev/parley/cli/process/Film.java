package dev.parley.cli.process;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/// A film in H.264 as far as the packets of RTP know it.
final class Film {
    private Film() {}

    /// Pictures of one slice each, with parameter sets before every tenth.
    static byte[] of(int pictures) {
        var random = new Random(7);
        var out = new ByteArrayOutputStream();
        for (int picture = 0; picture < pictures; picture++) {
            boolean whole = picture % 10 == 0;
            if (whole) {
                out.writeBytes(new byte[] {0, 0, 0, 1, 0x67, 0x42, 0, 0x1F, 1, 0, 0, 0, 1, 0x68, (byte) 0xCE, 0x38, (byte) 0x80});
            }
            out.writeBytes(new byte[] {0, 0, 0, 1, (byte) (whole ? 0x65 : 0x41), (byte) 0x80});
            random.ints(random.nextInt(10, 6000), 4, 256).forEach(out::write);
        }
        return out.toByteArray();
    }

    /// Pictures of CIF, each with its temporal reference, every tenth one coded without the one before.
    static byte[] h263(int pictures) {
        var random = new Random(8);
        var out = new ByteArrayOutputStream();
        for (int picture = 0; picture < pictures; picture++) {
            int type = picture % 10 == 0 ? 0x0C : 0x0E;
            out.writeBytes(new byte[] {0, 0, (byte) (0x80 | picture >> 6 & 3), (byte) ((picture & 0x3f) << 2 | 2), (byte) type, 7});
            random.ints(random.nextInt(10, 6000), 4, 256).forEach(out::write);
        }
        return out.toByteArray();
    }
}
