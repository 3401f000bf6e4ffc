package dev.parley.h323.fuzz;

import static dev.parley.h323.fuzz.Shots.check;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.rtp.H263Depacketizer;
import dev.parley.h323.rtp.H264Depacketizer;
import dev.parley.h323.rtp.JitterBuffer;
import dev.parley.h323.rtp.KeyReceiver;
import dev.parley.h323.rtp.RtcpCodec;
import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.h323.rtp.RtpParticipant;
import dev.parley.h323.rtp.VideoDepacketizer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// A fuzz target: RTP (even kinds) and RTCP (odd ones) on their way to the figures, the jitter buffer, the keys and the pictures. Nothing
/// is thrown but what is declared, and what is read is written as the same.
public final class RtpTarget {
    private static final int MOST_HELD = 8;

    private RtpTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var participant = new RtpParticipant(7, 1, 1, "fuzz", 8000, 0, 1_800_000_000_000L);
        var buffer = new JitterBuffer(8000, Duration.ofMillis(60), MOST_HELD);
        var keys = new KeyReceiver();
        var pictures = List.of(new H264Depacketizer(), new H263Depacketizer(false), new H263Depacketizer(true));
        long now = 0;
        for (var shot : Shots.of(input, 0)) {
            now += (shot.kind() >> 1) * 1_000_000L;
            var datagram = ByteBuffer.wrap(shot.octets().toArray());
            try {
                if ((shot.kind() & 1) == 0) {
                    rtp(RtpCodec.decode(datagram), participant, buffer, keys, pictures, now);
                } else {
                    var compound = RtcpCodec.decode(datagram);
                    check(RtcpCodec.decode(RtcpCodec.encode(compound)).equals(compound), "other RTCP is read than was written");
                    participant.received(compound, now);
                }
            } catch (ProtocolViolation e) {
                check(e.getMessage() != null, "a violation without words");
            }
            RtcpCodec.decode(RtcpCodec.encode(participant.report(now)));
            buffer.poll(now);
        }
        int held = 0;
        while (buffer.drain().isPresent()) {
            held++;
        }
        check(held <= MOST_HELD, held + " packets are held");
        participant.figures().loss();
    }

    private static void rtp(
            RtpPacket packet, RtpParticipant participant, JitterBuffer buffer, KeyReceiver keys, List<VideoDepacketizer> pictures, long now) {
        check(RtpCodec.decode(RtpCodec.encode(packet)).equals(packet), "another packet is read than was written");
        participant.received(packet, now);
        buffer.put(packet, now);
        for (var picture : pictures) {
            picture.received(packet);
        }
        keys.received(packet);
    }
}
