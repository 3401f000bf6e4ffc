package dev.parley.h323.wire;

import java.util.Arrays;
import java.util.List;

/// A level of H.264 as H.241 counts it (table 8), and what a decoder of it can do (H.264 table A-1).
///
/// @param macroblocksASecond the most
/// @param macroblocksInAPicture the most
record H264Level(int code, String name, int macroblocksASecond, int macroblocksInAPicture) {
    private static final List<H264Level> ALL = List.of(
            new H264Level(15, "1", 1_485, 99), new H264Level(19, "1b", 1_485, 99), new H264Level(22, "1.1", 3_000, 396),
            new H264Level(29, "1.2", 6_000, 396), new H264Level(36, "1.3", 11_880, 396), new H264Level(43, "2", 11_880, 396),
            new H264Level(50, "2.1", 19_800, 792), new H264Level(57, "2.2", 20_250, 1_620), new H264Level(64, "3", 40_500, 1_620),
            new H264Level(71, "3.1", 108_000, 3_600), new H264Level(78, "3.2", 216_000, 5_120), new H264Level(85, "4", 245_760, 8_192),
            new H264Level(92, "4.1", 245_760, 8_192), new H264Level(99, "4.2", 522_240, 8_704), new H264Level(106, "5", 589_824, 22_080),
            new H264Level(113, "5.1", 983_040, 36_864));

    static String name(int code) {
        return ALL.stream().filter(l -> l.code == code).map(H264Level::name).findFirst().orElse("number " + code);
    }

    /// The level that a decoder reaches which says more than its level: CustomMaxMBPS in units of 500, CustomMaxFS in units of 256; 0 when it
    /// does not. Endpoints say so of larger pictures at their usual level.
    static int reached(int code, long customSpeed, long customSize) {
        var own = ALL.stream().filter(l -> l.code == code).findFirst();
        if (own.isEmpty() || customSpeed == 0 && customSize == 0) {
            return code;
        }
        long speed = Math.max(own.get().macroblocksASecond, 500 * customSpeed);
        long size = Math.max(own.get().macroblocksInAPicture, 256 * customSize);
        return ALL.stream().filter(l -> l.macroblocksASecond <= speed && l.macroblocksInAPicture <= size).mapToInt(H264Level::code)
                .max().orElse(code);
    }

    /// Of the bits of H.241.
    static String profiles(int bits) {
        var names = Arrays.asList("baseline", "main", "extended", "high");
        var words = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            words.append((bits & 64 >> i) == 0 ? "" : (words.isEmpty() ? "" : " or ") + names.get(i));
        }
        return words.isEmpty() ? "no profile" : words.toString();
    }
}
