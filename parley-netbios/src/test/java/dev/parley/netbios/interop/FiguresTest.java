package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.share.RemoteShare;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// How fast: name queries against nmbd, sessions against smbclient, each in one run on one machine. Writes `target/netbios-figures.txt`; asserts
/// nothing about time. `bench/netbios` runs it with larger amounts.
@Tag("slow")
@EnabledIfSystemProperty(named = "parley.netbios.figure.mib", matches = "\\d+", disabledReason = "bench/netbios runs it")
@Timeout(600)
class FiguresTest {
    private static final String HOST = "10.137.77.3";
    private static final int WINDOW = 64;
    private static final int ROUNDS = Integer.getInteger("parley.netbios.figure.rounds", 1);
    private static final int MIB = Integer.getInteger("parley.netbios.figure.mib", 16);
    private static final int SECONDS = Integer.getInteger("parley.netbios.figure.seconds", 3);
    private static final NetbiosName SERVER = NetbiosName.of("NBTSRV", 0x20);

    @TempDir
    private Path folder = Path.of("");

    private final List<String> lines = new ArrayList<>();

    @BeforeAll
    static void everythingIsHere() {
        SambaNet.needed();
    }

    @Test
    void namesAndSessions() throws Exception {
        try (var samba = SambaNet.start(folder, "")) {
            assertThat(samba.there("ip", "addr", "add", HOST + "/24", "dev", "nbt1")).isEmpty();
            nameQueries(samba);
            files(samba);
        }
        sessions();
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/netbios-figures.txt"), lines);
    }

    private void nameQueries(SambaNet samba) throws Exception {
        var host = samba.start("ready", ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path"),
                HostProcess.class.getName(), HOST, SambaNet.BROADCAST, "OURS");
        try {
            queries(SambaNet.SAMBA, SERVER, 1);
            queries(HOST, NetbiosName.of("OURS", 0x20), SECONDS);
            var nmbd = new ArrayList<Double>();
            var ours = new ArrayList<Double>();
            for (int i = 0; i < ROUNDS; i++) {
                nmbd.add(queries(SambaNet.SAMBA, SERVER, SECONDS));
                ours.add(queries(HOST, NetbiosName.of("OURS", 0x20), SECONDS));
            }
            line("name queries answered by nmbd", median(nmbd), "per second", 1);
            line("name queries answered by Parley", median(ours), "per second", median(ours) / median(nmbd));
        } finally {
            host.destroyForcibly().onExit().join();
        }
    }

    /// Questions to one host for some seconds, [#WINDOW] of them under way; lost ones are made up for. The time runs from the first answer.
    private static double queries(String host, NetbiosName name, int seconds) throws IOException {
        var question = NamePacketCodec.encode(NamePacket.query(1, name, false));
        var answer = ByteBuffer.allocateDirect(600);
        try (var channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(SambaNet.OURS, 0));
            channel.connect(new InetSocketAddress(host, 137));
            channel.configureBlocking(false);
            int asked = 0;
            int answered = 0;
            long start = System.nanoTime();
            long last = start;
            long end = Long.MAX_VALUE;
            while (last < end) {
                while (asked - answered < WINDOW) {
                    question.putShort(0, (short) asked++);
                    channel.write(question.rewind());
                }
                answer.clear();
                try {
                    if (channel.read(answer) > 0) {
                        last = System.nanoTime();
                        if (answered++ == 0) {
                            start = last;
                            end = start + TimeUnit.SECONDS.toNanos(seconds);
                        }
                    } else if (System.nanoTime() - last > TimeUnit.MILLISECONDS.toNanos(200)) {
                        // The window is lost, or nobody is there yet.
                        asked = answered;
                        last = System.nanoTime();
                        assertThat(System.nanoTime() - start).as("%s does not answer", host).isLessThan(TimeUnit.SECONDS.toNanos(60 + seconds));
                    }
                } catch (java.net.PortUnreachableException e) {
                    asked = answered;
                }
            }
            return answered * 1e9 / (last - start);
        }
    }

    private void files(SambaNet samba) throws Exception {
        Files.write(samba.share().resolve("big"), new byte[MIB << 20]);
        var here = folder.resolve("here");
        var smbclient = new ArrayList<Double>();
        var ours = new ArrayList<Double>();
        try (var names = NameService.open(NodeConfig.broadcast(Ipv4.of(SambaNet.OURS), 24),
                new NameService.Ports(0, 137, Ipv4.of(SambaNet.BROADCAST)), Optional.empty())) {
            var sockets = new NetbiosSockets(NetbiosSockets.Resolver.of(names), NetbiosName.of("PARLEY", 0), 139, SessionLimits.DEFAULT);
            try (var share = RemoteShare.open(sockets, Ipv4.of(SambaNet.SAMBA), SERVER, "share", Optional.empty(), Duration.ofSeconds(60))) {
                share.get("big", OutputStream.nullOutputStream(), _ -> { });
                for (int i = 0; i < ROUNDS; i++) {
                    // Here and not in Samba's namespace, so that both cross the same cable; the time that smbclient measures, without its start.
                    smbclient.add(rate(SambaNet.run("smbclient", "-s", samba.configuration(), "-p", "139", "-N", "-I", SambaNet.SAMBA,
                            "//NBTSRV/share", "-c", "get big " + here)));
                    ours.add(MIB / seconds(() -> {
                        try (var out = Files.newOutputStream(here)) {
                            share.get("big", out, _ -> { });
                        }
                        return here;
                    }));
                }
            }
        }
        line("a file from smbd by smbclient, port 139", median(smbclient), "MiB/s", 1);
        line("a file from smbd by Parley, port 139", median(ours), "MiB/s", median(ours) / median(smbclient));
    }

    /// `... (123456.7 KiloBytes/sec) (average ...)`.
    private static double rate(String words) {
        var found = java.util.regex.Pattern.compile("\\(([0-9.]+) KiloBytes/sec\\)").matcher(words);
        assertThat(found.find()).as(words).isTrue();
        return Double.parseDouble(found.group(1)) / 1_024;
    }

    private void sessions() throws Exception {
        var called = new CalledNames(false);
        called.listen(SERVER, new CalledNames.Listener() {
            @Override
            public boolean claims(NetbiosName calling) {
                return true;
            }

            @Override
            public void accept(NetbiosSession session) {
                for (var message = session.receive(); message.isPresent(); message = session.receive()) {
                    assertThat(message.get().remaining()).isEqualTo(65_536);
                }
            }
        });
        var rates = new ArrayList<Double>();
        try (var server = SessionServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), called, SessionLimits.DEFAULT)) {
            for (int i = 0; i <= ROUNDS; i++) {
                var session = new Caller(SessionLimits.DEFAULT).call(server.address(), SERVER, NetbiosName.of("PARLEY", 0));
                rates.add(MIB / seconds(() -> {
                    for (int n = 0; n < MIB * 16; n++) {
                        session.send(ByteBuffer.allocate(65_536));
                    }
                    session.release();
                    return session;
                }));
            }
        }
        line("messages of 64 KiB through one of our sessions, loopback", median(rates), "MiB/s", 0);
    }

    private static double seconds(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        assertThat(work.call()).isNotNull();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    private void line(String what, double value, String unit, double ratio) {
        var compared = ratio == 0 ? "" : String.format(Locale.ROOT, " %.2f", ratio);
        lines.add(String.format(Locale.ROOT, "%-58s %10.0f %-12s%s", what, value, unit, compared));
    }
}
