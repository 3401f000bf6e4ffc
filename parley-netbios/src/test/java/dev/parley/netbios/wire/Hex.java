package dev.parley.netbios.wire;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Reads and writes octets as in a capture.
public final class Hex {
    private Hex() {}

    public static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    public static String text(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
