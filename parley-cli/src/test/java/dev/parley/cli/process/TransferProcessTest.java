package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command line as its users run it: real files, loopback, and real processes for the server and for whoever is killed. One server serves
/// all tests, which keep a client's state of their own each; where it is killed, the next one has the same state.
@Timeout(300)
class TransferProcessTest {
    private static final int SIZE = 1_000_000;

    @TempDir
    static Path home;

    private static Parleys host;
    private static Parleys.Child server;
    private static String address;
    private static String fingerprint;

    @TempDir
    Path folder;

    private Parleys parleys;

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        host = new Parleys(home);
        host.addUser("alice");
        serve("127.0.0.1:0");
    }

    private static void serve(String listen) throws IOException, InterruptedException {
        server = host.serve(listen);
        var ready = server.await("ready");
        address = ready.path("address").asText();
        fingerprint = ready.path("fingerprint").asText();
    }

    @AfterAll
    static void end() {
        host.close();
    }

    @BeforeEach
    void client() throws IOException, InterruptedException {
        parleys = new Parleys(folder);
        if (!server.isAlive()) {
            serve("127.0.0.1:0");
        }
    }

    @AfterEach
    void endClients() {
        parleys.close();
    }

    @Test
    void whatAServerSaysOfItsIpv6AddressCanBeDialled() throws Exception {
        var file = parleys.file("six.img", 100_000, 60);
        parleys.addUser("alice");
        var six = parleys.serve("[::1]:0").await("ready");

        var sender = parleys.run(parleys.send("six.img", six.path("address").asText(), "--fingerprint", six.path("fingerprint").asText()));

        assertThat(sender.exit()).as(six + " " + sender).isZero();
        assertThat(parleys.inbox("six.img")).hasSameBinaryContentAs(file);
    }

    private static Path arrived(String name) {
        return host.inbox(name);
    }

    @Test
    void aFileIsSentAndFetchedAndTheEventsSayIt() throws Exception {
        var file = parleys.file("plain.img", SIZE, 1);

        var sender = parleys.process(parleys.send("plain.img", address, "--fingerprint", fingerprint, "--receipt", parleys.at("receipt")));

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(arrived("plain.img")).hasSameBinaryContentAs(file);
        var done = sender.await("done");
        assertThat(done.path("bytes").asLong()).isEqualTo(SIZE);
        assertThat(done.path("resent_bytes").asLong()).isZero();
        assertThat(done.path("files").asLong()).isEqualTo(1);
        assertThat(done.path("seconds").asDouble()).isPositive();
        assertThat(sender.await("connected").path("session").asLong()).isPositive();
        assertThat(sender.told("checkpoint")).isNotEmpty();

        var getter = parleys.process("get", "alice@" + address + "/plain.img", "out/", "--password-file", "pw", "--state", "C", "--json");
        assertThat(getter.exit()).as(getter.toString()).isZero();
        assertThat(folder.resolve("out/plain.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void aReceiptProvesTheFileAndNoOther() throws Exception {
        parleys.file("proved.img", 300_000, 9);
        var receipt = folder.resolve("proved.receipt");
        assertThat(parleys.run(parleys.send("proved.img", address, "--receipt", receipt.toString())).exit()).isZero();

        var right = parleys.run("verify", arrived("proved.img").toString(), receipt.toString(), "--fingerprint", fingerprint);
        assertThat(right.exit()).as(right.toString()).isZero();
        assertThat(verify("proved.img", receipt, "--fingerprint", "SHA256:other")).isEqualTo(6);
        parleys.file("other.img", 300_000, 10);
        assertThat(verify("other.img", receipt)).isEqualTo(6);
        Files.writeString(receipt, Files.readString(receipt).replace("alice", "mallo"));
        assertThat(verify("proved.img", receipt)).isEqualTo(6);
    }

    /// Big ones have one each, small ones one together: FILE has them all, and a folder is checked against them.
    @Test
    void allReceiptsOfAFolderProveEachOfItsFiles() throws Exception {
        for (var name : new String[] {"mixed/big1", "mixed/big2", "mixed/sub/big1"}) {
            parleys.file(name, 600_000, name.hashCode());
        }
        parleys.file("mixed/small", 100, 13);
        var receipts = folder.resolve("mixed.receipts");
        var sender = parleys.run(parleys.send("mixed", address, "--receipt", receipts.toString()));
        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("done").path("receipts").asInt()).isEqualTo(Files.readAllLines(receipts).size()).isGreaterThan(2);
        assertThat(Files.readAllLines(Path.of(sender.await("file").path("receipt").asText()))).hasSize(1);

        for (var name : new String[] {"mixed/big1", "mixed/big2", "mixed/sub/big1", "mixed/small", "mixed"}) {
            var right = parleys.run("verify", arrived(name).toString(), receipts.toString(), "--fingerprint", fingerprint);
            assertThat(right.exit()).as(right.toString()).isZero();
        }
        assertThat(verify("mixed", folder)).as("no file with receipts").isEqualTo(3);
        Files.writeString(arrived("mixed/sub/big1"), "x");
        assertThat(verify("mixed", receipts)).as("what was sent").isZero();
        assertThat(parleys.run("verify", arrived("mixed").toString(), receipts.toString()).exit()).isEqualTo(6);
    }

    @Test
    void aReceiptThatCannotBeWrittenIsSaidBeforeAnythingIsSent() throws Exception {
        parleys.file("unproved.img", 1000, 14);
        for (var place : new String[] {parleys.at("nowhere/receipt"), folder.toString()}) {
            var sender = parleys.run(parleys.send("unproved.img", address, "--receipt", place));
            assertThat(sender.exit()).as(sender.toString()).isEqualTo(2);
            assertThat(sender.await("error").path("message").asText()).contains("no file can be written there");
        }
        assertThat(arrived("unproved.img")).doesNotExist();
        assumeTrue(Files.exists(Path.of("/dev/full")));
        var sender = parleys.run(parleys.send("unproved.img", address, "--receipt", "/dev/full"));
        assertThat(sender.exit()).as(sender.toString()).isEqualTo(8);
        assertThat(sender.await("error").path("message").asText()).contains("everything is transferred, but not every receipt could be kept");
        assertThat(arrived("unproved.img")).exists();
    }

    private int verify(String file, Path receipt, String... more) throws InterruptedException {
        var line = java.util.stream.Stream.concat(
                java.util.stream.Stream.of("verify", parleys.at(file), receipt.toString()), java.util.Arrays.stream(more));
        return parleys.run(line.toArray(String[]::new)).exit();
    }

    @Test
    void standardInputIsSentUnderAName() throws Exception {
        var file = parleys.file("data.img", 500_000, 11);

        var sender = parleys.process(file, ProcessBuilder.Redirect.PIPE, parleys.send("-", address, "--name", "stream.img"));

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("done").path("bytes").asLong()).isEqualTo(500_000);
        assertThat(arrived("stream.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void aFolderIsSentWithItsTree() throws Exception {
        for (int i = 0; i < 20; i++) {
            parleys.file("tree/" + i % 3 + "/file " + i, 100 * i, i);
        }

        var sender = parleys.run(parleys.send("tree", address));

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("done").path("files").asLong()).isGreaterThanOrEqualTo(20);
        for (int i = 0; i < 20; i++) {
            assertThat(arrived("tree/" + i % 3 + "/file " + i)).hasSameBinaryContentAs(folder.resolve("tree/" + i % 3 + "/file " + i));
        }
    }

    @Test
    void aKilledSenderGoesOnWithTheSameCommand() throws Exception {
        var file = parleys.file("killed.img", SIZE, 2);
        try (var gate = new Gate(address, SIZE / 2)) {
            var first = parleys.process(parleys.send("killed.img", gate.address()));
            first.awaitOffset(SIZE / 4);
            first.kill();

            // The line to the dead one stays open at the server, and does not lock out its successor.
            var second = parleys.run(parleys.send("killed.img", address));

            assertThat(second.exit()).as(second.toString()).isZero();
            assertThat(second.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
            assertThat(second.await("connected").path("session")).isEqualTo(first.await("connected").path("session"));
            assertThat(second.await("done").path("resent_bytes").asLong()).isBetween(0L, Parleys.WINDOW);
            assertThat(arrived("killed.img")).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void aSenderOutlivesAKilledReceiver() throws Exception {
        var file = parleys.file("outlives.img", SIZE, 3);
        try (var gate = new Gate(address, SIZE / 2)) {
            var sender = parleys.thread(parleys.send("outlives.img", gate.address()));
            sender.awaitOffset(SIZE / 4);
            server.kill();
            gate.open();

            serve(address);

            assertThat(sender.exit()).as(sender.toString()).isZero();
            assertThat(sender.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
            assertThat(sender.await("done").path("resent_bytes").asLong()).isBetween(0L, Parleys.WINDOW);
            assertThat(arrived("outlives.img")).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void bothDieTheServerMovesAndResumeGoesOn() throws Exception {
        var file = parleys.file("moved.img", SIZE, 4);
        try (var gate = new Gate(address, SIZE / 2)) {
            var first = parleys.process(parleys.send("moved.img", gate.address(), "--bwlimit", "1GiB"));
            first.awaitOffset(SIZE / 4);
            server.kill();
            first.kill();
            serve("127.0.0.1:0");
            var session = first.await("connected").path("session").asText();

            assertThat(parleys.run("resume", session, "--to", address, "--bwlimit", "1KiB", "--state", parleys.at("C")).exit()).isEqualTo(2);
            var second = parleys.run("resume", session, "--to", address, "--bwlimit", "2GiB", "--state", parleys.at("C"));

            assertThat(second.exit()).as(second.toString()).isZero();
            assertThat(second.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
            assertThat(arrived("moved.img")).hasSameBinaryContentAs(file);
            assertThat(listed()).isZero();
        }
    }

    private int listed() throws InterruptedException {
        return parleys.run("ls", "--state", parleys.at("C"), "--json").told("session").size();
    }

    @Test
    void aTerminatedSenderSavesAndSaysHowToGoOn() throws Exception {
        var file = parleys.file("terminated.img", SIZE, 5);
        try (var gate = new Gate(address, SIZE / 2)) {
            var sender = parleys.process(parleys.send("terminated.img", gate.address()));
            sender.awaitOffset(SIZE / 4);

            sender.signal("TERM");

            assertThat(sender.exit()).as(sender.toString()).isEqualTo(143);
            var error = sender.await("error");
            assertThat(error.path("code").asInt()).isEqualTo(143);
            assertThat(error.path("resumable").asBoolean()).isTrue();
            var resume = error.path("resume").asText();
            assertThat(resume).startsWith("parley resume ");
            assertThat(listed()).isEqualTo(1);
            gate.open();
            assertThat(parleys.run(resume.substring("parley ".length()).split(" ")).exit()).isZero();
            assertThat(arrived("terminated.img")).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserEndWithTheSameWords() throws Exception {
        parleys.file("data.img", 10, 6);

        var wrong = parleys.run(parleys.sendAs("wrong", "data.img", "alice@" + address));
        var unknown = parleys.run(parleys.sendAs("wrong", "data.img", "nobody@" + address));

        assertThat(wrong.exit()).isEqualTo(5);
        assertThat(unknown.exit()).isEqualTo(5);
        assertThat(unknown.await("error")).isEqualTo(wrong.await("error"));
        assertThat(wrong.await("error").path("resumable").asBoolean()).isFalse();
    }

    @Test
    void aServerWithAnotherKeyIsRefused() throws Exception {
        parleys.file("keyed.img", 10, 7);
        assertThat(parleys.run(parleys.send("keyed.img", address)).exit()).isZero();
        var before = fingerprint;
        server.signal("TERM");
        assertThat(server.exit()).isEqualTo(143);
        Files.delete(home.resolve("S/server/identity.key"));
        Files.delete(home.resolve("S/server/identity.crt"));
        serve(address);

        var refused = parleys.run(parleys.send("keyed.img", address, "--on-exists", "replace"));
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.words()).contains(before, fingerprint);

        var accepted = parleys.run(parleys.send("keyed.img", address, "--on-exists", "replace", "--fingerprint", fingerprint));
        assertThat(accepted.exit()).as(accepted.toString()).isZero();
    }

    @Test
    void aPacedTransferIsWrittenDownAsTheProtocolSeesIt() throws Exception {
        var file = parleys.file("paced.img", 100_000, 12);

        var sender = parleys.run(parleys.send("paced.img", address, "--bwlimit", "64KiB/s", "--pcap", parleys.at("paced.pcapng")));

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(arrived("paced.img")).hasSameBinaryContentAs(file);
        var drawn = parleys.run("trace", parleys.at("paced.pcapng"), "--chart", "--json");
        assertThat(drawn.exit()).as(drawn.toString()).isZero();
        assertThat(Files.readString(folder.resolve("paced.pcapng"), java.nio.charset.StandardCharsets.ISO_8859_1)).contains("decrypted");
        assertThat(parleys.run(parleys.send("paced.img", address, "--bwlimit", "63KiB")).exit()).isEqualTo(2);
    }

    @Test
    void whatCannotWorkHasItsExitCode() throws Exception {
        parleys.file("once.img", 10, 8);

        assertThat(parleys.run(parleys.send("missing.img", address)).exit()).isEqualTo(3);
        assertThat(parleys.run("send", "once.img").exit()).isEqualTo(2);
        assertThat(parleys.run("send", "once.img", "alice@" + address, "--chekpoint-every", "4").words()).contains("--checkpoint-every");
        var unreachable = parleys.run(parleys.send("once.img", "127.0.0.1:1", "--max-stall", "1s"));
        assertThat(unreachable.exit()).isEqualTo(4);
        assertThat(unreachable.await("error").path("resumable").asBoolean()).isTrue();
        assertThat(parleys.run("serve", parleys.at("inbox"), "--listen", address, "--state", parleys.at("T")).exit()).isEqualTo(1);
        assertThat(parleys.run(parleys.send("once.img", address)).exit()).isZero();
        assertThat(parleys.run(parleys.send("once.img", address)).exit()).isEqualTo(1);
    }
}
