package dev.parley.trace.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;

/// The classic format: one file header, then packets with a 16-octet header each.
final class PcapFile extends PacketFile {
    private final int nanosPerUnit;
    private int linkType = -1;

    PcapFile(InputStream in, ByteOrder order, int nanosPerUnit) {
        super(in);
        this.order = order;
        this.nanosPerUnit = nanosPerUnit;
    }

    @Override
    Optional<Packet> read() throws IOException, Damaged {
        if (linkType < 0) {
            // Version, zone, accuracy, longest packet; then the link type, whose upper bits tell of a frame check sequence.
            linkType = octets(20, "the file header").getInt(16) & 0x0FFFFFFF;
        }
        if (atEnd()) {
            return Optional.empty();
        }
        var header = octets(16, "a packet header");
        long seconds = header.getInt(0) & 0xFFFFFFFFL;
        long fraction = header.getInt(4) & 0xFFFFFFFFL;
        var octets = octets(header.getInt(8) & 0xFFFFFFFFL, "packet " + (count + 1));
        count++;
        return Optional.of(new Packet(
                count, Instant.ofEpochSecond(seconds, fraction * nanosPerUnit), linkType, octets.order(ByteOrder.BIG_ENDIAN)));
    }
}
