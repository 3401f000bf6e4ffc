package dev.parley.trace.decode;

import java.nio.ByteBuffer;

/// What the TPKTs of a connection carry. X.224 is one; H.225.0 call signalling and H.245 are others that travel without it.
interface TpktPayload {
    /// One packet without its TPKT header: at least 1 octet.
    void packet(boolean fromCaller, ByteBuffer payload);

    /// Some packets of this direction are missing.
    void gap(boolean fromCaller);

    void end(boolean fromCaller);

    /// The place where a protocol is added: the first packet decides.
    static TpktPayload of(ByteBuffer first, Recorder recorder) {
        return CotpDecoder.recognizes(first) ? new CotpDecoder(recorder) : new UnknownPayload(recorder);
    }

    /// Packets that nobody decodes are listed with their size and first octets.
    record UnknownPayload(Recorder recorder) implements TpktPayload {
        @Override
        public void packet(boolean fromCaller, ByteBuffer payload) {
            recorder.remark(fromCaller, "TPKT", "a packet that is not decoded here: " + Octets.counted(payload, 16));
        }

        @Override
        public void gap(boolean fromCaller) {
            // Packets stand for themselves.
        }

        @Override
        public void end(boolean fromCaller) {
            // As above.
        }
    }
}
