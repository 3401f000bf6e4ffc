package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One TSDU to SPDUs and back (X.225 8.2 and 6.3.7). A category 2 SPDU never stands alone: a GIVE TOKENS or PLEASE TOKENS without tokens
/// goes before it, and is dropped again on receipt because it is no event then.
public final class SpduCodec {
    private static final int GIVE = 1;
    private static final int PLEASE = 2;
    private static final int MOST_CONCATENATED = 4;

    private SpduCodec() {}

    /// The octets of one TSDU with this one SPDU. User information is not copied; the buffers are gathered in order.
    public static ByteBuffer[] encode(Spdu spdu) {
        var header = SpduEncoder.header(spdu);
        int category = introduction(spdu);
        if (category != 0) {
            header = ByteBuffer.allocate(2 + header.remaining()).put((byte) category).put((byte) 0).put(header).flip();
        }
        return switch (spdu) {
            case Spdu.DataTransfer s -> new ByteBuffer[] {header, s.userData()};
            case Spdu.TypedData s -> new ByteBuffer[] {header, s.userData()};
            case Spdu.Expedited s -> new ByteBuffer[] {header, s.userData()};
            default -> new ByteBuffer[] {header};
        };
    }

    /// The SPDUs of one TSDU in the order in which they are to be processed: the category 2 ones first, tokens last (6.3.7.1).
    ///
    /// @throws SessionException.ProtocolViolation when the octets are not what 8.2, 8.3 and Tables 7 and 8 allow
    public static List<Spdu> decode(ByteBuffer tsdu) {
        var reader = new OctetReader(tsdu.duplicate(), "TSDU");
        var first = SpduDecoder.next(reader, true);
        boolean zero = first instanceof Spdu.GiveTokens || first instanceof Spdu.PleaseTokens;
        if (!zero) {
            if (reader.hasMore()) {
                throw reader.broken(first.symbol() + " stands alone in a TSDU, but " + reader.remaining() + " octets follow");
            }
            if (introduction(first) != 0) {
                throw reader.broken(first.symbol() + " needs a GIVE TOKENS or PLEASE TOKENS before it");
            }
            return List.of(first);
        }
        var spdus = new ArrayList<Spdu>();
        while (reader.hasMore()) {
            if (spdus.size() == MOST_CONCATENATED - 1) {
                throw reader.broken("more than " + MOST_CONCATENATED + " SPDUs are concatenated");
            }
            var next = SpduDecoder.next(reader, false);
            if (introduction(next) == 0) {
                throw reader.broken(next.symbol() + " must not be concatenated");
            }
            spdus.add(next);
        }
        if (spdus.size() > 1) {
            order(spdus);
        }
        if (spdus.isEmpty() || !tokens(first).isEmpty()) {
            if (tokens(first).isEmpty()) {
                throw reader.broken(first.symbol() + " without tokens and without a following SPDU");
            }
            spdus.add(first);
        }
        return spdus;
    }

    private static Set<Token> tokens(Spdu spdu) {
        return switch (spdu) {
            case Spdu.GiveTokens s -> s.tokens();
            case Spdu.PleaseTokens s -> s.tokens();
            default -> Set.of();
        };
    }

    /// Extended concatenation: AS or AR, then DT, then the synchronization point, although the data is encoded last.
    private static void order(List<Spdu> spdus) {
        spdus.sort((a, b) -> Integer.compare(rank(a), rank(b)));
    }

    private static int rank(Spdu spdu) {
        return switch (spdu) {
            case Spdu.ActivityStart _, Spdu.ActivityResume _ -> 0;
            case Spdu.DataTransfer _ -> 1;
            default -> 2;
        };
    }

    /// 0 for categories 0 and 1; otherwise the identifier of the SPDU that goes before: requests behind GT, answers behind PT (Table 7).
    /// Table 7 prints PT before ACTIVITY RESUME, Table 8 and other stacks have GT: we send GT and accept both.
    private static int introduction(Spdu spdu) {
        return switch (spdu) {
            case Spdu.DataTransfer _, Spdu.MinorSyncPoint _, Spdu.MajorSyncPoint _, Spdu.Resynchronize _, Spdu.ActivityStart _,
                    Spdu.ActivityResume _, Spdu.ActivityDiscard _, Spdu.ActivityInterrupt _, Spdu.ActivityEnd _, Spdu.CapabilityData _ -> GIVE;
            case Spdu.MinorSyncAck _, Spdu.MajorSyncAck _, Spdu.ResynchronizeAck _, Spdu.ActivityDiscardAck _,
                    Spdu.ActivityInterruptAck _, Spdu.CapabilityDataAck _, Spdu.ExceptionReport _, Spdu.ExceptionData _ -> PLEASE;
            default -> 0;
        };
    }
}
