package dev.parley.h323.media;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of octets at its start codes: 00 00 and a third octet. So do the byte streams of H.264 (Annex B) and H.263.
final class StartCodes implements AutoCloseable {
    /// No picture of a sane stream is larger.
    static final int LARGEST_UNIT = 8 << 20;

    private static final int NONE = -1;

    private final InputStream in;
    private final IntPredicate isThird;
    private int third = NONE;
    private boolean ended;

    /// @param third the octet of a start code
    /// @param octets what follows until the next start code, zeros before that one included
    record Unit(int third, ByteBuffer octets) {}

    StartCodes(InputStream in, IntPredicate isThird) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.isThird = isThird;
    }

    /// What stands before the first start code is passed over.
    ///
    /// @return nothing at the end
    /// @throws IOException when a unit is larger than 8 MiB: the file is of another kind
    Optional<Unit> next() throws IOException {
        if (third == NONE && !ended) {
            third = untilStartCode(null);
        }
        if (ended) {
            return Optional.empty();
        }
        int begins = third;
        var octets = new ByteArrayOutputStream();
        third = untilStartCode(octets);
        return Optional.of(new Unit(begins, ByteBuffer.wrap(octets.toByteArray())));
    }

    /// @return the third octet of the start code that was found, or [#NONE] at the end
    private int untilStartCode(@Nullable ByteArrayOutputStream before) throws IOException {
        int zeros = 0;
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            boolean found = zeros >= 2 && isThird.test(octet);
            if (found) {
                zeros -= 2;
            } else if (octet == 0) {
                zeros++;
            }
            int more = found || octet == 0 ? zeros : zeros + 1;
            if (before != null && before.size() + more > LARGEST_UNIT) {
                throw new IOException("no start code within " + LARGEST_UNIT + " octets");
            }
            if (found || octet != 0) {
                write(before, zeros);
                zeros = 0;
            }
            if (found) {
                return octet;
            }
            if (before != null && octet != 0) {
                before.write(octet);
            }
        }
        write(before, zeros);
        ended = before == null;
        return NONE;
    }

    /// Zeros are held back until it is known whether they belong to a start code.
    private static void write(@Nullable ByteArrayOutputStream before, int zeros) {
        if (before != null) {
            before.writeBytes(new byte[zeros]);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
