package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.name.NameServer;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.name.Registry;
import dev.parley.netbios.name.Timers;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Hex;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// We and Samba on one cable: names both ways, a refusal, our name server under nmbd, nmbd under us, and sessions on port 139.
@Tag("slow")
@Timeout(180)
class SambaInteropTest {
    private static final Ipv4 OURS = Ipv4.of(SambaNet.OURS);
    private static final String SECOND = "10.137.77.9";
    private static final Ipv4 SAMBA = Ipv4.of(SambaNet.SAMBA);
    private static final NetbiosName SERVER = NetbiosName.of("NBTSRV", 0x20);
    private static final NetbiosName MINE = NetbiosName.of("PARLEY", 0x20);
    private static final NameService.Ports PORTS = NameService.Ports.standard(Ipv4.of(SambaNet.BROADCAST));

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void everythingIsHere() {
        SambaNet.needed();
    }

    private static NodeConfig broadcasting() {
        return NodeConfig.broadcast(OURS, 24);
    }

    private static void awaitSamba(NameService names) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!names.find(SERVER).contains(SAMBA)) {
            assertThat(System.nanoTime()).as("nmbd did not register its names in time").isLessThan(end);
        }
    }

    @Test
    void namesAreFoundAndDefendedBothWays() throws Exception {
        try (var samba = SambaNet.start(folder, ""); var names = NameService.open(broadcasting(), PORTS, Optional.empty())) {
            awaitSamba(names);
            assertThat(names.register(MINE, false)).isEqualTo(new Output.Outcome.Registered());

            assertThat(samba.there("nmblookup", "-s", samba.configuration(), "PARLEY#20")).contains(SambaNet.OURS + " PARLEY<20>");
            assertThat(samba.there("nmblookup", "-s", samba.configuration(), "-A", SambaNet.OURS)).contains("PARLEY", "<20>", "<ACTIVE>");
            assertThat(samba.there("nbtscan", "-v", SambaNet.OURS)).contains("PARLEY", "20");

            assertThat(names.register(SERVER, false)).isEqualTo(new Output.Outcome.Denied(SAMBA, NamePacket.ACTIVE));
            assertThat(names.status(SAMBA, NetbiosName.WILDCARD)).isInstanceOfSatisfying(Output.Outcome.StatusOf.class,
                    s -> assertThat(s.status().names()).anyMatch(n -> n.name().equals(SERVER))
                            .anyMatch(n -> n.group() && n.name().equals(NetbiosName.of("NBTGROUP", 0x1E))));
            assertThat(names.release(MINE)).isEqualTo(new Output.Outcome.Released());
            assertThat(samba.there("nmblookup", "-s", samba.configuration(), "PARLEY#20")).contains("failed to find name");
        }
    }

    @Test
    void ourNameServerServesNmbd() throws Exception {
        var server = new NameServer(NameServer.Config.DEFAULT, new SecureRandom(), new Registry(Registry.Journal.NONE, 137));
        try (var samba = SambaNet.cable(folder, "wins server = " + SambaNet.OURS);
                var names = NameService.open(broadcasting(), PORTS, Optional.of(server))) {
            samba.startDaemons();
            var answer = "";
            for (int i = 0; i < 60 && !answer.contains(SambaNet.SAMBA + " NBTSRV<20>"); i++) {
                answer = samba.there("nmblookup", "-s", samba.configuration(), "--recursion", "--unicast=" + SambaNet.OURS, "NBTSRV#20");
            }
            assertThat(answer).contains(SambaNet.SAMBA + " NBTSRV<20>");
            assertThat(samba.there("nmblookup", "-s", samba.configuration(), "--recursion", "--unicast=" + SambaNet.OURS, "NOBODY#20"))
                    .contains("failed to find name");
            assertThat(names.owned()).isEmpty();
            theOldOwnerIsAsked();
        }
    }

    /// Another host claims what nmbd has: our server tells it to wait, asks nmbd, and refuses.
    private static void theOldOwnerIsAsked() throws Exception {
        assertThat(SambaNet.run("ip", "addr", "add", SECOND + "/24", "dev", "nbt0")).isEmpty();
        var second = NodeConfig.with(NodeType.P, Ipv4.of(SECOND), 24, new Endpoint(OURS, 137));
        try (var other = NameService.open(second, NameService.Ports.client(Ipv4.of(SambaNet.BROADCAST)), Optional.empty())) {
            assertThat(other.register(SERVER, false)).isEqualTo(new Output.Outcome.Denied(OURS, NamePacket.ACTIVE));
            assertThat(other.find(SERVER)).containsExactly(SAMBA);
        }
    }

    @Test
    void nmbdAsNameServerServesUs() throws Exception {
        var config = NodeConfig.with(NodeType.P, OURS, 24, new Endpoint(SAMBA, 137));
        try (var samba = SambaNet.start(folder, "wins support = yes"); var names = NameService.open(config, PORTS, Optional.empty())) {
            awaitSamba(names);
            assertThat(names.register(MINE, false)).isEqualTo(new Output.Outcome.Registered());
            assertThat(samba.there("nmblookup", "-s", samba.configuration(), "--recursion", "--unicast=" + SambaNet.SAMBA, "PARLEY#20"))
                    .contains(SambaNet.OURS + " PARLEY<20>");
            assertThat(names.register(SERVER, false)).isInstanceOf(Output.Outcome.Denied.class);
            assertThat(names.query(NetbiosName.of("NOBODY", 0x20))).isEqualTo(new Output.Outcome.Unknown());
            assertThat(names.release(MINE)).isEqualTo(new Output.Outcome.Released());
            assertThat(names.query(MINE)).isEqualTo(new Output.Outcome.Unknown());
        }
    }

    @Test
    void aNameIsRefreshedAtNmbdBeforeItExpires() throws Exception {
        var config = new NodeConfig(NodeType.P, OURS, 24, Optional.of(new Endpoint(SAMBA, 137)), 8, Timers.RFC);
        try (var samba = SambaNet.start(folder, "wins support = yes\nmin wins ttl = 8\nmax wins ttl = 8");
                var names = NameService.open(config, PORTS, Optional.empty())) {
            awaitSamba(names);
            Tshark capture;
            try (var capturing = Tshark.start(folder.resolve("refresh.pcapng"))) {
                capture = capturing;
                assertThat(names.register(MINE, false)).isEqualTo(new Output.Outcome.Registered());
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
                while (System.nanoTime() < end) {
                    assertThat(samba.there("nmblookup", "-s", samba.configuration(), "--recursion", "--unicast=" + SambaNet.SAMBA, "PARLEY#20"))
                            .contains(SambaNet.OURS + " PARLEY<20>");
                }
                assertThat(names.owned()).containsExactly(MINE);
            }
            var ids = capture.fields("nbns.flags.opcode == 8 && ip.src == " + SambaNet.OURS, "nbns.id");
            assertThat(ids).isNotEmpty();
            assertThat(capture.fields("nbns.flags.response == 1 && nbns.flags.rcode == 0 && nbns.id == " + ids.getFirst(), "ip.src"))
                    .contains(SambaNet.SAMBA);
        }
    }

    @Test
    void sessionsWithSmbdAndSmbclient() throws Exception {
        try (var samba = SambaNet.start(folder, ""); var names = NameService.open(broadcasting(), PORTS, Optional.empty())) {
            awaitSamba(names);
            var address = new InetSocketAddress(SambaNet.SAMBA, 139);
            try (var session = new Caller(SessionLimits.DEFAULT).call(address, SERVER, NetbiosName.of("PARLEY", 0))) {
                // SMB2 NEGOTIATE with the dialect 2.0.2; smbd answers with a message that begins with FE 'S' 'M' 'B'.
                session.send(Hex.bytes("fe534d42 4000 0000 00000000 0000 0100 00000000 00000000" + "00".repeat(40)
                        + "2400 0100 0100 0000 00000000" + "00".repeat(24) + "0202"));
                var answer = session.receive(Duration.ofSeconds(10)).orElseThrow();
                assertThat(answer.getInt(0)).isEqualTo(0xFE534D42);
                session.sendKeepAlive();
            }

            var seen = new LinkedBlockingQueue<NetbiosSession>();
            var called = new CalledNames(true);
            called.listen(MINE, new CalledNames.Listener() {
                @Override
                public boolean claims(NetbiosName calling) {
                    return true;
                }

                @Override
                public void accept(NetbiosSession session) {
                    seen.add(session);
                    session.receive(Duration.ofSeconds(10));
                }
            });
            assertThat(names.register(MINE, false)).isEqualTo(new Output.Outcome.Registered());
            try (var server = SessionServer.listen(new InetSocketAddress(SambaNet.OURS, 139), called, SessionLimits.DEFAULT)) {
                samba.there("timeout", "20", "smbclient", "-s", samba.configuration(), "-p", "139", "-N", "-L", "PARLEY");
                var session = seen.poll(20, TimeUnit.SECONDS);
                assertThat(session).isNotNull();
                assertThat(List.of(session.local(), session.remote())).containsExactly(MINE, NetbiosName.of("NBTSRV", 0));
                assertThat(server.refused()).isZero();
            }
        }
    }
}
