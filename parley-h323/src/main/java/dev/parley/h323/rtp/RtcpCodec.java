package dev.parley.h323.rtp;

import dev.parley.h323.rtp.RtcpPacket.Chunk;
import dev.parley.h323.rtp.RtcpPacket.Goodbye;
import dev.parley.h323.rtp.RtcpPacket.Item;
import dev.parley.h323.rtp.RtcpPacket.Other;
import dev.parley.h323.rtp.RtcpPacket.ReceiverReport;
import dev.parley.h323.rtp.RtcpPacket.ReportBlock;
import dev.parley.h323.rtp.RtcpPacket.SenderReport;
import dev.parley.h323.rtp.RtcpPacket.SourceDescription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compound RTCP packets to octets and back (RFC 3550 sections 6.1 and 6.4 to 6.7).
public final class RtcpCodec {
    static final int SR = 200;
    static final int RR = 201;
    static final int SDES = 202;
    static final int BYE = 203;

    /// More packets in one datagram than any endpoint has reason to send.
    static final int MOST_PACKETS = 64;

    private static final int LARGEST = 65_507;

    private RtcpCodec() {}

    /// @throws IllegalArgumentException when the packets do not fit a datagram
    public static ByteBuffer encode(List<RtcpPacket> compound) {
        var out = ByteBuffer.allocate(compound.stream().mapToInt(RtcpCodec::length).sum());
        if (out.capacity() > LARGEST || compound.size() > MOST_PACKETS) {
            throw new IllegalArgumentException(compound.size() + " packets with " + out.capacity() + " octets do not fit a datagram");
        }
        compound.forEach(p -> put(out, p));
        return out.flip();
    }

    /// RFC 3550 wants a report first. Feedback may come alone (RFC 5506), and so it is taken without one.
    ///
    /// @throws dev.parley.api.SessionException.ProtocolViolation when the lengths do not add up to the datagram, or a packet is malformed
    public static List<RtcpPacket> decode(ByteBuffer datagram) {
        var in = new OctetReader(datagram, "RTCP packet");
        var packets = new ArrayList<RtcpPacket>();
        do {
            if (packets.size() == MOST_PACKETS) {
                throw in.broken("more than " + MOST_PACKETS + " packets in one datagram");
            }
            packets.add(packet(in));
        } while (in.remaining() > 0);
        return packets;
    }

    private static RtcpPacket packet(OctetReader in) {
        int first = in.u8("the version");
        if (first >> 6 != RtpCodec.VERSION) {
            throw in.broken("version " + (first >> 6) + " instead of 2");
        }
        int type = in.u8("the packet type");
        if (type < 192 || type > 223) {
            throw in.broken("packet type " + type + " is outside 192..223");
        }
        int length = 4 * in.u16("the length");
        var body = in.part(length, "an RTCP packet's body");
        if ((first & 0x20) != 0) {
            if (in.remaining() > 0) {
                throw in.broken("padding in a packet that is not the last");
            }
            body = unpadded(body);
        }
        int count = first & 0x1F;
        return switch (type) {
            case SR -> new SenderReport(body.u32("the SSRC"), body.u64("the NTP time"), body.u32("the RTP time"), body.u32("the packets"),
                    body.u32("the octets"), blocks(body, count), rest(body));
            case RR -> new ReceiverReport(body.u32("the SSRC"), blocks(body, count), rest(body));
            case SDES -> new SourceDescription(chunks(body, count));
            case BYE -> goodbye(body, count);
            default -> new Other(type, count, rest(body));
        };
    }

    private static OctetReader unpadded(OctetReader body) {
        int padding = body.remaining() == 0 ? 0 : body.lastOctet();
        if (padding == 0 || padding % 4 != 0 || padding > body.remaining()) {
            throw body.broken("padding of " + padding + " octets in a body of " + body.remaining());
        }
        return body.part(body.remaining() - padding, "a padded RTCP packet's body");
    }

    private static List<ReportBlock> blocks(OctetReader body, int count) {
        var blocks = new ArrayList<ReportBlock>(count);
        for (int i = 0; i < count; i++) {
            blocks.add(new ReportBlock(body.u32("a report's SSRC"), body.u8("the fraction lost"), body.u24("the packets lost") << 8 >> 8,
                    body.u32("the highest sequence number"), body.u32("the jitter"), body.u32("the last SR"), body.u32("the delay")));
        }
        return blocks;
    }

    private static ByteBuffer rest(OctetReader body) {
        return body.octets(body.remaining(), "the rest");
    }

    private static List<Chunk> chunks(OctetReader body, int count) {
        var chunks = new ArrayList<Chunk>(count);
        for (int i = 0; i < count; i++) {
            int ssrc = body.u32("a chunk's SSRC");
            var items = new ArrayList<Item>();
            for (int type = body.u8("an item's type"); type != 0; type = body.u8("an item's type")) {
                items.add(new Item(type, body.octets(body.u8("an item's length"), "an item's text")));
            }
            // The list ends with one null octet, and the chunk at the next whole word.
            body.octets(body.remaining() % 4, "the end of a chunk");
            chunks.add(new Chunk(ssrc, items));
        }
        return chunks;
    }

    private static Goodbye goodbye(OctetReader body, int count) {
        var ssrcs = new ArrayList<Integer>(count);
        for (int i = 0; i < count; i++) {
            ssrcs.add(body.u32("a leaving SSRC"));
        }
        if (body.remaining() == 0) {
            return new Goodbye(ssrcs, Optional.empty());
        }
        var text = body.octets(body.u8("the reason's length"), "the reason");
        var reason = StandardCharsets.UTF_8.decode(text).toString();
        // Replacement characters are longer than what they replace.
        return new Goodbye(ssrcs, Optional.of(utf8(reason).length > 0xFF ? ascii(reason) : reason));
    }

    private static String ascii(String text) {
        return new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }

    private static int length(RtcpPacket packet) {
        return 4 + switch (packet) {
            case SenderReport sr -> 24 + 24 * sr.blocks().size() + sr.extension().remaining();
            case ReceiverReport rr -> 4 + 24 * rr.blocks().size() + rr.extension().remaining();
            case SourceDescription sdes -> sdes.chunks().stream().mapToInt(RtcpCodec::chunkLength).sum();
            case Goodbye bye -> 4 * bye.ssrcs().size() + bye.reason().map(r -> whole(1 + utf8(r).length)).orElse(0);
            case Other other -> other.body().remaining();
        };
    }

    private static int chunkLength(Chunk chunk) {
        return whole(4 + chunk.items().stream().mapToInt(i -> 2 + i.value().remaining()).sum() + 1);
    }

    private static int whole(int octets) {
        return (octets + 3) & ~3;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer out, RtcpPacket packet) {
        int words = length(packet) / 4 - 1;
        switch (packet) {
            case SenderReport sr -> {
                header(out, sr.blocks().size(), SR, words);
                out.putInt(sr.ssrc()).putLong(sr.ntpTime()).putInt(sr.rtpTime()).putInt(sr.packets()).putInt(sr.octets());
                sr.blocks().forEach(b -> put(out, b));
                out.put(sr.extension().duplicate());
            }
            case ReceiverReport rr -> {
                header(out, rr.blocks().size(), RR, words);
                out.putInt(rr.ssrc());
                rr.blocks().forEach(b -> put(out, b));
                out.put(rr.extension().duplicate());
            }
            case SourceDescription sdes -> {
                header(out, sdes.chunks().size(), SDES, words);
                sdes.chunks().forEach(c -> put(out, c));
            }
            case Goodbye bye -> {
                header(out, bye.ssrcs().size(), BYE, words);
                bye.ssrcs().forEach(out::putInt);
                bye.reason().map(RtcpCodec::utf8).ifPresent(r -> {
                    int end = out.position() + whole(1 + r.length);
                    out.put((byte) r.length).put(r).position(end);
                });
            }
            case Other other -> {
                header(out, other.count(), other.type(), words);
                out.put(other.body().duplicate());
            }
        }
    }

    private static void header(ByteBuffer out, int count, int type, int words) {
        out.put((byte) (RtpCodec.VERSION << 6 | count)).put((byte) type).putShort((short) words);
    }

    private static void put(ByteBuffer out, ReportBlock block) {
        out.putInt(block.ssrc()).putInt(block.fractionLost() << 24 | block.cumulativeLost() & 0xFF_FFFF);
        out.putInt(block.highestSequence()).putInt(block.jitter()).putInt(block.lastReport()).putInt(block.delay());
    }

    private static void put(ByteBuffer out, Chunk chunk) {
        int end = out.position() + chunkLength(chunk);
        out.putInt(chunk.ssrc());
        chunk.items().forEach(i -> out.put((byte) i.type()).put((byte) i.value().remaining()).put(i.value().duplicate()));
        out.position(end);
    }
}
