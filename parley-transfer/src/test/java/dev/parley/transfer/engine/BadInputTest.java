package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.rfc1006.Rfc1006;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What strangers send to a server over real sockets. After each of them it still serves.
@Timeout(120)
class BadInputTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String CONNECT_REQUEST = "0300000b06e00000000100";

    @TempDir
    Path folder;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private SqliteStore store;
    private TransferServer server;
    private Identity identity;

    @BeforeEach
    void prepare() throws IOException {
        store = SqliteStore.open(folder.resolve("server"));
        identity = Identity.in(folder.resolve("server"));
        store.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
        Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(folder.resolve("note"), "hello");
        server = new TransferServer(store, new OsDisk(), folder.resolve("inbox"), identity, (_, _) -> {}, log::add);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
        store.close();
    }

    private InetSocketAddress listen(boolean tls, int most) throws IOException {
        var listener = Tcp.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls ? Optional.of(Tls.server(identity.key(), identity.certificate())) : Optional.empty(),
                new Tcp.Reception(most, Rfc1006.BUSY, log::add), server::connection);
        open.add(listener);
        return listener.address();
    }

    private Socket dial(InetSocketAddress address) throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(60_000);
        open.add(socket);
        return socket;
    }

    /// Says something and reads until the server closes.
    private byte[] say(InetSocketAddress address, byte[] octets) throws IOException {
        try (var socket = dial(address)) {
            socket.getOutputStream().write(octets);
            socket.getOutputStream().flush();
            return socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    private TransferClient.Result send(InetSocketAddress address, boolean tls) throws Exception {
        return send(address, tls, Duration.ZERO);
    }

    private TransferClient.Result send(InetSocketAddress address, boolean tls, Duration patience) throws Exception {
        try (var mine = SqliteStore.open(folder.resolve("client" + System.nanoTime()))) {
            var job = new TransferClient.Job(
                    "send", address, tls ? Optional.of(Tls.client(_ -> true)) : Optional.empty(), "alice", "secret".toCharArray(), false, "",
                    Target.OnExists.REPLACE, Source.below(folder.resolve("note")), folder, Settings.DEFAULT, patience);
            return new TransferClient(mine, new OsDisk(), job, _ -> {}).run();
        }
    }

    private void stillServes(InetSocketAddress address, boolean tls) throws Exception {
        assertThat(send(address, tls).failure()).as(log.toString()).isEmpty();
    }

    private String logged(String part) throws InterruptedException {
        var seen = new ArrayList<String>();
        for (var line = log.poll(30, TimeUnit.SECONDS); line != null; line = log.poll(30, TimeUnit.SECONDS)) {
            if (line.contains(part)) {
                return line;
            }
            seen.add(line);
        }
        throw new AssertionError("nobody logged '" + part + "', only " + seen);
    }

    @Test
    void garbageEndsTheConnectionAndNothingElse() throws Exception {
        var address = listen(false, 100);
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            var octets = new byte[8 + random.nextInt(300)];
            random.nextBytes(octets);
            // Or it might be the beginning of a TPKT, of which the rest is waited for.
            octets[0] |= 4;
            // Half of it begins well.
            say(address, i % 2 == 0 ? octets : join(HEX.parseHex(CONNECT_REQUEST), tpkt(join(HEX.parseHex("02f080"), octets))));
            assertThat(logged("is no session: ")).as("%s: %s", i, HEX.formatHex(octets)).startsWith("what came from 127.0.0.1:");
        }
        stillServes(address, false);
    }

    private static byte[] tpkt(byte[] tpdu) {
        int size = tpdu.length + 4;
        return join(new byte[] {3, 0, (byte) (size >> 8), (byte) size}, tpdu);
    }

    private static byte[] join(byte[] first, byte[] second) {
        var whole = new byte[first.length + second.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    @Test
    void aWrongVersionAndOtherProtocolsAreTurnedAway() throws Exception {
        var address = listen(false, 100);

        say(address, HEX.parseHex("0200000b06e00000000100"));
        logged("expected a TPKT (version 3, at least 7 octets), but version 2 with 11 octets arrived");
        say(address, HEX.parseHex("0300000306"));
        logged("but version 3 with 3 octets arrived");
        say(address, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        logged("but version 71 with 21536 octets arrived");
        assertThat(HEX.formatHex(say(address, HEX.parseHex("16030100050100000000")))).as("DR, protocol error").isEqualTo("0300000b06800000000085");
        logged("the peer speaks TLS, and this side does not");
        stillServes(address, false);
        var secured = listen(true, 100);
        assertThat(HEX.formatHex(say(secured, HEX.parseHex(CONNECT_REQUEST)))).as("an alert: protocol_version").startsWith("15030100020246");
        logged("never became a connection: the peer does not speak TLS, and this side does");
        stillServes(secured, true);
    }

    /// Each side is started with the other's security: said at once, for it will not become better.
    @Test
    void tlsAndPlainDoNotTryEachOtherForLong() throws Exception {
        var plain = send(listen(true, 100), false, Duration.ofMinutes(10));
        var secured = send(listen(false, 100), true, Duration.ofMinutes(10));

        assertThat(plain.words()).contains("the peer speaks TLS, and this side does not", "leave out --insecure-plain");
        assertThat(plain.failure()).contains(Failure.REFUSED);
        assertThat(secured.words()).contains("the peer does not speak TLS, and this side does", "serves with --insecure-plain, say so here too");
        assertThat(secured.failure()).contains(Failure.REFUSED);
    }

    /// A CONNECT that offers only a protocol version that does not exist.
    @Test
    void aSessionProtocolVersionThatNobodyHasIsRefusedByTheProvider() throws Exception {
        var address = listen(false, 100);
        // CN: connect/accept item with protocol options 0 and version number bit 7 only; session user requirements half-duplex.
        var connect = HEX.parseHex("0d0c" + "0506130100160140" + "14020049");

        var answer = say(address, join(HEX.parseHex(CONNECT_REQUEST), tpkt(join(HEX.parseHex("02f080"), connect))));

        // CC, then REFUSE (12) or ABORT (25).
        assertThat(answer.length).isGreaterThan(11);
        assertThat((int) answer[11 + 7]).isIn(12, 25);
        stillServes(address, false);
    }

    @Test
    void aTsduThatGrowsBeforeTheLoginIsNotKept() throws Exception {
        var address = listen(false, 100);
        var part = tpkt(join(HEX.parseHex("02f000"), new byte[60_000]));

        var answer = say(address, join(HEX.parseHex(CONNECT_REQUEST), join(part, join(part, part))));

        assertThat(answer.length).as("CC, then ER: 180 kB of one TSDU").isGreaterThan(16);
        assertThat(answer[16] & 0xF0).isEqualTo(0x70);
        logged("is no session: a TSDU is longer than the limit of 131072 octets");
        stillServes(address, false);
    }

    @Test
    void oneTooManyIsToldSoAtOnce() throws Exception {
        var address = listen(false, 2);
        var first = dial(address);
        var second = dial(address);
        for (var socket : List.of(first, second)) {
            socket.getOutputStream().write(HEX.parseHex(CONNECT_REQUEST));
            assertThat(socket.getInputStream().readNBytes(11)).as("a connection confirm").hasSize(11);
        }

        assertThat(say(address, HEX.parseHex(CONNECT_REQUEST))).isEqualTo(Rfc1006.BUSY);
        var result = send(address, false);
        assertThat(result.failure()).as("resumable: the server is only busy").contains(Failure.LOST);
        assertThat(result.words()).contains("congestion");
        assertThat(logged("2 connections are open")).isNotEmpty();

        first.close();
        second.close();
        for (var again = send(address, false); again.failure().isPresent(); again = send(address, false)) {
            assertThat(again.failure()).as("until the server noticed").contains(Failure.LOST);
        }
    }

    @Test
    void oneTooManyOverTlsIsNoRefusalForGood() throws Exception {
        var address = listen(true, 1);
        dial(address);

        assertThat(send(address, true).failure()).contains(Failure.LOST);
    }

    @Test
    void aThousandIdleConnectionsDoNotHinderAnybody() throws Exception {
        var address = listen(false, 1100);
        var idle = new ArrayList<Socket>();
        for (int i = 0; i < 1000; i++) {
            var socket = dial(address);
            socket.getOutputStream().write(HEX.parseHex(CONNECT_REQUEST));
            idle.add(socket);
        }
        for (var socket : idle) {
            assertThat(socket.getInputStream().readNBytes(11)).hasSize(11);
        }
        stillServes(address, false);
    }

    @Test
    @Tag("slow")
    void whoNeverFinishesTheTlsHandshakeOrTheLoginIsDropped() throws Exception {
        var secured = listen(true, 10);
        var plain = listen(false, 10);
        var silent = dial(secured);
        // Drips: each octet comes in time, the handshake never ends.
        var dripping = dial(secured);
        var client = HEX.parseHex("1603010200");
        dripping.getOutputStream().write(client, 0, 3);
        var stranger = dial(plain);
        stranger.getOutputStream().write(HEX.parseHex(CONNECT_REQUEST));

        assertThat(silent.getInputStream().read()).as("closed").isEqualTo(-1);
        assertThat(logged("the TLS handshake took longer than 10 s")).isNotEmpty();
        assertThat(stranger.getInputStream().readAllBytes()).as("a connection confirm, then closed").hasSize(11);
        stillServes(secured, true);
        stillServes(plain, false);
    }
}
