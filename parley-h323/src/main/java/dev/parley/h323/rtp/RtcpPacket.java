package dev.parley.h323.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One packet of a compound RTCP packet (RFC 3550 section 6). Sources are 32 bits without a sign, kept in an int.
public sealed interface RtcpPacket {
    /// The count field has five bits.
    int MOST_ITEMS = 31;

    /// What a source sent, and what it received (section 6.4.1).
    ///
    /// @param ntpTime seconds since 1900 in the upper 32 bits, fraction in the lower; 0 when there is no clock
    /// @param rtpTime the same instant on the stream's own clock
    /// @param packets sent since the start; 32 bits without a sign
    /// @param octets of payload sent since the start; 32 bits without a sign
    /// @param extension profile-specific words; we send none
    record SenderReport(int ssrc, long ntpTime, int rtpTime, int packets, int octets, List<ReportBlock> blocks, ByteBuffer extension)
            implements RtcpPacket {
        public SenderReport {
            blocks = List.copyOf(blocks);
            most(blocks.size(), "report blocks");
            extension = words(extension);
        }
    }

    /// What a source received that sends nothing itself (section 6.4.2).
    record ReceiverReport(int ssrc, List<ReportBlock> blocks, ByteBuffer extension) implements RtcpPacket {
        public ReceiverReport {
            blocks = List.copyOf(blocks);
            most(blocks.size(), "report blocks");
            extension = words(extension);
        }
    }

    /// How one source arrives at the reporter (section 6.4.1).
    ///
    /// @param fractionLost since the last report, in 1/256
    /// @param cumulativeLost since the start, -8388608..8388607: negative when packets arrived twice
    /// @param highestSequence with the cycles in the upper 16 bits
    /// @param jitter in units of the payload's clock; 32 bits without a sign
    /// @param lastReport the middle 32 bits of the last sender report's NTP time, 0 when none came
    /// @param delay since that report in 1/65536 s
    record ReportBlock(int ssrc, int fractionLost, int cumulativeLost, int highestSequence, int jitter, int lastReport, int delay) {
        public ReportBlock {
            if (fractionLost < 0 || fractionLost > 0xFF) {
                throw new IllegalArgumentException("fraction lost " + fractionLost + " is outside 0..255");
            }
            if (cumulativeLost < -0x80_0000 || cumulativeLost > 0x7F_FFFF) {
                throw new IllegalArgumentException("cumulative loss " + cumulativeLost + " does not fit 24 bits");
            }
        }
    }

    /// Who the sources are (section 6.5).
    record SourceDescription(List<Chunk> chunks) implements RtcpPacket {
        public SourceDescription {
            chunks = List.copyOf(chunks);
            most(chunks.size(), "chunks");
        }

        public static SourceDescription cname(int ssrc, String cname) {
            return new SourceDescription(List.of(new Chunk(ssrc, List.of(Item.of(Item.CNAME, cname)))));
        }
    }

    /// The items of one source.
    record Chunk(int ssrc, List<Item> items) {
        public Chunk {
            items = List.copyOf(items);
        }
    }

    /// @param type 1 CNAME to 8 PRIV; others are kept
    /// @param value at most 255 octets, UTF-8 except in PRIV
    record Item(int type, ByteBuffer value) {
        public static final int CNAME = 1;

        public Item {
            if (type < 1 || type > 0xFF || value.remaining() > 0xFF) {
                throw new IllegalArgumentException("item " + type + " of " + value.remaining() + " octets, expected 1..255 and at most 255");
            }
            value = value.asReadOnlyBuffer();
        }

        public static Item of(int type, String text) {
            return new Item(type, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        public String text() {
            return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        }
    }

    /// Sources leave (section 6.6).
    record Goodbye(List<Integer> ssrcs, Optional<String> reason) implements RtcpPacket {
        public Goodbye {
            ssrcs = List.copyOf(ssrcs);
            most(ssrcs.size(), "sources");
            if (reason.isPresent() && reason.get().getBytes(StandardCharsets.UTF_8).length > 0xFF) {
                throw new IllegalArgumentException("a reason of more than 255 octets");
            }
        }
    }

    /// Application-defined packets (section 6.7), feedback (RFC 4585) and whatever else: kept as it came.
    ///
    /// @param type 192..223, as a receiver expects of RTCP
    /// @param count the five bits after the padding bit
    record Other(int type, int count, ByteBuffer body) implements RtcpPacket {
        public Other {
            if (type < 192 || type > 223 || type >= RtcpCodec.SR && type <= RtcpCodec.BYE) {
                throw new IllegalArgumentException("packet type " + type + " is a known one or outside 192..223");
            }
            most(count, "counted items");
            body = words(body);
        }
    }

    private static void most(int count, String what) {
        if (count < 0 || count > MOST_ITEMS) {
            throw new IllegalArgumentException(count + " " + what + ", at most " + MOST_ITEMS + " fit");
        }
    }

    private static ByteBuffer words(ByteBuffer octets) {
        if (octets.remaining() % 4 != 0) {
            throw new IllegalArgumentException(octets.remaining() + " octets are not whole words");
        }
        return octets.asReadOnlyBuffer();
    }
}
