package dev.parley.trace.decode;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Decides by its first octets what a connection carries, then leaves it to that decoder. The place where another protocol over TCP is added.
public final class Detection implements StreamDecoder {
    private final Recorder recorder;
    private @Nullable StreamDecoder decoder;

    public Detection(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void octets(boolean fromCaller, ByteBuffer octets) {
        if (decoder == null) {
            decoder = octets.get(octets.position()) == 3 ? new TpktDecoder(recorder) : new Unknown(recorder);
        }
        decoder.octets(fromCaller, octets);
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
}
