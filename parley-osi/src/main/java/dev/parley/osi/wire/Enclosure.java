package dev.parley.osi.wire;

/// The Enclosure Item (PI 25, 8.3.2.1): which part of a segmented SSDU this SPDU carries.
///
/// @param present false when the item is absent: the SSDU is not segmented
public record Enclosure(boolean present, boolean begin, boolean end) {
    public static final Enclosure ABSENT = new Enclosure(false, true, true);

    public static Enclosure of(boolean begin, boolean end) {
        return new Enclosure(true, begin, end);
    }

    int octet() {
        return (begin ? 0x01 : 0) | (end ? 0x02 : 0);
    }
}
