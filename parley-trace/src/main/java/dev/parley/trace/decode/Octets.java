package dev.parley.trace.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Octets for people: hex, and the text they are when they are text.
public final class Octets {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private Octets() {}

    /// At most so many of them in hex; `(empty)` for none.
    public static String words(ByteBuffer octets, int most) {
        if (!octets.hasRemaining()) {
            return "(empty)";
        }
        var bytes = new byte[Math.min(octets.remaining(), most)];
        octets.get(octets.position(), bytes);
        var text = isText(bytes) ? " \"" + new String(bytes, StandardCharsets.US_ASCII) + "\"" : "";
        return HEX.formatHex(bytes) + (octets.remaining() > most ? " ..." : "") + text;
    }

    /// With the count in front, for user data.
    public static String counted(ByteBuffer octets, int most) {
        int size = octets.remaining();
        return size == 0 ? "none" : count(size) + ": " + words(octets, most);
    }

    public static String count(int octets) {
        return octets == 1 ? "1 octet" : octets + " octets";
    }

    private static boolean isText(byte[] bytes) {
        for (byte octet : bytes) {
            if (octet < 0x20 || octet > 0x7E) {
                return false;
            }
        }
        return bytes.length > 1;
    }
}
