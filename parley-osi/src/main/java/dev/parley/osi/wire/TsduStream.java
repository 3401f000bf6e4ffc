package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// SPDUs to TSDUs and back for one transport connection: segmentation and concatenation as they were agreed (6.3.5, 6.3.7). Pure; the caller
/// says what was agreed, with [#agree].
public final class TsduStream {
    private final boolean takesExtended;
    private final boolean concatenates;
    private final Assembly assembly;
    private final List<Spdu> held = new ArrayList<>();
    private int version;
    private int mostSent;
    private int mostReceived;
    private boolean peerTakesExtended;

    /// @param takesExtended we say that we take extended concatenation
    /// @param concatenates SPDUs are held back until [#flush] and then put together
    /// @param mostSsdu octets of the longest SSDU that is put together from segments
    public TsduStream(boolean takesExtended, boolean concatenates, int mostSsdu) {
        this.takesExtended = takesExtended;
        this.concatenates = concatenates;
        assembly = new Assembly(mostSsdu);
    }

    /// What ACCEPT settled. It stays until the next CONNECT, because a released connection's last SPDU still follows it.
    ///
    /// @param toSend octets of the largest TSDU that may be sent, 0 is unlimited
    /// @param toReceive the same for what is received
    public void agree(int agreedVersion, int toSend, int toReceive, boolean peerExtended) {
        if (agreedVersion != 0) {
            version = agreedVersion;
            mostSent = toSend;
            mostReceived = toReceive;
            peerTakesExtended = peerExtended;
        }
    }

    /// The whole SPDUs that a TSDU completes, in the order in which they are to be processed.
    ///
    /// @throws SessionException.ProtocolViolation when the octets, or their place in a sequence of segments, are invalid
    public List<Spdu> receive(ByteBuffer tsdu) {
        if (mostReceived != 0 && tsdu.remaining() > mostReceived) {
            throw new SessionException.ProtocolViolation("a TSDU has " + tsdu.remaining() + " octets, but at most " + mostReceived + " were agreed");
        }
        var spdus = SpduCodec.decode(tsdu, takesExtended);
        if (spdus.size() == 1) {
            return one(spdus.getFirst());
        }
        var whole = new ArrayList<Spdu>(spdus.size());
        spdus.forEach(spdu -> whole.addAll(one(spdu)));
        return whole;
    }

    private List<Spdu> one(Spdu spdu) {
        if (spdu instanceof Spdu.Connect) {
            begin();
        }
        return assembly.add(spdu, mostReceived != 0, version).map(List::of).orElse(List.of());
    }

    private void begin() {
        version = 0;
        mostSent = 0;
        mostReceived = 0;
        peerTakesExtended = false;
        assembly.forget();
    }

    /// Gives the TSDUs of one SPDU to `out`, or keeps it until [#flush] for concatenation.
    public void send(Spdu spdu, Consumer<ByteBuffer[]> out) {
        if (spdu instanceof Spdu.Connect) {
            begin();
        }
        if (!concatenates && mostSent == 0 && spdu instanceof Spdu.DataTransfer) {
            out.accept(SpduCodec.encode(spdu));
            return;
        }
        var segments = Segments.of(spdu, mostSent);
        if (concatenates && segments.size() == 1) {
            held.add(segments.getFirst());
            return;
        }
        flush(out);
        segments.forEach(segment -> out.accept(SpduCodec.encode(segment)));
    }

    /// SPDUs that were held back, in as few TSDUs as the tables allow. A sequence that would be longer than the largest TSDU stays apart.
    public void flush(Consumer<ByteBuffer[]> out) {
        if (held.isEmpty()) {
            return;
        }
        for (var tsdu : SpduCodec.encode(held, peerTakesExtended, mostSent)) {
            out.accept(tsdu);
        }
        held.clear();
    }
}
