package dev.parley.osi.fuzz;

import dev.parley.api.SessionException;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.osi.wire.TsduStream;
import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import dev.parley.runtime.rfc1006.Rfc1006;
import java.nio.ByteBuffer;

/// A fuzz target: any octets as a TCP stream of TPKTs and COTP TPDUs whose TSDUs are decoded and put together. Nothing may be thrown but what is
/// declared; what is read must be written and read again as the same.
public final class OctetsTarget {
    private OctetsTarget() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        var stream = new TsduStream(true, false, 1 << 16);
        stream.agree(2, 0, octets.length % 2 == 0 ? 0 : 1024, true);
        tsdu(stream, ByteBuffer.wrap(octets));
        var transport = Rfc1006.responder(1 << 16, new User(stream));
        transport.opened(new Nowhere());
        transport.received(ByteBuffer.wrap(octets));
    }

    private static void tsdu(TsduStream stream, ByteBuffer octets) {
        try {
            for (var spdu : SpduCodec.decode(octets)) {
                for (var part : SpduCodec.encode(spdu)) {
                    part.remaining();
                }
            }
            stream.receive(octets);
        } catch (SessionException.ProtocolViolation expected) {
            // The only one that is declared.
        }
    }

    private record User(TsduStream stream) implements Transport.User {
        @Override
        public void ready(Transport transport) {}

        @Override
        public void connectIndication() {}

        @Override
        public void connectConfirm() {}

        @Override
        public void tsdu(ByteBuffer octets) {
            OctetsTarget.tsdu(stream, octets);
        }

        @Override
        public void writable() {}

        @Override
        public void disconnected(String reason) {}
    }

    /// A link to nobody.
    static final class Nowhere implements Link {
        @Override
        public void write(ByteBuffer... buffers) {}

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void close() {}

        @Override
        public void abort() {}

        @Override
        public String peer() {
            return "nobody";
        }

        @Override
        public Security security() {
            return Security.NONE;
        }
    }
}
