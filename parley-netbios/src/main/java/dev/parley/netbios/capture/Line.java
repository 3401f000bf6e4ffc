package dev.parley.netbios.capture;

import dev.parley.runtime.capture.CapturedStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// One TCP connection as it is written down; does nothing where no capture is wanted. One thread may send while another receives.
public final class Line {
    private final Optional<CapturedStream> stream;
    private boolean peerEnded;

    Line(Optional<CapturedStream> stream) {
        this.stream = stream;
    }

    /// What is sent with one write; to be told before it is, because the answer may come at once.
    public synchronized void sent(ByteBuffer... octets) {
        stream.ifPresent(s -> {
            int size = 0;
            for (var part : octets) {
                size += part.remaining();
            }
            var whole = ByteBuffer.allocate(size);
            for (var part : octets) {
                whole.put(part.duplicate());
            }
            s.sent(whole.flip());
        });
    }

    /// @param count as from reading: negative when the peer sends nothing more
    public synchronized void received(byte[] octets, int offset, int count) {
        if (count < 0) {
            peerEnded = true;
        } else {
            stream.ifPresent(s -> s.received(ByteBuffer.wrap(octets, offset, count)));
        }
    }

    /// The end, of which only the first telling counts.
    ///
    /// @param reason empty for a good order
    public synchronized void closed(String reason) {
        stream.ifPresent(s -> s.closed(!peerEnded, reason));
    }

    /// The same octets, written down as they are read.
    public InputStream in(InputStream in) {
        return stream.isEmpty() ? in : new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                int count = super.read(octets, offset, length);
                received(octets, offset, count);
                return count;
            }
        };
    }

    /// The same octets, written down before they are sent.
    public OutputStream out(OutputStream out) {
        return stream.isEmpty() ? out : new FilterOutputStream(out) {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                sent(ByteBuffer.wrap(octets, offset, length));
                this.out.write(octets, offset, length);
            }
        };
    }
}
