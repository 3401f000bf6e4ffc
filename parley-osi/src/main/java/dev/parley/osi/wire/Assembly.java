package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts segments together again (7.37): an SSDU is one event, when its last segment has arrived. At most one is under way, and it is bounded.
final class Assembly {
    private final int most;
    private final List<ByteBuffer> parts = new ArrayList<>();
    private @Nullable Spdu first;
    private @Nullable Class<?> destroyed;
    private int octets;

    /// @param most octets of the longest SSDU
    Assembly(int most) {
        this.most = most;
    }

    /// Empty while segments are missing.
    ///
    /// @param dataIsCut DT and TD have Enclosure Items in this direction
    /// @param version the protocol version, 0 while it is not agreed
    /// @throws SessionException.ProtocolViolation when the segment does not belong here
    Optional<Spdu> add(Spdu spdu, boolean dataIsCut, int version) {
        var enclosure = spdu.enclosure();
        boolean data = spdu instanceof Spdu.DataTransfer || spdu instanceof Spdu.TypedData;
        if (data ? enclosure.present() != dataIsCut : enclosure.present() && version == 1) {
            throw broken(spdu.symbol() + (enclosure.present() ? " has an Enclosure Item" : " has no Enclosure Item") + ", against what was agreed");
        }
        if (spdu instanceof Spdu.ConnectDataOverflow) {
            return Optional.of(spdu);
        }
        if (!enclosure.present() || enclosure.begin()) {
            interrupt(spdu);
            return enclosure.end() ? Optional.of(spdu) : begin(spdu);
        }
        if (first == null && spdu.getClass() == destroyed) {
            // A PREPARE overtook the rest of what it destroys.
            destroyed = enclosure.end() ? null : destroyed;
            return Optional.empty();
        }
        if (first == null || !continues(first, spdu)) {
            throw broken("a segment of " + spdu.symbol() + " continues nothing");
        }
        if (!enclosure.end() && !spdu.userData().hasRemaining()) {
            throw broken("a segment of " + spdu.symbol() + " has no user data");
        }
        take(spdu);
        return enclosure.end() ? Optional.of(whole()) : Optional.empty();
    }

    /// A segment that continues a MAJOR SYNC POINT has no Sync Type Item, so it looks like one of an ACTIVITY END.
    private static boolean continues(Spdu first, Spdu next) {
        return first.getClass() == next.getClass() || first instanceof Spdu.MajorSyncPoint && next instanceof Spdu.ActivityEnd;
    }

    /// What may come between the segments of another SSDU: what stands beside it, and what destroys it.
    private void interrupt(Spdu spdu) {
        if (first == null || spdu instanceof Spdu.Expedited || spdu instanceof Spdu.PleaseTokens) {
            return;
        }
        boolean data = first instanceof Spdu.DataTransfer || first instanceof Spdu.TypedData;
        boolean destroys = switch (spdu) {
            case Spdu.Abort _ -> true;
            case Spdu.Prepare p -> switch (p.type()) {
                case ABORT -> true;
                case RESYNCHRONIZE -> data;
                case MAJOR_SYNC_ACK, RESYNCHRONIZE_ACK -> false;
            };
            case Spdu.Resynchronize _, Spdu.ExceptionReport _, Spdu.ExceptionData _, Spdu.ActivityInterrupt _, Spdu.ActivityDiscard _ -> data;
            default -> false;
        };
        if (destroys) {
            destroyed = first.getClass();
            forget();
        } else if (!(spdu instanceof Spdu.Prepare)) {
            throw broken(spdu.symbol() + " came between the segments of " + first.symbol());
        }
    }

    private Optional<Spdu> begin(Spdu spdu) {
        destroyed = null;
        if (!spdu.userData().hasRemaining()) {
            throw broken("the first segment of " + spdu.symbol() + " has no user data");
        }
        if (first != null) {
            throw broken(spdu.symbol() + " came between the segments of " + first.symbol());
        }
        first = spdu;
        take(spdu);
        return Optional.empty();
    }

    private void take(Spdu spdu) {
        octets += spdu.userData().remaining();
        if (octets > most) {
            throw broken("an SSDU is longer than the limit of " + most + " octets");
        }
        if (spdu.userData().hasRemaining()) {
            append(spdu.userData());
        }
    }

    /// A hostile peer may send one octet at a time: small parts go into one buffer, so that the memory stays near the octets that are kept.
    private void append(ByteBuffer data) {
        var last = parts.isEmpty() ? null : parts.getLast();
        if (last != null && last.capacity() - last.position() >= data.remaining()) {
            last.put(data);
        } else {
            parts.add(ByteBuffer.allocate(Math.max(data.remaining(), Math.min(64 << 10, octets))).put(data));
        }
    }

    private Spdu whole() {
        var data = ByteBuffer.allocate(octets);
        for (var part : parts) {
            data.put(part.flip());
        }
        var spdu = Segments.with(Objects.requireNonNull(first), Enclosure.ABSENT, data.flip());
        forget();
        return spdu;
    }

    void forget() {
        first = null;
        parts.clear();
        octets = 0;
    }

    private static SessionException.ProtocolViolation broken(String what) {
        return new SessionException.ProtocolViolation("invalid sequence of segments: " + what);
    }
}
