package dev.parley.netbios.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes packets as a capture file of bare IPv4, for decoders.
final class PacketFile {
    private static final int RAW_IP = 101;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int sequence = 1;

    PacketFile() {
        out.writeBytes(ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4)
                .putInt(0).putInt(0).putInt(65_535).putInt(RAW_IP).array());
    }

    PacketFile udp(int port, ByteBuffer payload) {
        return packet(17, ByteBuffer.allocate(8 + payload.remaining()).putShort((short) port).putShort((short) port)
                .putShort((short) (8 + payload.remaining())).putShort((short) 0).put(payload.duplicate()).flip());
    }

    /// The next segment of one connection.
    PacketFile tcp(int port, ByteBuffer payload) {
        var segment = ByteBuffer.allocate(20 + payload.remaining()).putShort((short) 50_000).putShort((short) port).putInt(sequence).putInt(1)
                .putShort((short) 0x5018).putShort((short) 8_192).putInt(0).put(payload.duplicate()).flip();
        sequence += payload.remaining();
        return packet(6, segment);
    }

    private PacketFile packet(int protocol, ByteBuffer payload) {
        int length = 20 + payload.remaining();
        out.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(1).putInt(0).putInt(length).putInt(length).array());
        out.writeBytes(ByteBuffer.allocate(20).putShort((short) 0x4500).putShort((short) length).putInt(0).put((byte) 64).put((byte) protocol)
                .putShort((short) 0).putInt(0x0A000001).putInt(0x0A000002).array());
        out.writeBytes(payload.array());
        return this;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, out.toByteArray());
    }
}
