package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.share.RemoteShare;
import dev.parley.netbios.socket.LoopbackBridge;
import dev.parley.netbios.socket.NetbiosSockets;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.codelibs.jcifs.smb.CIFSContext;
import org.codelibs.jcifs.smb.SmbTransportPool;
import org.codelibs.jcifs.smb.config.PropertyConfiguration;
import org.codelibs.jcifs.smb.context.BaseContext;
import org.codelibs.jcifs.smb.impl.NtlmPasswordAuthenticator;
import org.codelibs.jcifs.smb.impl.SmbFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files on smbd through our sessions, by names and without DNS: smbj, jcifs and smbclient, each over our NetBIOS.
@Tag("slow")
@Timeout(180)
class SharesInteropTest {
    private static final NetbiosName SERVER = NetbiosName.of("NBTSRV", 0x20);
    private static final NetbiosName MINE = NetbiosName.of("PARLEY", 0x20);
    private static final RemoteShare.Login ROOT = new RemoteShare.Login("root", "secret".toCharArray(), "");
    private static final byte[] BIG = new byte[3_000_000];
    /// Keepalives go out in each silence of 20 ms, both ways.
    private static final SessionLimits LIVELY = SessionLimits.DEFAULT.withKeepAlive(Duration.ofMillis(20));

    /// One Samba for all: it takes ten seconds to have its names. Each test has files of its own on the share.
    @TempDir
    private static Path folder = Path.of("");

    private static @Nullable SambaNet net;

    private SambaNet samba;
    private NameService names;

    @BeforeAll
    static void everythingIsHere() throws Exception {
        SambaNet.needed();
        new Random(3).nextBytes(BIG);
        net = SambaNet.cable(folder, "");
        net.user("root", "secret");
        net.startDaemons();
    }

    @AfterAll
    static void end() throws IOException {
        if (net != null) {
            net.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        samba = Objects.requireNonNull(net);
        names = NameService.open(NodeConfig.broadcast(Ipv4.of(SambaNet.OURS), 24), NameService.Ports.standard(Ipv4.of(SambaNet.BROADCAST)),
                Optional.empty());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (names.find(SERVER).isEmpty()) {
            assertThat(System.nanoTime()).as("nmbd did not register its names in time").isLessThan(end);
        }
    }

    @AfterEach
    void stop() {
        names.close();
    }

    private NetbiosSockets sockets() {
        return new NetbiosSockets(NetbiosSockets.Resolver.of(names), NetbiosName.of("PARLEY", 0), 139, LIVELY);
    }

    private RemoteShare open(String share, Optional<RemoteShare.Login> login) throws IOException {
        return RemoteShare.open(sockets(), names.find(SERVER).getFirst(), SERVER, share, login, Duration.ofSeconds(20));
    }

    @Test
    void threeMegabytesGoBothWaysThroughPort139WithTheSessionRequestInTheCapture() throws Exception {
        var capture = Tshark.start(folder.resolve("files.pcapng"));
        try (capture; var share = open("share", Optional.of(ROOT))) {
            assertThat(share.agreed()).contains("SMB 3").contains("encrypted");
            assertThat(share.list("")).extracting(RemoteShare.Entry::name).contains("hello.txt").doesNotContain("big.bin");
            share.put(new ByteArrayInputStream(BIG), "big.bin", false, _ -> { });
            assertThat(Files.readAllBytes(samba.share().resolve("big.bin"))).isEqualTo(BIG);
            var back = new ByteArrayOutputStream();
            share.get("big.bin", back, _ -> { });
            assertThat(back.toByteArray()).isEqualTo(BIG);
            // Now the session is silent, so that a keepalive goes out; the messages after it show that it did no harm.
            capture.awaitPacket("nbss.type == 0x85");
            assertThatThrownBy(() -> share.put(new ByteArrayInputStream(BIG), "big.bin", false, _ -> { })).hasMessageContaining("COLLISION");
            assertThatThrownBy(() -> share.get("nothing", back, _ -> { })).hasMessageContaining("NOT_FOUND");
        }
        var types = capture.fields("nbss", "nbss.type").stream().flatMap(l -> List.of(l.split(",", -1)).stream()).toList();
        assertThat(types.subList(0, 2)).containsExactly("0x81", "0x82");
        assertThat(types).as("keepalives among the messages").contains("0x85");
        assertThat(capture.fields("nbns.flags.response == 0", "nbns.name").toString()).contains("NBTSRV<20>");
    }

    @Test
    void guestsAndWrongLoginsGetWhatTheServerSays() throws Exception {
        try (var share = open("share", Optional.empty())) {
            assertThat(share.list("")).isNotEmpty();
        }
        var wrong = new RemoteShare.Login("root", "wrong".toCharArray(), "");
        assertThatThrownBy(() -> open("share", Optional.of(wrong))).hasMessageContaining("LOGON_FAILURE");
        assertThatThrownBy(() -> open("nothing", Optional.of(ROOT))).hasMessageContaining("BAD_NETWORK_NAME");
    }

    private static PropertyConfiguration configuration(String server) throws Exception {
        var properties = new Properties();
        properties.setProperty("jcifs.netbios.wins", server);
        properties.setProperty("jcifs.netbios.laddr", SambaNet.OURS);
        properties.setProperty("jcifs.netbios.baddr", SambaNet.BROADCAST);
        properties.setProperty("jcifs.resolveOrder", "BCAST");
        properties.setProperty("jcifs.smb.client.dfs.disabled", "true");
        properties.setProperty("jcifs.smb.client.disableSMB1", "true");
        return new PropertyConfiguration(properties);
    }

    private static CIFSContext jcifs(BaseContext context) {
        return context.withCredentials(new NtlmPasswordAuthenticator("", "root", "secret"));
    }

    /// jcifs opens its sockets itself, in a class that is not public, and takes no factory. But its context says which pool of transports it
    /// uses: this one leads every name to a port here.
    private static final class Bridged extends BaseContext {
        private final SmbTransportPool pool;

        Bridged(PropertyConfiguration configuration, int port) throws Exception {
            super(configuration);
            var own = super.getTransportPool();
            pool = (SmbTransportPool) Proxy.newProxyInstance(SmbTransportPool.class.getClassLoader(), new Class<?>[] {SmbTransportPool.class},
                    (_, method, arguments) -> {
                        if (arguments != null && arguments.length == 5 && arguments[1] instanceof String) {
                            arguments[1] = "127.0.0.1";
                            arguments[2] = port;
                        }
                        return method.invoke(own, arguments);
                    });
        }

        @Override
        public SmbTransportPool getTransportPool() {
            return pool;
        }
    }

    @Test
    void jcifsFindsOurNamesAndGetsAFileThroughOurSessionService() throws Exception {
        var called = new CalledNames(true);
        var relay = new Relay(SessionLimits.DEFAULT);
        called.listen(MINE, relay);
        names.register(MINE, false);
        names.register(NetbiosName.of("PARLEY", 0), false);
        try (var server = SessionServer.listen(new InetSocketAddress(SambaNet.OURS, 139), called, SessionLimits.DEFAULT)) {
            var context = jcifs(new BaseContext(configuration(SambaNet.OURS)));
            var found = context.getNameServiceClient().getNbtByName("PARLEY", 0x20, null);
            assertThat(found.getHostAddress()).isEqualTo(SambaNet.OURS);
            assertThat(context.getNameServiceClient().getNodeStatus(found)).extracting(a -> a.getName().toString())
                    .anySatisfy(n -> assertThat(n).contains("PARLEY<20>"));
            try (var file = new SmbFile("smb://PARLEY:139/share/hello.txt", context); var in = file.openInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello from the share\n");
            }
            try (var file = new SmbFile("smb://PARLEY:139/share/jcifs.bin", context)) {
                try (var out = file.openOutputStream()) {
                    out.write(BIG);
                }
                assertThat(Files.readAllBytes(samba.share().resolve("jcifs.bin"))).isEqualTo(BIG);
            }
            assertThat(relay.calls.get()).isPositive();
            context.close();
            assertThat(server.address().getPort()).isEqualTo(139);
        }
    }

    @Test
    void jcifsRunsOverOurSessionsThroughTheBridge() throws Exception {
        try (var bridge = LoopbackBridge.listen(0, sockets(), "NBTSRV")) {
            var context = jcifs(new Bridged(configuration(SambaNet.OURS), bridge.address().getPort()));
            try (var file = new SmbFile("smb://NBTSRV/share/hello.txt", context);
                    var in = file.openInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello from the share\n");
            }
            context.close();
        }
    }

    @Test
    void smbclientPassesThroughOurSessionServiceAndIsRefusedByAWrongName() throws Exception {
        Files.write(folder.resolve("big.bin"), BIG);
        var called = new CalledNames(false);
        called.listen(MINE, new Relay(LIVELY));
        names.register(MINE, false);
        names.register(NetbiosName.of("OTHERNAME", 0x20), false);
        var capture = Tshark.start(folder.resolve("client.pcapng"));
        try (capture; var server = SessionServer.listen(new InetSocketAddress(SambaNet.OURS, 139), called, LIVELY)) {
            var client = new String[] {"timeout", "60", "smbclient", "-s", samba.configuration(), "-p", "139", "-U", "root%secret"};
            var commands = List.of("put " + folder.resolve("big.bin") + " sent.bin", "!sh " + silence(folder.resolve("client.pcapng")),
                    "get sent.bin " + folder.resolve("back.bin"));
            var output = samba.there("sh", "-c",
                    "printf '%s\\n' '" + String.join("' '", commands) + "' | " + String.join(" ", client) + " //PARLEY/share");
            assertThat(Files.readAllBytes(folder.resolve("back.bin"))).as(output).isEqualTo(BIG);
            var refused = samba.there(join(client, "//OTHERNAME/share", "-c", "ls"));
            assertThat(refused).contains("RESOURCE_NAME_NOT_FOUND");
            assertThat(server.refused()).isEqualTo(2);
        }
        assertThat(capture.fields("nbss.type == 0x83", "nbss.error_code")).as("the wrong name, then *SMBSERVER").containsExactly("0x82", "0x82");
        assertThat(capture.fields("nbss.type == 0x81", "nbss.called_name").toString()).contains("PARLEY<20>", "OTHERNAME<20>", "*SMBSERVER<20>");
        assertThat(capture.fields("nbss.type == 0x85 && ip.src == " + SambaNet.OURS, "nbss.type"))
                .as("keepalives to smbclient and smbd").isNotEmpty();
    }

    /// What smbclient runs between two commands: its session is silent until a keepalive of ours was captured. (`!` works on standard input only, in
    /// `-c` it is an unknown command.)
    private static Path silence(Path capture) throws IOException {
        var script = """
                for i in $(seq 60); do
                  tshark -r %s -Y 'nbss.type == 0x85 && ip.src == %s' 2>/dev/null | grep -q . && exit
                done
                """.formatted(capture, SambaNet.OURS);
        return Files.writeString(folder.resolve("silence.sh"), script);
    }

    private static String[] join(String[] first, String... more) {
        var all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
