package dev.parley.trace;

import dev.parley.trace.decode.CotpDecoder;
import dev.parley.trace.decode.Octets;
import dev.parley.trace.decode.Recorder;
import dev.parley.trace.decode.StreamDecoder;
import dev.parley.trace.decode.TpktDecoder;
import dev.parley.trace.decode.TpktPayload;
import dev.parley.trace.h323.Announcements;
import dev.parley.trace.h323.H323;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Decides by its ends and first octets what a connection carries, then leaves it to that decoder. The place where another protocol over
/// TCP is added.
final class Detection implements StreamDecoder {
    private final InetSocketAddress caller;
    private final InetSocketAddress called;
    private final Recorder recorder;
    private final Announcements announcements;
    private @Nullable StreamDecoder decoder;

    Detection(InetSocketAddress caller, InetSocketAddress called, Recorder recorder, Announcements announcements) {
        this.caller = caller;
        this.called = called;
        this.recorder = recorder;
        this.announcements = announcements;
    }

    @Override
    public void octets(boolean fromCaller, ByteBuffer octets) {
        if (decoder == null) {
            decoder = octets.get(octets.position()) == 3 ? new TpktDecoder(recorder, this::payload) : new Unknown(recorder);
        }
        decoder.octets(fromCaller, octets);
    }

    private TpktPayload payload(ByteBuffer first) {
        return H323.announced(caller, called, recorder, announcements).orElseGet(() -> CotpDecoder.recognizes(first)
                ? new CotpDecoder(recorder)
                : H323.recognized(caller, called, first, recorder, announcements).orElseGet(() -> new UnknownPayload(recorder)));
    }

    @Override
    public void gap(boolean fromCaller, int octets) {
        if (decoder == null) {
            recorder.remark(fromCaller, "gap", octets + " octets are not in the capture");
        } else {
            decoder.gap(fromCaller, octets);
        }
    }

    @Override
    public void end(boolean fromCaller) {
        if (decoder != null) {
            decoder.end(fromCaller);
        }
    }

    /// Nothing that we decode: said once for each direction.
    private static final class Unknown implements StreamDecoder {
        private final Recorder recorder;
        private final boolean[] said = new boolean[2];

        Unknown(Recorder recorder) {
            this.recorder = recorder;
        }

        @Override
        public void octets(boolean fromCaller, ByteBuffer octets) {
            if (!said[fromCaller ? 1 : 0]) {
                said[fromCaller ? 1 : 0] = true;
                recorder.remark(fromCaller, "?", "not decoded here, it begins with " + Octets.words(octets, 16));
            }
        }

        @Override
        public void gap(boolean fromCaller, int octets) {
            // Nothing was decoded, so nothing is missing.
        }

        @Override
        public void end(boolean fromCaller) {
            // As above.
        }
    }

    /// Packets that nobody decodes are listed with their size and first octets.
    private record UnknownPayload(Recorder recorder) implements TpktPayload {
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
