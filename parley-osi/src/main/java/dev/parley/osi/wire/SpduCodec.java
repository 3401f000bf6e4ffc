package dev.parley.osi.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One TSDU to SPDUs and back (X.225 8.2 and 6.3.7). A category 2 SPDU never stands alone: a GIVE TOKENS or PLEASE TOKENS without tokens
/// goes before it, and is dropped again on receipt because it is no event then.
public final class SpduCodec {
    static final int GIVE = 1;
    static final int PLEASE = 2;
    static final int MOST_CONCATENATED = 4;

    /// A bare GIVE TOKENS and a DATA TRANSFER without parameters: what goes before every page of data. Only read.
    private static final ByteBuffer DATA_HEADER = ByteBuffer.wrap(new byte[] {GIVE, 0, 1, 0}).asReadOnlyBuffer();

    private SpduCodec() {}

    /// The octets of one TSDU with this one SPDU. User information is not copied; the buffers are gathered in order.
    public static ByteBuffer[] encode(Spdu spdu) {
        if (spdu instanceof Spdu.DataTransfer data && !data.enclosure().present()) {
            return new ByteBuffer[] {DATA_HEADER.duplicate(), data.userData()};
        }
        var header = SpduEncoder.header(spdu, Concatenation.introduction(spdu));
        return switch (spdu) {
            case Spdu.DataTransfer s -> new ByteBuffer[] {header, s.userData()};
            case Spdu.TypedData s -> new ByteBuffer[] {header, s.userData()};
            case Spdu.Expedited s -> new ByteBuffer[] {header, s.userData()};
            default -> new ByteBuffer[] {header};
        };
    }

    /// The TSDUs that carry these SPDUs, which were issued in this order: as few as basic concatenation allows, and extended concatenation
    /// where the peer takes it. `most` is the largest TSDU in octets, 0 for unlimited.
    public static List<ByteBuffer[]> encode(List<Spdu> spdus, boolean extended, int most) {
        return Concatenation.group(spdus, extended, most).stream()
                .map(group -> group.size() == 1 ? encode(group.getFirst()) : concatenated(group))
                .toList();
    }

    private static ByteBuffer[] concatenated(List<Spdu> group) {
        var buffers = new ArrayList<ByteBuffer>();
        for (var spdu : group) {
            buffers.add(SpduEncoder.header(spdu, 0));
            if (spdu instanceof Spdu.DataTransfer data) {
                buffers.add(data.userData());
            }
        }
        return buffers.toArray(ByteBuffer[]::new);
    }

    /// As [#decode(ByteBuffer, boolean)] with extended concatenation allowed.
    public static List<Spdu> decode(ByteBuffer tsdu) {
        return decode(tsdu, true);
    }

    /// The SPDUs of one TSDU in the order in which they are to be processed: the category 2 ones first, tokens last (6.3.7.1).
    ///
    /// @param extended we told the peer that we take extended concatenation
    /// @throws dev.parley.api.SessionException.ProtocolViolation when the octets are not what 8.2, 8.3 and Tables 7 and 8 allow
    public static List<Spdu> decode(ByteBuffer tsdu, boolean extended) {
        if (isPage(tsdu)) {
            int header = DATA_HEADER.remaining();
            return List.of(new Spdu.DataTransfer(Enclosure.ABSENT, tsdu.slice(tsdu.position() + header, tsdu.remaining() - header)));
        }
        var reader = new OctetReader(tsdu.duplicate(), "TSDU");
        var first = SpduDecoder.next(reader, true);
        if (!Concatenation.isCategoryZero(first)) {
            if (reader.hasMore()) {
                throw reader.broken(first.symbol() + " stands alone in a TSDU, but " + reader.remaining() + " octets follow");
            }
            if (Concatenation.introduction(first) != 0) {
                throw reader.broken(first.symbol() + " needs a GIVE TOKENS or PLEASE TOKENS before it");
            }
            return List.of(first);
        }
        var spdus = new ArrayList<Spdu>(2);
        while (reader.hasMore()) {
            if (spdus.size() == MOST_CONCATENATED - 1) {
                throw reader.broken("more than " + MOST_CONCATENATED + " SPDUs are concatenated");
            }
            var next = SpduDecoder.next(reader, false);
            if (Concatenation.introduction(next) == 0) {
                throw reader.broken(next.symbol() + " must not be concatenated");
            }
            spdus.add(next);
        }
        boolean bare = Concatenation.tokens(first).isEmpty();
        if (spdus.isEmpty()) {
            boolean continues = first.enclosure().present() && !first.enclosure().begin();
            if (bare && !continues) {
                throw reader.broken(first.symbol() + " without tokens and without a following SPDU");
            }
            return List.of(first);
        }
        var broken = Concatenation.broken(first, spdus, extended);
        if (broken != null) {
            throw reader.broken(broken);
        }
        if (!bare) {
            spdus.add(first);
        }
        return spdus.size() > 1 ? processingOrder(spdus) : spdus;
    }

    /// A DATA TRANSFER without parameters behind a bare GIVE TOKENS, as nearly every TSDU of a transfer is. The general way reads the same, but
    /// makes ten times the objects.
    private static boolean isPage(ByteBuffer tsdu) {
        int header = DATA_HEADER.remaining();
        return tsdu.remaining() > header && DATA_HEADER.mismatch(tsdu) == header;
    }

    /// The order of 6.3.7.1; a bare GIVE or PLEASE TOKENS is no event and is left out.
    static List<Spdu> processingOrder(List<Spdu> spdus) {
        return spdus.stream()
                .filter(spdu -> !Concatenation.isCategoryZero(spdu) || !Concatenation.tokens(spdu).isEmpty())
                .sorted(Comparator.comparingInt(Concatenation::rank))
                .toList();
    }
}
