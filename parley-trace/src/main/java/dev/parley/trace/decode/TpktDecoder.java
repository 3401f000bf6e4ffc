package dev.parley.trace.decode;

import dev.parley.trace.model.Message;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Cuts both directions into TPKTs (RFC 1006 section 6; H.245 has shorter ones than X.224). After a gap or a broken header it looks for
/// the next octets that can be one.
public final class TpktDecoder implements StreamDecoder {
    private static final int HEADER = 4;

    private final Recorder recorder;
    private final Direction[] directions = {new Direction(false), new Direction(true)};
    private final Function<ByteBuffer, TpktPayload> choice;
    private @Nullable TpktPayload payload;

    /// @param choice told the first packet; decides who reads it and all that follow
    public TpktDecoder(Recorder recorder, Function<ByteBuffer, TpktPayload> choice) {
        this.recorder = recorder;
        this.choice = choice;
    }

    @Override
    public void octets(boolean fromCaller, ByteBuffer octets) {
        directions[fromCaller ? 1 : 0].add(octets);
    }

    @Override
    public void gap(boolean fromCaller, int octets) {
        recorder.remark(fromCaller, "gap", Octets.count(octets) + " are not in the capture");
        directions[fromCaller ? 1 : 0].lose();
        if (payload != null) {
            payload.gap(fromCaller);
        }
    }

    @Override
    public void end(boolean fromCaller) {
        directions[fromCaller ? 1 : 0].end();
        if (payload != null) {
            payload.end(fromCaller);
        }
    }

    private void packet(boolean fromCaller, ByteBuffer packet) {
        if (payload == null) {
            payload = choice.apply(packet);
        }
        payload.packet(fromCaller, packet);
    }

    private final class Direction {
        private final boolean fromCaller;
        private ByteBuffer pending = ByteBuffer.allocate(0);
        private boolean searching;

        Direction(boolean fromCaller) {
            this.fromCaller = fromCaller;
        }

        void add(ByteBuffer octets) {
            // What is kept is shorter than one TPKT.
            pending = ByteBuffer.allocate(pending.remaining() + octets.remaining()).put(pending).put(octets).flip();
            while (pending.remaining() >= HEADER) {
                int at = pending.position();
                int length = pending.getShort(at + 2) & 0xFFFF;
                if (!isHeader(at, length)) {
                    resynchronize(at);
                } else if (pending.remaining() < length) {
                    return;
                } else {
                    searching = false;
                    var packet = pending.slice(at + HEADER, length - HEADER);
                    pending.position(at + length);
                    if (packet.hasRemaining()) {
                        packet(fromCaller, packet);
                    } else {
                        recorder.remark(fromCaller, "TPKT", "an empty packet, to keep the connection alive");
                    }
                }
            }
        }

        private boolean isHeader(int at, int length) {
            return pending.get(at) == 3 && (pending.get(at + 1) == 0 || !searching)
                    && (length > HEADER || length == HEADER && takesEmpty());
        }

        private boolean takesEmpty() {
            return !searching && payload != null && payload.takesEmpty();
        }

        private void resynchronize(int at) {
            if (!searching) {
                searching = true;
                recorder.fault(
                        fromCaller, Message.Layer.TRANSPORT, "TPKT", "broken TPKT",
                        "expected a TPKT header (03 00, then a length of at least 5), but found " + Octets.words(pending.slice(at, HEADER), HEADER));
            }
            pending.position(at + 1);
        }

        void lose() {
            pending = ByteBuffer.allocate(0);
            searching = true;
        }

        void end() {
            if (pending.hasRemaining() && !searching) {
                recorder.cutOff(fromCaller, "TPKT", "the stream ends after " + Octets.count(pending.remaining()) + " of it");
            }
            pending = ByteBuffer.allocate(0);
        }
    }
}
