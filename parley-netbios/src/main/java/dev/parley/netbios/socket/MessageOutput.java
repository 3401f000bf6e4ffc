package dev.parley.netbios.socket;

import dev.parley.netbios.wire.SessionPacket;
import java.io.IOException;
import java.io.OutputStream;

/// Passes frames on, but none that a session message cannot be: direct TCP has 24 bits of length, the session service 17.
final class MessageOutput extends OutputStream {
    private static final byte[] KEEP_ALIVE = {(byte) 0x85, 0, 0, 0};

    private final OutputStream out;
    private int header;
    private int headerSeen;
    private int left;
    private boolean busy;
    private boolean begun;

    MessageOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /// Sends a keepalive if nothing was written since the last call and no frame is half written. The peer never answers. Before our first
    /// frame there is none: smbd takes a keepalive for a broken negotiation then, and hangs up.
    synchronized void keepAlive() throws IOException {
        if (begun && !busy && left == 0 && headerSeen == 0) {
            out.write(KEEP_ALIVE);
        }
        busy = false;
    }

    @Override
    public synchronized void write(byte[] octets, int offset, int length) throws IOException {
        busy = true;
        begun = true;
        int at = offset;
        while (at < offset + length) {
            if (left > 0) {
                int count = Math.min(left, offset + length - at);
                left -= count;
                at += count;
                continue;
            }
            header = header << 8 | octets[at++] & 0xFF;
            if (++headerSeen == 4) {
                if (header < 0 || header > SessionPacket.MOST_MESSAGE) {
                    throw new IOException("a frame of " + Integer.toUnsignedString(header) + " octets does not fit a session message; limit reads"
                            + " and writes to 65536 octets");
                }
                left = header;
                headerSeen = 0;
                header = 0;
            }
        }
        out.write(octets, offset, length);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }
}
