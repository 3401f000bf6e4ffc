package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.FreePort;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.datagram.DatagramNode;
import dev.parley.netbios.datagram.DatagramService;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a recorder writes about services on other ports than the usual, as tshark reads it.
@Timeout(60)
class RecorderTest {
    private static final Ipv4 HERE = Ipv4.of("127.0.11.1");
    private static final Ipv4 THERE = Ipv4.of("127.0.11.2");
    private static final Ipv4 EVERYBODY = Ipv4.of("127.255.255.255");
    private static final NetbiosName NAME = NetbiosName.of("SERVER", 0x20);
    private static final NetbiosName CLIENT = NetbiosName.of("CLIENT", 0);

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void tsharkIsHere() {
        WireDecodedTest.tsharkIsHere();
    }

    /// One packet, by the names of tshark's fields.
    private record Packet(List<String> values) {
        private static final List<String> FIELDS = List.of("frame.comment", "ip.src", "udp.srcport", "tcp.srcport", "ip.dst", "udp.dstport",
                "tcp.dstport", "nbns.flags.opcode", "nbns.flags.response", "nbns.addr", "nbdgm.type", "nbss.type", "nbss.called_name", "nbss.length",
                "tcp.flags.fin", "tcp.analysis.flags", "_ws.malformed");

        String at(String field) {
            return values.get(FIELDS.indexOf(field));
        }

        boolean is(String field, String value) {
            return at(field).equals(value);
        }

        static List<Packet> of(Path file) throws IOException {
            return Tshark.fields(file, "frame", FIELDS.toArray(String[]::new)).stream().map(l -> new Packet(List.of(l.split("\\|", -1)))).toList();
        }
    }

    private interface Work {
        void with(Recorder recorder) throws Exception;
    }

    private List<Packet> captured(Work work) throws Exception {
        var file = folder.resolve("captured.pcapng");
        try (var capture = Capture.open(file)) {
            work.with(new Recorder(Optional.of(capture)));
            assertThat(capture.shortcoming()).isEmpty();
        }
        var packets = Packet.of(file);
        assertThat(packets).isNotEmpty().allMatch(p -> p.is("_ws.malformed", "") && p.is("tcp.analysis.flags", ""));
        return packets;
    }

    @Test
    void namesAreOnPort137AndOurOwnBroadcastsComeOnce() throws Exception {
        int port = FreePort.next();
        var packets = captured(recorder -> {
            var ports = new NameService.Ports(port, port, EVERYBODY, recorder);
            try (var holder = NameService.open(NodeConfig.broadcast(HERE, 8), ports, Optional.empty());
                    var asking = NameService.open(NodeConfig.broadcast(THERE, 8), new NameService.Ports(0, port, EVERYBODY), Optional.empty())) {
                assertThat(holder.register(NAME, false)).isEqualTo(new Output.Outcome.Registered());
                assertThat(asking.find(NAME)).containsExactly(HERE);
            }
        });
        // Three requests and a demand: each was sent once, however often the broadcast came back.
        assertThat(packets.stream().filter(p -> p.is("nbns.flags.opcode", "5"))).hasSize(4).allMatch(p -> p.is("ip.src", "127.0.11.1")
                && p.is("udp.srcport", "137") && p.is("ip.dst", "127.255.255.255") && p.is("udp.dstport", "137"));
        assertThat(packets).anyMatch(p -> p.is("nbns.flags.opcode", "0") && p.is("nbns.flags.response", "0") && p.is("ip.src", "127.0.11.2")
                && p.is("ip.dst", "127.255.255.255") && p.is("udp.dstport", "137"));
        assertThat(packets).anyMatch(p -> p.at("nbns.flags.response").startsWith("1") && p.is("ip.src", "127.0.11.1") && p.is("udp.srcport", "137")
                && p.is("ip.dst", "127.0.11.2") && p.is("nbns.addr", "127.0.11.1"));
    }

    @Test
    void datagramsAreOnPort138() throws Exception {
        int port = FreePort.next();
        var packets = captured(recorder -> {
            var at = new Endpoint(HERE, port);
            var node = new DatagramNode(NodeType.B, at, 1);
            node.add(NAME, false);
            node.add(CLIENT, false);
            try (var service = DatagramService.open(node, at, EVERYBODY, new DatagramService.Groups.Broadcast(), Optional.empty(), recorder)) {
                service.send(CLIENT, NAME, new Endpoint(HERE, port), ByteBuffer.wrap(new byte[] {1, 2, 3}));
                assertThat(service.receive(Duration.ofSeconds(20))).isPresent();
            }
        });
        assertThat(packets).singleElement().matches(p -> p.is("udp.srcport", "138") && p.is("udp.dstport", "138") && p.is("nbdgm.type", "16"));
    }

    /// Gives back what comes.
    private record Echo() implements CalledNames.Listener {
        @Override
        public boolean claims(NetbiosName calling) {
            return true;
        }

        @Override
        public void accept(NetbiosSession session) {
            for (var message = session.receive(); message.isPresent(); message = session.receive()) {
                session.send(message.get());
            }
        }
    }

    private List<Packet> session(boolean callerRecords, boolean asSocket) throws Exception {
        return captured(recorder -> {
            var names = new CalledNames(true);
            names.listen(NAME, new Echo());
            try (var server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), names, SessionLimits.DEFAULT,
                    callerRecords ? Recorder.NONE : recorder)) {
                var caller = callerRecords ? recorder : Recorder.NONE;
                if (asSocket) {
                    socket(server.address().getPort(), caller);
                } else {
                    try (var session = new Caller(SessionLimits.DEFAULT, Optional.empty(), caller).call(server.address(), NAME, CLIENT)) {
                        session.send(ByteBuffer.wrap(new byte[100_000]));
                        assertThat(session.receive().orElseThrow().remaining()).isEqualTo(100_000);
                    }
                }
            }
        });
    }

    private static void socket(int port, Recorder recorder) throws IOException {
        var nobody = new NetbiosSockets.Resolver() {
            @Override
            public List<Ipv4> find(NetbiosName name) {
                return List.of();
            }

            @Override
            public Optional<NetbiosName> fileServerAt(Ipv4 address) {
                return Optional.empty();
            }
        };
        var sockets = new NetbiosSockets(nobody, CLIENT, port, SessionLimits.DEFAULT).recordedBy(recorder);
        try (var socket = sockets.calling(NAME).createSocket("127.0.0.1", 445)) {
            socket.getOutputStream().write(new byte[] {0, 0, 0, 5, 1, 2, 3, 4, 5});
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().readNBytes(9)).containsExactly(0, 0, 0, 5, 1, 2, 3, 4, 5);
        }
    }

    private static void isWhole(List<Packet> packets, int length) {
        assertThat(packets.stream().filter(p -> p.is("nbss.type", "0x81"))).singleElement()
                .matches(p -> p.is("tcp.dstport", "139") && p.at("nbss.called_name").startsWith("SERVER<20>"));
        assertThat(packets.stream().filter(p -> p.is("nbss.type", "0x82"))).singleElement().matches(p -> p.is("tcp.srcport", "139"));
        assertThat(packets.stream().filter(p -> p.is("nbss.type", "0x00")).map(p -> p.at("nbss.length"))).containsExactly("" + length, "" + length);
        assertThat(packets.getFirst().at("frame.comment")).contains("port is really");
    }

    @Test
    void aCallersSessionIsOnPort139() throws Exception {
        isWhole(session(true, false), 100_000);
    }

    @Test
    void aCalledSidesSessionIsOnPort139() throws Exception {
        isWhole(session(false, false), 100_000);
    }

    @Test
    void aSessionOfASocketIsOnPort139ToItsEnd() throws Exception {
        var packets = session(true, true);
        isWhole(packets, 5);
        assertThat(packets.stream().filter(p -> p.at("tcp.flags.fin").matches("1|True"))).hasSize(2);
    }
}
