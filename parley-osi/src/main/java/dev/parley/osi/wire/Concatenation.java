package dev.parley.osi.wire;

import dev.parley.osi.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which SPDUs may share a TSDU, and in which order they are encoded and processed (6.3.7, Tables 6 to 8).
///
/// A category 0 SPDU (GIVE or PLEASE TOKENS) comes first, category 2 SPDUs follow. Basic concatenation has one of them, extended up to three:
/// a start or resume of an activity, a synchronization point or an acknowledgement, and data last, because data runs to the end of the TSDU.
/// Data is nevertheless processed before the point that is encoded in front of it.
final class Concatenation {
    private Concatenation() {}

    /// 0 for categories 0 and 1; otherwise the identifier of the SPDU that goes before: requests behind GT, answers behind PT (Table 7).
    /// Table 7 prints PT before ACTIVITY RESUME, Table 8 and other stacks have GT: we send GT and accept both.
    static int introduction(Spdu spdu) {
        return switch (spdu) {
            case Spdu.DataTransfer _, Spdu.MinorSyncPoint _, Spdu.MajorSyncPoint _, Spdu.Resynchronize _, Spdu.ActivityStart _,
                    Spdu.ActivityResume _, Spdu.ActivityDiscard _, Spdu.ActivityInterrupt _, Spdu.ActivityEnd _, Spdu.CapabilityData _ ->
                SpduCodec.GIVE;
            case Spdu.MinorSyncAck _, Spdu.MajorSyncAck _, Spdu.ResynchronizeAck _, Spdu.ActivityDiscardAck _,
                    Spdu.ActivityInterruptAck _, Spdu.CapabilityDataAck _, Spdu.ExceptionReport _, Spdu.ExceptionData _ -> SpduCodec.PLEASE;
            default -> 0;
        };
    }

    /// What is wrong with a TSDU that has these SPDUs in the order in which they are encoded, in words, or null. `extended`: more than one
    /// category 2 SPDU is allowed.
    static @Nullable String broken(Spdu first, List<Spdu> rest, boolean extended) {
        var names = rest.stream().map(Spdu::symbol).toList();
        if (rest.size() > 1 && !extended) {
            return "extended concatenation " + names + " was not agreed";
        }
        if (first.userData().hasRemaining()) {
            return first.symbol() + " has user data, so nothing may follow";
        }
        if (rest.size() > 1 && !isExtended(rest)) {
            return names + " is no sequence of Table 8";
        }
        boolean tokens = !tokens(first).isEmpty();
        if (tokens && !rest.stream().allMatch(spdu -> spdu.enclosure().end())) {
            return first.symbol() + " has a Token Item, but a segment follows that is not the last";
        }
        return tokens && (first instanceof Spdu.GiveTokens ? withoutTokens(rest) : false) ? names + " follow a GIVE TOKENS without tokens" : null;
    }

    /// Table 8: (AS | AR)? (MIP | MIA | MAP | MAA | AE | AEA)? DT?, where an activity begins only with MIP, MAP or AE.
    private static boolean isExtended(List<Spdu> rest) {
        int at = 0;
        boolean starts = starts(rest.get(0));
        at += starts ? 1 : 0;
        if (at < rest.size() && (starts ? point(rest.get(at)) : point(rest.get(at)) || acknowledges(rest.get(at)))) {
            at++;
        }
        if (at < rest.size() && rest.get(at) instanceof Spdu.DataTransfer) {
            at++;
        }
        return at == rest.size();
    }

    /// The rows of Tables 7 and 8 that say "GT without Token Item".
    private static boolean withoutTokens(List<Spdu> rest) {
        return switch (rest.getFirst()) {
            case Spdu.Resynchronize _, Spdu.ActivityDiscard _, Spdu.ActivityInterrupt _, Spdu.CapabilityData _ -> true;
            case Spdu.ActivityStart _, Spdu.ActivityResume _ ->
                rest.stream().anyMatch(spdu -> spdu instanceof Spdu.ActivityEnd || spdu instanceof Spdu.MajorSyncPoint);
            default -> false;
        };
    }

    /// Groups SPDUs, in the order in which they were issued, into TSDUs; each group is in the order of encoding. A group of one SPDU without a
    /// leading GIVE or PLEASE TOKENS gets a bare one when it is encoded. `most` is the largest TSDU in octets, 0 for unlimited.
    static List<List<Spdu>> group(List<Spdu> spdus, boolean extended, int most) {
        var groups = new ArrayList<List<Spdu>>();
        for (int at = 0; at < spdus.size(); ) {
            int size = longest(spdus, at, extended, most);
            groups.add(encodingOrder(spdus.subList(at, at + size)));
            at += size;
        }
        return groups;
    }

    private static int longest(List<Spdu> spdus, int from, boolean extended, int most) {
        for (int size = Math.min(SpduCodec.MOST_CONCATENATED, spdus.size() - from); size > 1; size--) {
            var group = encodingOrder(spdus.subList(from, from + size));
            var rest = group.subList(1, group.size());
            if (!rest.isEmpty() && isCategoryZero(group.getFirst()) && rest.stream().allMatch(spdu -> introduction(spdu) != 0)
                    && SpduCodec.processingOrder(group).equals(spdus.subList(from, from + size))
                    && broken(group.getFirst(), rest, extended) == null
                    && rest.stream().allMatch(spdu -> spdu.enclosure().begin() && spdu.enclosure().end())
                    && (most == 0 || group.stream().mapToInt(Concatenation::octets).sum() <= most)
                    && (rest.size() > 1 || introduction(rest.getFirst()) == SpduEncoder.identifier(group.getFirst())
                            || extended && acknowledges(rest.getFirst()))) {
                return size;
            }
        }
        return 1;
    }

    private static int octets(Spdu spdu) {
        return SpduEncoder.size(spdu) + (spdu instanceof Spdu.DataTransfer ? spdu.userData().remaining() : 0);
    }

    /// The tokens go first and the data last; a bare GIVE TOKENS introduces a group that gives none.
    private static List<Spdu> encodingOrder(List<Spdu> spdus) {
        if (spdus.size() == 1) {
            return List.copyOf(spdus);
        }
        var group = new ArrayList<Spdu>();
        var last = spdus.getLast();
        group.add(isCategoryZero(last) ? last : new Spdu.GiveTokens(Set.of(), Enclosure.ABSENT, Spdu.NO_DATA));
        var rest = isCategoryZero(last) ? spdus.subList(0, spdus.size() - 1) : spdus;
        rest.stream().filter(spdu -> !(spdu instanceof Spdu.DataTransfer)).forEach(group::add);
        rest.stream().filter(Spdu.DataTransfer.class::isInstance).forEach(group::add);
        return group;
    }

    static boolean isCategoryZero(Spdu spdu) {
        return spdu instanceof Spdu.GiveTokens || spdu instanceof Spdu.PleaseTokens;
    }

    private static boolean starts(Spdu spdu) {
        return spdu instanceof Spdu.ActivityStart || spdu instanceof Spdu.ActivityResume;
    }

    private static boolean point(Spdu spdu) {
        return spdu instanceof Spdu.MinorSyncPoint || spdu instanceof Spdu.MajorSyncPoint || spdu instanceof Spdu.ActivityEnd;
    }

    private static boolean acknowledges(Spdu spdu) {
        return spdu instanceof Spdu.MinorSyncAck || spdu instanceof Spdu.MajorSyncAck;
    }

    static Set<Token> tokens(Spdu spdu) {
        return switch (spdu) {
            case Spdu.GiveTokens s -> s.tokens();
            case Spdu.PleaseTokens s -> s.tokens();
            default -> Set.of();
        };
    }

    /// The place in the order of processing (6.3.7.1): AS or AR, then data, then points and acknowledgements.
    static int rank(Spdu spdu) {
        return switch (spdu) {
            case Spdu.ActivityStart _, Spdu.ActivityResume _ -> 0;
            case Spdu.DataTransfer _ -> 1;
            case Spdu.GiveTokens _, Spdu.PleaseTokens _ -> 3;
            default -> 2;
        };
    }
}
