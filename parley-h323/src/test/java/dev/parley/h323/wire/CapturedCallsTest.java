package dev.parley.h323.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Four calls of another stack: every message is read, and written again to the same octets.
class CapturedCallsTest {
    private record Segment(String style, String channel, String from, Octets octets) {}

    private static List<Segment> segments() throws IOException {
        try (var in = CapturedCallsTest.class.getResourceAsStream("captured-calls.txt")) {
            return new String(in.readAllBytes(), US_ASCII).lines().filter(l -> !l.startsWith("#")).map(l -> l.split(" "))
                    .map(w -> new Segment(w[0], w[1], w[2], Octets.ofHex(w[3]))).toList();
        }
    }

    @Test
    void areReadAndWrittenToTheSameOctets() throws IOException {
        int messages = 0;
        int control = 0;
        for (var segment : segments()) {
            for (var payload : new Tpkt().read(segment.octets().toArray(), 0, segment.octets().size())) {
                messages++;
                if (segment.channel().equals("h245")) {
                    assertThat(Pdu.H245.encode(Pdu.H245.decode(payload))).isEqualTo(payload);
                    control++;
                    continue;
                }
                var envelope = Q931.decode(payload);
                assertThat(envelope.encode()).isEqualTo(payload);
                var octets = envelope.element(InformationElement.USER_USER).orElseThrow();
                var user = envelope.userInformation().orElseThrow();
                assertThat(Pdu.USER_INFORMATION.encode(user)).isEqualTo(octets);
                assertThat(user.chosenAt("h323-uu-pdu/h323-message-body")).contains(envelope.messageType().orElseThrow().body());
                for (var item : user.listAt("h323-uu-pdu/h245Control")) {
                    var inner = ((Value.Bytes) item).octets();
                    assertThat(Pdu.H245.encode(Pdu.H245.decode(inner))).isEqualTo(inner);
                    control++;
                }
            }
        }

        assertThat(messages).isEqualTo(51);
        assertThat(control).isEqualTo(31);
    }

    @Test
    void theirFastStartOffersAreWholeChannels() throws IOException {
        var offers = new ArrayList<Octets>();
        for (var segment : segments()) {
            if (segment.style().equals("fast-tunnelled") && segment.from().equals("a") && offers.isEmpty()) {
                var payload = new Tpkt().read(segment.octets().toArray(), 0, segment.octets().size()).getFirst();
                Q931.decode(payload).userInformation().orElseThrow().listAt("h323-uu-pdu/h323-message-body/setup/fastStart")
                        .forEach(v -> offers.add(((Value.Bytes) v).octets()));
            }
        }

        assertThat(offers).hasSize(2);
        assertThat(offers).allSatisfy(o -> assertThat(Pdu.OPEN_LOGICAL_CHANNEL.encode(Pdu.OPEN_LOGICAL_CHANNEL.decode(o))).isEqualTo(o));
        var transmit = Pdu.OPEN_LOGICAL_CHANNEL.decode(offers.getLast());
        assertThat(transmit.numberAt("forwardLogicalChannelParameters/dataType/audioData/g711Ulaw64k")).contains(30L);
    }
}
