package dev.parley.runtime.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The blocks of a pcapng file with one Ethernet interface and times in nanoseconds. Pure. Little-endian, as most readers expect.
final class Pcapng {
    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int PACKET = 6;
    private static final int ETHERNET = 1;
    private static final int OPTION_COMMENT = 1;
    private static final int OPTION_NAME = 2;
    private static final int OPTION_USER_APPLICATION = 4;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_RECEIVED = 4;
    private static final int OPTION_DROPPED = 5;

    private Pcapng() {}

    /// The beginning of a file: section header and interface description.
    static ByteBuffer start(String application) {
        var section = block(SECTION_HEADER, 16 + text(application) + 4);
        section.putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1);
        finish(end(option(section, OPTION_USER_APPLICATION, application)));
        var description = block(INTERFACE, 8 + text("parley") + 8 + 4);
        description.putShort((short) ETHERNET).putShort((short) 0).putInt(0);
        option(description, OPTION_NAME, "parley");
        description.putShort((short) OPTION_TIME_RESOLUTION).putShort((short) 1).putInt(9);
        finish(end(description));
        return ByteBuffer.allocate(section.capacity() + description.capacity()).put(section).put(description).flip();
    }

    /// An enhanced packet block.
    ///
    /// @param nanos since 1970
    /// @param comment empty for none
    static ByteBuffer packet(long nanos, ByteBuffer frame, String comment) {
        int size = frame.remaining();
        var block = block(PACKET, 20 + padded(size) + (comment.isEmpty() ? 0 : text(comment) + 4));
        block.putInt(0).putInt((int) (nanos >>> 32)).putInt((int) nanos).putInt(size).putInt(size).put(frame);
        block.position(28 + padded(size));
        if (!comment.isEmpty()) {
            end(option(block, OPTION_COMMENT, comment));
        }
        return finish(block);
    }

    /// An interface statistics block: how many packets came to us and how many of them the file lacks.
    static ByteBuffer statistics(long nanos, long received, long dropped) {
        var block = block(STATISTICS, 12 + 12 + 12 + 4);
        block.putInt(0).putInt((int) (nanos >>> 32)).putInt((int) nanos);
        block.putShort((short) OPTION_RECEIVED).putShort((short) 8).putLong(received);
        block.putShort((short) OPTION_DROPPED).putShort((short) 8).putLong(dropped);
        return finish(end(block));
    }

    private static ByteBuffer block(int type, int body) {
        return ByteBuffer.allocate(12 + body).order(ByteOrder.LITTLE_ENDIAN).putInt(type).putInt(12 + body);
    }

    private static ByteBuffer option(ByteBuffer block, int code, String value) {
        var octets = value.getBytes(StandardCharsets.UTF_8);
        block.putShort((short) code).putShort((short) octets.length).put(octets);
        return block.position(block.position() + padded(octets.length) - octets.length);
    }

    private static ByteBuffer end(ByteBuffer block) {
        return block.putInt(0);
    }

    private static ByteBuffer finish(ByteBuffer block) {
        return block.putInt(block.capacity()).flip();
    }

    private static int text(String value) {
        return 4 + padded(value.getBytes(StandardCharsets.UTF_8).length);
    }

    private static int padded(int size) {
        return size + 3 & ~3;
    }
}
