package dev.parley.trace.file;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The format of blocks: sections with a byte order each, interfaces with a link type and a time resolution each, packets.
final class PcapngFile extends PacketFile {
    private static final int SECTION = 0x0A0D0D0A;
    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int PACKET = 6;
    private static final int MOST_INTERFACES = 1_000;
    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

    /// @param unitsPerSecond of the interface's clock
    private record Interface(int linkType, BigInteger unitsPerSecond, long offsetSeconds) {}

    private final List<Interface> interfaces = new ArrayList<>();

    PcapngFile(InputStream in) {
        super(in);
    }

    @Override
    Optional<Packet> read() throws IOException, Damaged {
        while (!atEnd()) {
            int type = octets(4, "a block type").getInt(0);
            var packet = type == SECTION ? section() : block(type);
            if (packet.isPresent()) {
                return packet;
            }
        }
        return Optional.empty();
    }

    private Optional<Packet> section() throws IOException, Damaged {
        var head = octets(8, "a section header");
        int magic = head.order(ByteOrder.BIG_ENDIAN).getInt(4);
        order = switch (magic) {
            case 0x1A2B3C4D -> ByteOrder.BIG_ENDIAN;
            case 0x4D3C2B1A -> ByteOrder.LITTLE_ENDIAN;
            default -> throw new Damaged("a section header has the byte order mark %08x".formatted(magic));
        };
        interfaces.clear();
        octets((head.order(order).getInt(0) & 0xFFFFFFFFL) - 12, "a section header");
        return Optional.empty();
    }

    private Optional<Packet> block(int type) throws IOException, Damaged {
        long length = octets(4, "a block length").getInt(0) & 0xFFFFFFFFL;
        if (length < 12 || length % 4 != 0) {
            throw new Damaged("a block says that it has " + length + " octets");
        }
        var body = octets(length - 12, "a block");
        octets(4, "the end of a block");
        return switch (type) {
            case INTERFACE -> described(body);
            case PACKET -> packet(body, 20, interfaceOf(number(body, 0)));
            case OLD_PACKET -> packet(body, 20, interfaceOf(need(body, 2).getShort(0) & 0xFFFF));
            case SIMPLE_PACKET -> simple(body);
            default -> Optional.empty();
        };
    }

    private Optional<Packet> described(ByteBuffer body) throws Damaged {
        int linkType = need(body, 8).getShort(0) & 0xFFFF;
        if (interfaces.size() == MOST_INTERFACES) {
            throw new Damaged("it describes more than " + MOST_INTERFACES + " interfaces");
        }
        var units = BigInteger.valueOf(1_000_000);
        long offset = 0;
        for (int at = 8; at + 4 <= body.limit(); ) {
            int code = body.getShort(at) & 0xFFFF;
            int size = body.getShort(at + 2) & 0xFFFF;
            if (code == 0 || at + 4 + size > body.limit()) {
                break;
            }
            if (code == 9 && size == 1) {
                int resolution = body.get(at + 4) & 0xFF;
                units = (resolution & 0x80) == 0 ? BigInteger.TEN.pow(Math.min(resolution, 20)) : BigInteger.TWO.pow(resolution & 0x7F);
            } else if (code == 14 && size == 8) {
                offset = body.getLong(at + 4);
            }
            at += 4 + (size + 3 & ~3);
        }
        interfaces.add(new Interface(linkType, units, offset));
        return Optional.empty();
    }

    private Optional<Packet> packet(ByteBuffer body, int at, Interface from) throws Damaged {
        var time = new BigInteger(1, ByteBuffer.allocate(8).putInt(number(body, 4)).putInt(number(body, 8)).array());
        long captured = number(body, 12) & 0xFFFFFFFFL;
        if (at + captured > body.limit()) {
            throw new Damaged("a packet of " + captured + " octets does not fit its block of " + body.limit());
        }
        var parts = time.divideAndRemainder(from.unitsPerSecond);
        var nanos = parts[1].multiply(BILLION).divide(from.unitsPerSecond).longValue();
        // A time beyond what an Instant holds is damage of that field alone.
        var seconds = parts[0].bitLength() < 40 && Math.abs(from.offsetSeconds) < 1L << 40 ? parts[0].longValue() + from.offsetSeconds : 0;
        return Optional.of(new Packet(++count, Instant.ofEpochSecond(seconds, nanos), from.linkType, body.slice(at, (int) captured)));
    }

    private Optional<Packet> simple(ByteBuffer body) throws Damaged {
        int captured = (int) Math.min(number(body, 0) & 0xFFFFFFFFL, body.limit() - 4L);
        return Optional.of(new Packet(++count, Instant.EPOCH, interfaceOf(0).linkType, body.slice(4, captured)));
    }

    private Interface interfaceOf(int number) throws Damaged {
        if (number < 0 || number >= interfaces.size()) {
            throw new Damaged("a packet came from interface " + number + ", which nothing describes");
        }
        return interfaces.get(number);
    }

    private static int number(ByteBuffer body, int at) throws Damaged {
        return need(body, at + 4).getInt(at);
    }

    private static ByteBuffer need(ByteBuffer body, int size) throws Damaged {
        if (body.limit() < size) {
            throw new Damaged("a block of " + body.limit() + " octets is too short for its type");
        }
        return body;
    }
}
