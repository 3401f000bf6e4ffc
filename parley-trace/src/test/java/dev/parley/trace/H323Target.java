package dev.parley.trace;

import dev.parley.trace.file.PacketFile;
import dev.parley.trace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A fuzz target: a capture of one call of H.323, with what comes on each of its connections and ports. Whatever it is, it becomes a trace that
/// can be drawn, and nothing is thrown.
public final class H323Target {
    private static final int MOST = 60;
    private static final int TCP = 6;
    /// Of the caller and of the called side, for call signalling, H.245, RAS, RTP and RTCP.
    private static final int[][] PORTS = {{40_000, 1720}, {40_001, 12_030}, {40_002, 1719}, {14_030, 14_032}, {14_031, 14_033}};
    private static final int SIGNALLING = 0;
    private static final int CONTROL = 1;

    private final PcapBuilder capture = new PcapBuilder();
    private final int[][] sequences = new int[2][2];

    private H323Target() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var trace = trace(input);
        new SequenceChart(100).draw(trace);
        new SequenceChart(60).list(Condensed.of(trace));
        SvgChart.draw(trace);
    }

    static Trace trace(byte[] input) {
        var target = new H323Target();
        int at = 0;
        for (int count = 0; at + 3 <= input.length && count < MOST; count++) {
            int length = Math.min((input[at + 1] & 0xff) << 8 | input[at + 2] & 0xff, input.length - at - 3);
            target.packet((input[at] & 0xff) >> 1, (input[at] & 1) != 0, Arrays.copyOfRange(input, at + 3, at + 3 + length));
            at += 3 + length;
        }
        return target.read();
    }

    private void packet(int kind, boolean fromCaller, byte[] octets) {
        int channel = kind % PORTS.length;
        if (channel == SIGNALLING || channel == CONTROL) {
            tcp(channel, fromCaller, octets);
        } else {
            capture.udp(fromCaller, PORTS[channel][fromCaller ? 0 : 1], PORTS[channel][fromCaller ? 1 : 0], octets);
        }
    }

    /// Each connection begins with what it carries; it has no SYN.
    private void tcp(int channel, boolean fromCaller, byte[] octets) {
        int us = fromCaller ? 0 : 1;
        var segment = ByteBuffer.allocate(20 + octets.length).putShort((short) PORTS[channel][us]).putShort((short) PORTS[channel][1 - us])
                .putInt(sequences[channel][us]).putInt(sequences[channel][1 - us]).put((byte) 0x50).put((byte) PcapBuilder.ACK)
                .putShort((short) 1000).putInt(0).put(octets);
        capture.packet(capture.framed(capture.ip(fromCaller, segment.array(), TCP)));
        sequences[channel][us] += octets.length;
    }

    private Trace read() {
        try {
            return Tracer.read(PacketFile.of(new ByteArrayInputStream(capture.octets())), Tracer.Limits.USUAL);
        } catch (IOException e) {
            throw new AssertionError("the capture itself is well made", e);
        }
    }
}
