package dev.parley.h323.media;

import dev.parley.h323.rtp.H263Depacketizer;
import dev.parley.h323.rtp.H263Packetizer;
import dev.parley.h323.rtp.H264Depacketizer;
import dev.parley.h323.rtp.H264Packetizer;
import dev.parley.h323.rtp.VideoDepacketizer;
import dev.parley.h323.rtp.VideoFrame;
import java.nio.ByteBuffer;
import java.util.List;

/// How media travels in RTP: what H.245 agreed on for one logical channel.
public sealed interface MediaFormat {
    /// 0..127
    int payloadType();

    /// Of the timestamps, in Hz.
    int clockRate();

    /// G.711.
    ///
    /// @param payloadType 0 for mu-law, 8 for A-law, unless H.245 said otherwise
    /// @param samplesPerPacket 80 (10 ms) to 2000 (250 ms); 160 is usual
    record Audio(G711 law, int payloadType, int samplesPerPacket) implements MediaFormat {
        public static final Audio MU_LAW = new Audio(G711.MU_LAW, 0, 160);
        public static final Audio A_LAW = new Audio(G711.A_LAW, 8, 160);

        public Audio {
            if (samplesPerPacket < 8 || samplesPerPacket > 2_000) {
                throw new IllegalArgumentException(samplesPerPacket + " samples in a packet, expected 8..2000");
            }
        }

        @Override
        public int clockRate() {
            return G711.RATE;
        }
    }

    /// Coded pictures, passed through.
    sealed interface Video extends MediaFormat {
        int CLOCK_RATE = 90_000;
        /// Fits an Ethernet frame with the headers of IP, UDP and RTP, and some tunnel's.
        int MOST_OCTETS = 1_400;

        @Override
        default int clockRate() {
            return CLOCK_RATE;
        }

        /// The payloads of one picture.
        ///
        /// @throws IllegalArgumentException when the picture does not fit this format
        List<ByteBuffer> payloads(VideoFrame frame);

        VideoDepacketizer depacketizer();
    }

    /// H.264 (RFC 6184).
    ///
    /// @param nonInterleaved packetization mode 1 (H.241: 0.0.8.241.0.0.0.1); otherwise mode 0
    record H264(int payloadType, boolean nonInterleaved) implements Video {
        @Override
        public List<ByteBuffer> payloads(VideoFrame frame) {
            return new H264Packetizer(nonInterleaved, MOST_OCTETS).payloads(frame.units());
        }

        @Override
        public VideoDepacketizer depacketizer() {
            return new H264Depacketizer();
        }
    }

    /// H.263.
    ///
    /// @param rfc2190 with payload type 34; otherwise RFC 4629
    record H263(int payloadType, boolean rfc2190) implements Video {
        @Override
        public List<ByteBuffer> payloads(VideoFrame frame) {
            if (frame.units().size() != 1) {
                throw new IllegalArgumentException("a picture of H.263 is one unit, not " + frame.units().size());
            }
            return new H263Packetizer(rfc2190, MOST_OCTETS).payloads(frame.units().getFirst());
        }

        @Override
        public VideoDepacketizer depacketizer() {
            return new H263Depacketizer(rfc2190);
        }
    }
}
