package dev.parley.trace.file;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads the packets of a capture one by one: pcap in both byte orders with microseconds or nanoseconds, and pcapng. A file that ends in the
/// middle of a packet (a capture that was broken off) gives what is whole; [#remark] says so.
public abstract sealed class PacketFile implements Closeable permits PcapFile, PcapngFile {
    /// Octets of the largest packet or block that is read; longer ones are damage.
    static final int MOST_OCTETS = 1 << 20;

    private static final int PCAPNG = 0x0A0D0D0A;

    private final InputStream in;
    private String remark = "";
    private boolean over;
    ByteOrder order = ByteOrder.BIG_ENDIAN;
    long count;

    PacketFile(InputStream in) {
        this.in = in;
    }

    /// @throws IOException when it cannot be read, or is neither pcap nor pcapng; the message says what it begins with
    public static PacketFile open(Path path) throws IOException {
        var in = Files.newInputStream(path);
        try {
            return of(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    public static PacketFile of(InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream, 1 << 16);
        in.mark(4);
        var magic = ByteBuffer.wrap(in.readNBytes(4));
        if (magic.remaining() < 4) {
            throw new IOException("expected a pcap or pcapng file, but it has " + magic.remaining() + " octets");
        }
        int number = magic.getInt(0);
        if (number == PCAPNG) {
            in.reset();
            return new PcapngFile(in);
        }
        return switch (number) {
            case 0xA1B2C3D4 -> new PcapFile(in, ByteOrder.BIG_ENDIAN, 1_000);
            case 0xD4C3B2A1 -> new PcapFile(in, ByteOrder.LITTLE_ENDIAN, 1_000);
            case 0xA1B23C4D -> new PcapFile(in, ByteOrder.BIG_ENDIAN, 1);
            case 0x4D3CB2A1 -> new PcapFile(in, ByteOrder.LITTLE_ENDIAN, 1);
            default -> throw new IOException(
                    "expected a pcap or pcapng file, but it begins with the octets %08x".formatted(number));
        };
    }

    /// The next packet; empty at the end.
    public final Optional<Packet> next() throws IOException {
        if (over) {
            return Optional.empty();
        }
        try {
            var packet = read();
            over = packet.isEmpty();
            return packet;
        } catch (EOFException e) {
            over = true;
            remark = "the file ends in the middle of a packet, after " + count + " whole ones";
        } catch (Damaged e) {
            over = true;
            remark = "the file is damaged after packet " + count + ": " + e.getMessage();
        }
        return Optional.empty();
    }

    /// What is wrong with the file, in words; empty when nothing is.
    public final String remark() {
        return remark;
    }

    abstract Optional<Packet> read() throws IOException, Damaged;

    @Override
    public final void close() throws IOException {
        in.close();
    }

    /// True when not one octet is left.
    final boolean atEnd() throws IOException {
        in.mark(1);
        boolean end = in.read() < 0;
        in.reset();
        return end;
    }

    /// Exactly so many octets, in the file's byte order.
    final ByteBuffer octets(long count, String of) throws IOException, Damaged {
        if (count < 0 || count > MOST_OCTETS) {
            throw new Damaged(of + " says that it has " + count + " octets, at most " + MOST_OCTETS + " are possible");
        }
        var octets = in.readNBytes((int) count);
        if (octets.length < count) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(octets).order(order);
    }

    /// The file cannot be understood from here on.
    static final class Damaged extends Exception {
        Damaged(String message) {
            super(message);
        }
    }
}
