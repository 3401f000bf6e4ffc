package dev.parley.trace.decode;

import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// X.224 TPDUs as RFC 1006 uses them, and the TSDUs of both directions put together.
public final class CotpDecoder implements TpktPayload {
    /// Octets of a TSDU that are kept; what follows in a longer one is passed over and said so.
    private static final int MOST_TSDU = 16 << 20;

    private final Recorder recorder;
    private final SessionDecoder session;
    private final Tsdu[] tsdus = {new Tsdu(), new Tsdu()};

    private static final class Tsdu {
        private final List<ByteBuffer> parts = new ArrayList<>();
        private int octets;
        private boolean lost;
    }

    public CotpDecoder(Recorder recorder) {
        this.recorder = recorder;
        session = new SessionDecoder(recorder);
    }

    /// What can begin a capture of X.224: H.245, which travels in TPKTs too, may look like its rarer TPDUs.
    public static boolean recognizes(ByteBuffer payload) {
        if (payload.remaining() < 3) {
            return false;
        }
        int length = payload.get(payload.position()) & 0xFF;
        int code = payload.get(payload.position() + 1) & 0xFF;
        boolean reserved = (payload.get(payload.position() + 2) & 0x7F) != 0;
        return length < payload.remaining() && (code == 0xF0 ? length == 2 && !reserved : length >= 6 && (code == 0xE0 || code == 0xD0));
    }

    @Override
    public void packet(boolean fromCaller, ByteBuffer tpdu) {
        int length = tpdu.get(tpdu.position()) & 0xFF;
        int code = tpdu.remaining() < 2 ? 0 : tpdu.get(tpdu.position() + 1) & 0xFF;
        var kind = CotpWords.kind(code);
        if (kind.isEmpty() || length < 2 || length >= tpdu.remaining()) {
            recorder.fault(
                    fromCaller, Message.Layer.TRANSPORT, "TPDU", "broken TPDU",
                    "expected a TPDU, but found " + Octets.counted(tpdu, 16) + (kind.isEmpty() ? ": its code is unknown" : ": its length is wrong"));
            return;
        }
        var header = tpdu.slice(tpdu.position(), length + 1);
        var rest = tpdu.slice(tpdu.position() + length + 1, tpdu.remaining() - length - 1);
        if (code == 0xF0) {
            data(fromCaller, rest, (header.get(2) & 0x80) != 0);
            return;
        }
        try {
            var items = CotpWords.items(kind.get(), header);
            recorder.message(
                    fromCaller, Message.Layer.TRANSPORT, kind.get().name(), kind.get().title(), CotpWords.summary(items), items,
                    Optional.empty());
        } catch (IndexOutOfBoundsException e) {
            recorder.fault(
                    fromCaller, Message.Layer.TRANSPORT, kind.get().name(), kind.get().title(),
                    "the header of " + Octets.count(length + 1) + " is too short for its content: " + Octets.words(header, 32));
        }
        if (kind.get() == CotpWords.Kind.ED) {
            session.tsdu(fromCaller, true, rest);
        }
    }

    private void data(boolean fromCaller, ByteBuffer octets, boolean last) {
        var tsdu = tsdus[fromCaller ? 1 : 0];
        if (tsdu.octets + (long) octets.remaining() > MOST_TSDU) {
            tsdu.lost = true;
            recorder.remark(fromCaller, "TSDU", "a TSDU of more than " + MOST_TSDU + " octets is not decoded");
        }
        if (!tsdu.lost) {
            tsdu.octets += octets.remaining();
            tsdu.parts.add(octets);
        }
        if (last) {
            if (!tsdu.lost) {
                session.tsdu(fromCaller, false, whole(tsdu));
            }
            tsdus[fromCaller ? 1 : 0] = new Tsdu();
        }
    }

    private static ByteBuffer whole(Tsdu tsdu) {
        if (tsdu.parts.size() == 1) {
            return tsdu.parts.getFirst();
        }
        var whole = ByteBuffer.allocate(tsdu.octets);
        tsdu.parts.forEach(whole::put);
        return whole.flip();
    }

    @Override
    public boolean takesEmpty() {
        return false;
    }

    @Override
    public void gap(boolean fromCaller) {
        var tsdu = tsdus[fromCaller ? 1 : 0];
        tsdu.parts.clear();
        // Until the next end we cannot know where a TSDU begins.
        tsdu.lost = true;
    }

    @Override
    public void end(boolean fromCaller) {
        int octets = tsdus[fromCaller ? 1 : 0].octets;
        if (octets > 0 && !tsdus[fromCaller ? 1 : 0].lost) {
            recorder.cutOff(fromCaller, "TSDU", "the stream ends after " + Octets.count(octets) + " of it: its last DT never came");
        }
        tsdus[fromCaller ? 1 : 0] = new Tsdu();
    }
}
