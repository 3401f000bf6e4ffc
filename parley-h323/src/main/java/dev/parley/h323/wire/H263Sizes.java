package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The picture sizes of H.263, each with its minimum picture interval (MPI, H263VideoCapability of H.245) in units of 1001/30000 s, 1..32: 1 is 29.97
/// pictures a second, 2 half of it. 0: pictures of that size are not taken, or are not in the film. Sizes of one's own are not known here.
public record H263Sizes(int subQcif, int qcif, int cif, int cif4, int cif16) {
    public static final H263Sizes NONE = new H263Sizes(0, 0, 0, 0, 0);
    public static final H263Sizes UP_TO_CIF = new H263Sizes(0, 1, 1, 0, 0);
    /// Whoever only writes pictures down takes all.
    public static final H263Sizes ANY = new H263Sizes(1, 1, 1, 1, 1);

    private static final List<String> FIELDS = List.of("sqcifMPI", "qcifMPI", "cifMPI", "cif4MPI", "cif16MPI");
    private static final List<String> NAMES = List.of("sub-QCIF", "QCIF", "CIF", "4CIF", "16CIF");
    private static final int LAST_THAT_ALL_HAVE = 1;
    private static final int MOST = 32;

    public H263Sizes {
        for (int interval : new int[] {subQcif, qcif, cif, cif4, cif16}) {
            if (interval < 0 || interval > MOST) {
                throw new IllegalArgumentException("a picture interval of " + interval + ", expected 0.." + MOST);
            }
        }
    }

    private static H263Sizes of(int... intervals) {
        return new H263Sizes(intervals[0], intervals[1], intervals[2], intervals[3], intervals[4]);
    }

    /// @param capability H263VideoCapability
    static H263Sizes of(Value capability) {
        return of(FIELDS.stream().mapToInt(f -> capability.numberAt(f).orElse(0L).intValue()).toArray());
    }

    Value.Struct into(Value.Struct capability) {
        var with = capability;
        for (int size = 0; size < FIELDS.size(); size++) {
            with = interval(size) == 0 ? with : with.with(FIELDS.get(size), interval(size));
        }
        return with;
    }

    /// The same with one more size.
    ///
    /// @param sourceFormat as in the header of a picture (clause 5.1.3/H.263): 1 sub-QCIF to 5 16CIF
    public H263Sizes with(int sourceFormat, int interval) {
        var all = intervals();
        all[sourceFormat - 1] = interval;
        return of(all);
    }

    private int[] intervals() {
        return new int[] {subQcif, qcif, cif, cif4, cif16};
    }

    private int interval(int size) {
        return intervals()[size];
    }

    /// Every decoder has sub-QCIF and QCIF (H.263, source format), also one that only tells of larger ones; 0 when it has not this size.
    private int decodes(int size) {
        int last = size <= LAST_THAT_ALL_HAVE ? FIELDS.size() - 1 : size;
        return Arrays.stream(intervals(), size, last + 1).filter(i -> i > 0).min().orElse(0);
    }

    /// Whether a decoder of these takes each picture of the other.
    boolean hold(H263Sizes stream) {
        for (int size = 0; size < FIELDS.size(); size++) {
            if (stream.interval(size) > 0 && (decodes(size) == 0 || decodes(size) > stream.interval(size))) {
                return false;
            }
        }
        return true;
    }

    /// What of these a decoder of the other takes.
    H263Sizes within(H263Sizes decoder) {
        var common = new int[FIELDS.size()];
        for (int size = 0; size < common.length; size++) {
            common[size] = interval(size) == 0 || decoder.decodes(size) == 0 ? 0 : Math.max(interval(size), decoder.decodes(size));
        }
        return of(common);
    }

    /// For people: `QCIF, CIF up to 15/s`.
    String words() {
        var words = new ArrayList<String>();
        for (int size = 0; size < FIELDS.size(); size++) {
            if (interval(size) > 0) {
                words.add(NAMES.get(size) + (interval(size) == 1 ? "" : String.format(Locale.ROOT, " up to %.3g/s", 30 / 1.001 / interval(size))));
            }
        }
        return words.isEmpty() ? "no size" : String.join(", ", words);
    }
}
