package dev.parley.netbios.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Worked octets of captures, round trips, truncation at every octet, limits, and random damage, for the three services.
class PacketsTest {
    private static final String NBTSRV_00 = "20454f45434645464446434647434143414341434143414341434143414341414100";
    private static final String NBTSRV_20 = "20454f45434645464446434647434143414341434143414341434143414341434100";
    private static final String NBTTWO_20 = "20454f45434645464546484550434143414341434143414341434143414341434100";
    private static final Ipv4 HOST = Ipv4.of("10.137.0.1");
    private static final Endpoint ENDPOINT = new Endpoint(HOST, 138);

    private static final List<NamePacket> NAME_PACKETS = List.of(
            NamePacket.query(0x16FE, NetbiosName.of("NBTSRV", 0), true),
            NamePacket.statusRequest(1, NetbiosName.WILDCARD),
            NamePacket.claim(2, 0x2910, NetbiosName.of("NBTTWO", 0x20), 300_000, new Resource.Address(false, NodeType.H, HOST)),
            NamePacket.response(3, 0x8500, new Resource(NetbiosName.of("G", 0x1C), 0xFFFF_FFFFL, new Resource.Addresses(
                    Collections.nCopies(25, new Resource.Address(true, NodeType.M, HOST))))),
            NamePacket.response(4, 0x8583, new Resource(NetbiosName.of("X", 0), 0, new Resource.Nothing())),
            NamePacket.response(5, 0xBC00, new Resource(NetbiosName.of("X", 0), 7, new Resource.Waiting(0x2900))),
            NamePacket.response(6, 0x8400, new Resource(NetbiosName.WILDCARD, 0, new Resource.Status(
                    List.of(new Resource.StatusName(NetbiosName.of("X", 0), 0x0400),
                            new Resource.StatusName(NetbiosName.MASTER_BROWSERS, 0x8400)),
                    ByteBuffer.allocate(46)))),
            NamePacket.response(7, 0x8500, new Resource(NetbiosName.of("X", 0), 0, new Resource.Other(2, Hex.bytes("0102")))));

    private static final Datagram.Header HEADER = new Datagram.Header(false, true, NodeType.M, 0x3C50, ENDPOINT);

    private static final List<Datagram> DATAGRAMS = List.of(
            new Datagram.Message(Datagram.Kind.DIRECT_GROUP, HEADER, 0, NetbiosName.of("A", 0), NetbiosName.of("B", 0x1E), Hex.bytes("ff534d42")),
            new Datagram.Message(Datagram.Kind.DIRECT_UNIQUE, HEADER, 500, NetbiosName.of("A", 0),
                    new NetbiosName("B", 0, "scope.example"), ByteBuffer.allocate(12)),
            new Datagram.Message(Datagram.Kind.BROADCAST, new Datagram.Header(true, false, NodeType.H, 0, ENDPOINT), 0,
                    NetbiosName.of("A", 0), NetbiosName.WILDCARD, ByteBuffer.allocate(0)),
            new Datagram.Failure(HEADER, Datagram.Failure.NO_DESTINATION),
            new Datagram.Query(HEADER, NetbiosName.of("B", 0)),
            new Datagram.Answer(true, HEADER, NetbiosName.of("B", 0)),
            new Datagram.Answer(false, HEADER, NetbiosName.of("B", 0)));

    private static final List<SessionPacket> SESSION_PACKETS = List.of(
            new SessionPacket.Request(NetbiosName.of("NBTSRV", 0x20), NetbiosName.of("NBTCLI", 0)),
            new SessionPacket.Request(new NetbiosName("A", 0, "x.y"), new NetbiosName("B", 0, "x.y")),
            new SessionPacket.Positive(), new SessionPacket.Negative(0x82), new SessionPacket.Retarget(ENDPOINT),
            new SessionPacket.KeepAlive(), new SessionPacket.Message(Hex.bytes("00ff")), new SessionPacket.Message(ByteBuffer.allocate(0)));

    @Test
    void capturedNamePacketsAreMadeAndReadAlike() {
        check("16fe 0110 0001 0000 0000 0000" + NBTSRV_00 + "0020 0001", NAME_PACKETS.get(0));
        check("16fe 8580 0000 0001 0000 0000" + NBTSRV_00 + "0020 0001 0003f480 0006 6000 0a890001",
                NamePacket.response(0x16FE, 0x8580, new Resource(NetbiosName.of("NBTSRV", 0), 259_200,
                        new Resource.Addresses(List.of(new Resource.Address(false, NodeType.H, HOST))))));
        check("0b85 8583 0000 0001 0000 0000" + NBTSRV_20 + "000a 0001 00000000 0000",
                NamePacket.response(0x0B85, 0x8583, new Resource(NetbiosName.of("NBTSRV", 0x20), 0, new Resource.Nothing())));
        check("3c40 2910 0001 0000 0000 0001" + NBTTWO_20 + "0020 0001 c00c 0020 0001 00000000 0006 6000 0a890002",
                NamePacket.claim(0x3C40, 0x2910, NetbiosName.of("NBTTWO", 0x20), 0,
                        new Resource.Address(false, NodeType.H, Ipv4.of("10.137.0.2"))));
    }

    private static void check(String hex, NamePacket packet) {
        assertThat(Hex.text(NamePacketCodec.encode(packet))).isEqualTo(hex.replace(" ", ""));
        assertThat(NamePacketCodec.decode(Hex.bytes(hex))).isEqualTo(packet);
    }

    @Test
    void capturedSessionPacketsAreMadeAndReadAlike() {
        check("81000044" + NBTSRV_20 + "20454f454346454544454d454a434143414341434143414341434143414341414100", SESSION_PACKETS.get(0));
        check("82000000", new SessionPacket.Positive());
        check("8300000182", new SessionPacket.Negative(Refusal.CALLED_NAME_NOT_PRESENT.code()));
        check("85000000", new SessionPacket.KeepAlive());
        check("840000060a890001008a", new SessionPacket.Retarget(ENDPOINT));
    }

    private static void check(String hex, SessionPacket packet) {
        assertThat(Hex.text(SessionPacketCodec.encode(packet))).isEqualTo(hex);
        assertThat(SessionPacketCodec.decode(Hex.bytes(hex))).isEqualTo(packet);
    }

    @Test
    void aCapturedGroupDatagramIsMadeAlike() {
        var message = new Datagram.Message(Datagram.Kind.DIRECT_GROUP,
                new Datagram.Header(false, true, NodeType.M, 0x3C50, new Endpoint(Ipv4.of("10.137.0.2"), 138)), 0,
                NetbiosName.of("NBTSRV", 0), NetbiosName.of("NBTSRV", 0x20), ByteBuffer.allocate(0xC3 - 68));
        assertThat(Hex.text(DatagramCodec.encode(message))).startsWith("110a3c500a890002008a00c30000" + NBTSRV_00 + NBTSRV_20);
    }

    @Test
    void everyPacketComesBack() {
        NAME_PACKETS.forEach(p -> assertThat(NamePacketCodec.decode(NamePacketCodec.encode(p))).isEqualTo(p));
        DATAGRAMS.forEach(p -> assertThat(DatagramCodec.decode(DatagramCodec.encode(p))).isEqualTo(p));
        SESSION_PACKETS.forEach(p -> assertThat(SessionPacketCodec.decode(SessionPacketCodec.encode(p))).isEqualTo(p));
    }

    @Test
    void truncationAtEveryOctetIsAProtocolViolation() {
        NAME_PACKETS.forEach(p -> truncate(NamePacketCodec.encode(p), NamePacketCodec::decode));
        DATAGRAMS.forEach(p -> truncate(DatagramCodec.encode(p), DatagramCodec::decode));
        SESSION_PACKETS.forEach(p -> truncate(SessionPacketCodec.encode(p), SessionPacketCodec::decode));
    }

    private static void truncate(ByteBuffer whole, Function<ByteBuffer, ?> decode) {
        for (int length = 0; length < whole.remaining(); length++) {
            var cut = whole.slice(0, length);
            assertThatThrownBy(() -> decode.apply(cut)).as("%s octets of %s", length, whole).isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void damagedPacketsAreReadOrRefusedButNeverBreakTheReader() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        damage(random, seed, NAME_PACKETS.stream().map(NamePacketCodec::encode), NamePacketCodec::decode);
        damage(random, seed, DATAGRAMS.stream().map(DatagramCodec::encode), DatagramCodec::decode);
        damage(random, seed, SESSION_PACKETS.stream().map(SessionPacketCodec::encode), SessionPacketCodec::decode);
    }

    private static void damage(Random random, long seed, Stream<ByteBuffer> packets, Function<ByteBuffer, ?> decode) {
        packets.forEach(packet -> {
            for (int round = 0; round < 4_000; round++) {
                var octets = new byte[packet.remaining() + random.nextInt(4)];
                packet.duplicate().get(octets, 0, packet.remaining());
                for (int i = random.nextInt(4); i >= 0; i--) {
                    octets[random.nextInt(octets.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xC0);
                }
                try {
                    assertThat(decode.apply(ByteBuffer.wrap(octets))).isNotNull();
                } catch (ProtocolViolation expected) {
                    assertThat(expected).hasMessageContaining("octet");
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed + ": " + Hex.text(ByteBuffer.wrap(octets)), e);
                }
            }
        });
    }

    @Test
    void messagesHaveSeventeenBitsOfLength() {
        var most = SessionPacketCodec.encode(new SessionPacket.Message(ByteBuffer.allocate(131_071)));
        assertThat(Hex.text(most.slice(0, 4))).isEqualTo("0001ffff");
        assertThat(SessionPacketCodec.header(most).length()).isEqualTo(131_071);
        assertThatThrownBy(() -> new SessionPacket.Message(ByteBuffer.allocate(131_072))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionPacketCodec.messageHeader(131_072)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionPacketCodec.header(Hex.bytes("00020000"))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void countsAndDataHaveLimits() {
        assertThatThrownBy(() -> NamePacketCodec.decode(Hex.bytes("0001 0000 0021 0000 0000 0000"))).isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("at most 32");
        var header = new Datagram.Header(false, true, NodeType.B, 1, ENDPOINT);
        var fits = new Datagram.Message(Datagram.Kind.BROADCAST, header, 0, NetbiosName.of("A", 0), NetbiosName.of("B", 0), ByteBuffer.allocate(512));
        assertThat(DatagramCodec.decode(DatagramCodec.encode(fits))).isEqualTo(fits);
        var over = new Datagram.Message(Datagram.Kind.BROADCAST, header, 0, NetbiosName.of("A", 0), NetbiosName.of("B", 0), ByteBuffer.allocate(513));
        assertThatThrownBy(() -> DatagramCodec.decode(DatagramCodec.encode(over))).isInstanceOf(ProtocolViolation.class);
    }
}
