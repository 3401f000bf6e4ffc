package dev.parley.h323.wire;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.per.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// TPKT (RFC 1006 section 6): how a TCP stream is cut into messages. `03 00`, then the length of the whole in two octets. Takes octets as they
/// come, in pieces of any size, and gives whole payloads. Holds at most one message; not thread-safe.
public final class Tpkt {
    private static final int HEADER = 4;
    private static final int LONGEST = 0xffff;

    private byte[] held = new byte[512];
    private int count;

    /// The octets of one message on the line.
    ///
    /// @throws IllegalArgumentException when it is longer than 65531 octets
    public static byte[] wrap(Octets payload) {
        int length = payload.size() + HEADER;
        if (length > LONGEST) {
            throw new IllegalArgumentException("a message of " + payload.size() + " octets does not fit in one TPKT");
        }
        var octets = new byte[length];
        octets[0] = 3;
        octets[2] = (byte) (length >> 8);
        octets[3] = (byte) length;
        System.arraycopy(payload.toArray(), 0, octets, HEADER, payload.size());
        return octets;
    }

    /// The payloads that are complete with these octets, in order. An empty payload is a keep-alive of some stacks and is left out.
    ///
    /// @throws ProtocolViolation when no TPKT begins where one must; the stream cannot be read on
    public List<Octets> read(byte[] octets, int from, int length) {
        var complete = new ArrayList<Octets>();
        int at = from;
        int end = from + length;
        while (at < end) {
            int wanted = count < HEADER ? HEADER : lengthHeld();
            int take = Math.min(wanted - count, end - at);
            reserve(count + take);
            System.arraycopy(octets, at, held, count, take);
            count += take;
            at += take;
            if (count == HEADER && (held[0] != 3 || lengthHeld() < HEADER)) {
                throw new ProtocolViolation("a TPKT begins with 03 00 and a length of 4 or more; %02x %02x %02x %02x arrived"
                        .formatted(held[0], held[1], held[2], held[3]));
            }
            if (count >= HEADER && count == lengthHeld()) {
                if (count > HEADER) {
                    complete.add(Octets.of(Arrays.copyOfRange(held, HEADER, count)));
                }
                count = 0;
            }
        }
        return complete;
    }

    /// Whether a message has begun and is not complete: at the end of the stream, something was lost.
    public boolean midway() {
        return count > 0;
    }

    private int lengthHeld() {
        return (held[2] & 0xff) << 8 | held[3] & 0xff;
    }

    /// Grows with what really arrived, so that a length alone costs no memory.
    private void reserve(int size) {
        if (size > held.length) {
            held = Arrays.copyOf(held, Math.min(LONGEST, Math.max(size, 2 * held.length)));
        }
    }
}
