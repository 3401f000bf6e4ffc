package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Octets of tests, written as people read them.
public final class Hex {
    private Hex() {}

    public static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    public static String of(ByteBuffer octets) {
        var copy = new byte[octets.remaining()];
        octets.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
