package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What we encode, as tshark decodes it.
@Timeout(60)
class WireDecodedTest {
    private static final NetbiosName NAME = NetbiosName.of("PRINTER", 0x20);
    private static final NetbiosName SCOPED = new NetbiosName("PRINTER", 0x20, "lab.example");
    private static final Resource.Address HOLDER = new Resource.Address(true, NodeType.H, Ipv4.of("192.0.2.9"));
    private static final Endpoint HERE = new Endpoint(Ipv4.of("192.0.2.1"), 138);

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void tsharkIsHere() {
        boolean here = Files.isExecutable(Path.of("/usr/bin/tshark"));
        if (System.getenv("CI") != null) {
            assertThat(here).as("tshark (Debian: tshark)").isTrue();
        } else if (!here) {
            System.err.println("SKIPPED: our octets as tshark reads them, because tshark is missing (Debian: apt-get install tshark)");
        }
        assumeThat(here).isTrue();
    }

    private List<String> read(PacketFile packets, String filter, String... fields) throws IOException {
        var lines = Tshark.fields(packets.write(folder.resolve("packets.pcap")), filter, Stream.concat(Stream.of("_ws.malformed"),
                Stream.of(fields)).toArray(String[]::new));
        assertThat(lines).as("nothing is malformed").allMatch(l -> l.startsWith("|"));
        return lines.stream().map(l -> l.substring(1)).toList();
    }

    @Test
    void namePackets() throws IOException {
        var packets = new PacketFile();
        for (var packet : List.of(
                NamePacket.query(0x1001, NAME, true), NamePacket.statusRequest(0x1002, NetbiosName.WILDCARD),
                NamePacket.claim(0x1003, 0x2910, NAME, 300, HOLDER), NamePacket.claim(0x1004, 0x7900, NAME, 300, HOLDER),
                NamePacket.claim(0x1005, 0x4000, NAME, 300, HOLDER), NamePacket.claim(0x1006, 0x3000, NAME, 0, HOLDER),
                NamePacket.response(0x1007, 0x8580, new Resource(NAME, 300, new Resource.Addresses(List.of(HOLDER)))),
                NamePacket.response(0x1008, 0x8583, new Resource(NAME, 0, new Resource.Nothing())),
                NamePacket.response(0x1009, 0xAD86, new Resource(NAME, 0, new Resource.Addresses(List.of(HOLDER)))),
                NamePacket.response(0x100A, 0xBC00, new Resource(NAME, 7, new Resource.Waiting(0x2900))),
                NamePacket.response(0x100B, 0x8400, new Resource(NetbiosName.WILDCARD, 0, new Resource.Status(
                        List.of(new Resource.StatusName(NAME, 0x0400), new Resource.StatusName(NetbiosName.of("GROUP", 0x1E), 0x8400)),
                        ByteBuffer.allocate(46)))))) {
            packets.udp(137, NamePacketCodec.encodeForUdp(packet));
        }
        assertThat(read(packets, "nbns", "nbns.id", "nbns.flags.response", "nbns.flags.opcode", "nbns.flags.rcode", "nbns.flags.broadcast"))
                .containsExactly("0x1001|0|0||1", "0x1002|0|0||0", "0x1003|0|5||1", "0x1004|0|15||0", "0x1005|0|8||0", "0x1006|0|6||0",
                        "0x1007|1|0|0|0", "0x1008|1|0|3|0", "0x1009|1|5|6|0", "0x100a|1,0|7,5|0|0,0", "0x100b|1|0|0|0");
        assertThat(read(packets, "nbns.id == 0x1003 || nbns.id == 0x1007", "nbns.addr", "nbns.ttl", "nbns.nb_flags.group", "nbns.nb_flags.ont"))
                .containsExactly("192.0.2.9|300|1|3", "192.0.2.9|300|1|3");
        assertThat(read(packets, "nbns.id == 0x1001", "nbns.name", "nbns.type")).singleElement().asString().startsWith("PRINTER<20>").contains("|32");
        assertThat(read(packets, "nbns.id == 0x100b", "nbns.number_of_names", "nbns.netbios_name", "nbns.name_flags.act"))
                .singleElement().asString().startsWith("2|").contains("PRINTER", "GROUP").endsWith("|1,1");
    }

    @Test
    void datagrams() throws IOException {
        var header = new Datagram.Header(false, true, NodeType.M, 0x3C50, HERE);
        var packets = new PacketFile();
        for (var kind : Datagram.Kind.values()) {
            packets.udp(138, DatagramCodec.encode(new Datagram.Message(kind, header, 0, NAME, SCOPED, ByteBuffer.allocate(5))));
        }
        packets.udp(138, DatagramCodec.encode(new Datagram.Failure(header, Datagram.Failure.NO_DESTINATION)))
                .udp(138, DatagramCodec.encode(new Datagram.Query(header, NAME)))
                .udp(138, DatagramCodec.encode(new Datagram.Answer(true, header, NAME)))
                .udp(138, DatagramCodec.encode(new Datagram.Answer(false, header, NAME)));
        assertThat(read(packets, "nbdgm", "nbdgm.type", "nbdgm.dgram_id", "nbdgm.node_type", "nbdgm.src.ip", "nbdgm.src.port"))
                .containsExactly("16|0x3c50|2|192.0.2.1|138", "17|0x3c50|2|192.0.2.1|138", "18|0x3c50|2|192.0.2.1|138", "19|0x3c50|2|192.0.2.1|138",
                        "20|0x3c50|2|192.0.2.1|138", "21|0x3c50|2|192.0.2.1|138", "22|0x3c50|2|192.0.2.1|138");
        assertThat(read(packets, "nbdgm.type == 16", "nbdgm.source_name", "nbdgm.destination_name")).singleElement().asString()
                .contains("PRINTER<20>", "lab.example");
        assertThat(read(packets, "nbdgm.type == 19", "nbdgm.error_code")).containsExactly("0x82");
    }

    @Test
    void sessionPackets() throws IOException {
        var packets = new PacketFile();
        for (var packet : List.of(new SessionPacket.Request(NAME, NetbiosName.of("DESK", 0)), new SessionPacket.Positive(),
                new SessionPacket.Negative(0x80), new SessionPacket.Retarget(new Endpoint(Ipv4.of("192.0.2.7"), 1_139)),
                new SessionPacket.KeepAlive())) {
            packets.tcp(139, SessionPacketCodec.encode(packet));
        }
        assertThat(read(packets, "nbss", "nbss.type", "nbss.length", "nbss.error_code", "nbss.retarget_ip_address", "nbss.retarget_port"))
                .containsExactly("0x81|68|||", "0x82|0|||", "0x83|1|0x80||", "0x84|6||192.0.2.7|1139", "0x85|0|||");
        assertThat(read(packets, "nbss.type == 0x81", "nbss.called_name", "nbss.calling_name")).singleElement().asString()
                .contains("PRINTER<20>").contains("DESK<00>");
    }
}
