package dev.parley.bench;

import dev.parley.h323.rtp.RtpCodec;
import dev.parley.h323.rtp.RtpPacket;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One message of H.323 from octets and to octets, whole: call signalling with its envelope and the channels of fast connect in it. The messages
/// are captured ones: of ooh323c, and of our own the two of RAS. The warm-up is long because the
/// types are interpreted: many methods have to be compiled.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 12, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class H323CodecBenchmark {
    private static final int SOUND = 160;

    /// A message of any kind as its codec gives it.
    private sealed interface Message {
        record Signal(Q931 envelope, Value user, List<Value> channels) implements Message {}

        record Plain(Pdu pdu, Value value) implements Message {}

        record Media(RtpPacket packet) implements Message {}
    }

    @Param({"Setup", "Connect", "TerminalCapabilitySet", "ARQ", "ACF", "RTP"})
    public String name = "";

    private Octets octets = Octets.EMPTY;
    private ByteBuffer datagram = ByteBuffer.allocate(0);
    private Message message = new Message.Plain(Pdu.H245, Value.NULL);

    @Setup
    public void prepare() {
        datagram = RtpCodec.encode(RtpPacket.of(false, 8, 1, SOUND, 7, ByteBuffer.allocate(SOUND)));
        octets = Octets.ofHex(switch (name) {
            case "Setup" -> "0802001105040388c0a52806416c696365006c060180313030317e00a90520a8060008914a0004020180433440040061006c0069006300"
                    + "6522c0b5000036056f626a7379730576302e392e34007f00000206b8006f6f68333233632d8e2419d0c93f006e00d51d980007007f0000"
                    + "032efe11006f6f68333233632d8e2419d0c93f006e32021d4003e8060401004c60ef8011140001007f00000336ce007f00000336cf1200"
                    + "03e90c601d800a040001007f00000336d101000100010001000100010010800180";
            case "Connect" -> "0802801107040388c0a5280b6f626a73797363616c6c007e0085052280060008914a000422c0b5000036056f626a7379730576302e392e"
                    + "34006f6f68333233632d8e2419d0c93f006e1d1dc011006f6f68333233632d8e2419d0c93f006e3202164003e8060401004c60ef800a04"
                    + "0001007f00000236cf190003e90c601d8011140001007f00000236d0007f00000236d10100010001000100010010800180";
            case "TerminalCapabilitySet" -> "023001060008817500080080000020c0ef00800100000000";
            case "ARQ" -> "26900002020000650070002d0061003900640064003300380140020062006f00620140040061006c006900630065007f000001829b4005"
                    + "0013dd60ca18550200df98a046e0b8f0861fe10964200001801100cf30dee3cb58c449954fa9672eec47ab0d0a007000610072006c0065"
                    + "00790100";
            case "ACF" -> "2a000002400500407f00000106b82c00c0000180020000";
            case "RTP" -> "";
            default -> throw new IllegalArgumentException(name);
        });
        message = read();
        if (!name.equals("RTP") && !write().equals(octets)) {
            throw new IllegalStateException(name + " is written to other octets than it was read from");
        }
    }

    @Benchmark
    public Object decode() {
        return read();
    }

    @Benchmark
    public Object encode() {
        return write();
    }

    private Message read() {
        return switch (name) {
            case "Setup", "Connect" -> signal(Q931.decode(octets));
            case "TerminalCapabilitySet" -> new Message.Plain(Pdu.H245, Pdu.H245.decode(octets));
            case "ARQ", "ACF" -> new Message.Plain(Pdu.RAS, Pdu.RAS.decode(octets));
            default -> new Message.Media(RtpCodec.decode(datagram));
        };
    }

    private Message signal(Q931 envelope) {
        var user = envelope.userInformation().orElseThrow();
        var channels = new ArrayList<Value>();
        for (var element : user.listAt(path())) {
            if (element instanceof Value.Bytes(var channel)) {
                channels.add(Pdu.OPEN_LOGICAL_CHANNEL.decode(channel));
            }
        }
        return new Message.Signal(envelope, user, channels);
    }

    private String path() {
        return "h323-uu-pdu/h323-message-body/" + (name.equals("Setup") ? "setup" : "connect") + "/fastStart";
    }

    private Object write() {
        return switch (message) {
            case Message.Plain(var pdu, var value) -> pdu.encode(value);
            case Message.Media(var packet) -> RtpCodec.encode(packet);
            case Message.Signal(var envelope, var user, var channels) -> {
                var fast = channels.stream().map(c -> new Value.Bytes(Pdu.OPEN_LOGICAL_CHANNEL.encode(c))).toList();
                if (!fast.equals(user.listAt(path()))) {
                    throw new IllegalStateException("the channels are written to other octets");
                }
                var elements = new ArrayList<>(envelope.elements());
                elements.set(elements.size() - 1, InformationElement.userUser(Pdu.USER_INFORMATION.encode(user)));
                yield new Q931(envelope.callReference(), envelope.fromDestination(), envelope.type(), elements).encode();
            }
        };
    }
}
