package dev.parley.h323.media;

import dev.parley.h323.wire.Capability;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What a stream of H.264 needs of its decoder, as its first sequence parameter set says (H.264 clause 7.4.2.1.1).
///
/// @param profile as the bit of H.241 (64 baseline, 32 main, 16 extended, 8 high)
/// @param level as H.241 counts it
public record H264Format(int profile, int level) {
    /// Baseline, level 3.1.
    public static final H264Format BASELINE = new H264Format(64, 71);
    /// Whoever only writes pictures down takes all profiles, up to level 5.1.
    public static final H264Format ANY = new H264Format(64 | 32 | 16 | 8, 113);

    private static final int SPS = 7;
    /// H.241 table 8: level_idc of H.264, and the number of the level there. Level 1b is 19.
    private static final Map<Integer, Integer> LEVELS = Map.ofEntries(Map.entry(9, 19), Map.entry(10, 15), Map.entry(11, 22), Map.entry(12, 29),
            Map.entry(13, 36), Map.entry(20, 43), Map.entry(21, 50), Map.entry(22, 57), Map.entry(30, 64), Map.entry(31, 71), Map.entry(32, 78),
            Map.entry(40, 85), Map.entry(41, 92), Map.entry(42, 99), Map.entry(50, 106), Map.entry(51, 113));

    /// Of a byte stream (Annex B).
    ///
    /// @throws IOException when no sequence parameter set comes before the first slice, or it is of a profile or level that H.241 does not know
    public static H264Format of(Path file) throws IOException {
        return of(Files.newInputStream(file), file.toString());
    }

    /// @param in is closed
    static H264Format of(InputStream in, String name) throws IOException {
        try (var stream = new StartCodes(in, third -> third == 1)) {
            for (var unit = stream.next(); unit.isPresent(); unit = stream.next()) {
                var octets = unit.get().octets();
                int type = octets.hasRemaining() ? octets.get(0) & 0x1F : 0;
                if (type == SPS && octets.remaining() >= 4) {
                    return of(octets, name);
                }
                if (type >= 1 && type <= 5) {
                    break;
                }
            }
        }
        throw new IOException(name + " has no sequence parameter set before its first picture; expected H.264 as a byte stream (Annex B)");
    }

    private static H264Format of(ByteBuffer sps, String name) throws IOException {
        int profile = sps.get(1) & 0xFF;
        int constraints = sps.get(2) & 0xFF;
        int level = sps.get(3) & 0xFF;
        // Level 1b of the older profiles is level 1.1 with constraint_set3_flag.
        boolean oneB = level == 11 && (constraints & 0x10) != 0 && (profile == 66 || profile == 77 || profile == 88);
        var code = LEVELS.get(oneB ? 9 : level);
        int bit = bit(profile, constraints);
        if (bit == 0 || code == null) {
            throw new IOException("%s has profile_idc %d and level_idc %d; expected 66, 77, 88 or 100, and level 5.1 at most"
                    .formatted(name, profile, level));
        }
        return new H264Format(bit, code);
    }

    /// A stream that obeys the rules of another profile, too, says so in constraint_set0_flag to constraint_set2_flag; of several, the one that
    /// most decoders have.
    private static int bit(int profile, int constraints) {
        if (profile == 66 || (constraints & 0x80) != 0) {
            return 64;
        }
        if (profile == 77 || (constraints & 0x40) != 0) {
            return 32;
        }
        if (profile == 88 || (constraints & 0x20) != 0) {
            return 16;
        }
        return profile == 100 ? 8 : 0;
    }

    /// @param bitRate in units of 100 bit/s
    public Capability capability(int bitRate) {
        return Capability.h264(profile, level, bitRate).nonInterleaved(true);
    }
}
