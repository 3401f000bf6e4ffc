package dev.parley.osi;

import java.util.EnumSet;
import java.util.Set;

/// The functional units of X.215 clause 9 with their bit in Session User Requirements (X.225 8.3.1.16).
public enum FunctionalUnit {
    HALF_DUPLEX(0x0001),
    DUPLEX(0x0002),
    EXPEDITED(0x0004),
    MINOR_SYNC(0x0008),
    MAJOR_SYNC(0x0010),
    RESYNCHRONIZE(0x0020),
    ACTIVITY(0x0040),
    NEGOTIATED_RELEASE(0x0080),
    CAPABILITY_DATA(0x0100),
    EXCEPTIONS(0x0200),
    TYPED_DATA(0x0400),
    SYMMETRIC_SYNC(0x0800),
    DATA_SEPARATION(0x1000);

    private final int mask;

    FunctionalUnit(int mask) {
        this.mask = mask;
    }

    public int mask() {
        return mask;
    }

    /// The octets of PI 20; reserved bits are ignored (8.2.7).
    public static Set<FunctionalUnit> ofBits(int bits) {
        var units = EnumSet.noneOf(FunctionalUnit.class);
        for (var unit : values()) {
            if ((bits & unit.mask) != 0) {
                units.add(unit);
            }
        }
        return units;
    }

    public static int toBits(Set<FunctionalUnit> units) {
        return units.stream().mapToInt(FunctionalUnit::mask).sum();
    }
}
