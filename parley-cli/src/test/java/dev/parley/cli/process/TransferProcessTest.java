package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command line as its users run it: real processes, real files, loopback.
@Timeout(300)
class TransferProcessTest {
    private static final int SIZE = 12_000_000;

    @TempDir
    Path folder;

    private Parleys parleys;
    private Parleys.Running server;
    private String address;
    private String fingerprint;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        parleys = new Parleys(folder);
        parleys.addUser("alice");
        server = parleys.serve("127.0.0.1:0");
        var ready = server.await("ready");
        address = ready.path("address").asText();
        fingerprint = ready.path("fingerprint").asText();
    }

    @AfterEach
    void end() throws InterruptedException {
        parleys.close();
    }

    @Test
    void aFileIsSentAndFetchedAndTheEventsSayIt() throws Exception {
        var file = parleys.file("data.img", 1_000_000, 1);

        var sender = parleys.send("data.img", address, "--fingerprint", fingerprint, "--receipt", "data.receipt");

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
        var done = sender.await("done");
        assertThat(done.path("bytes").asLong()).isEqualTo(1_000_000);
        assertThat(done.path("resent_bytes").asLong()).isZero();
        assertThat(done.path("files").asLong()).isEqualTo(1);
        assertThat(done.path("seconds").asDouble()).isPositive();
        assertThat(sender.await("connected").path("session").asLong()).isPositive();
        assertThat(sender.told("checkpoint")).isNotEmpty();

        var getter = parleys.run("get", "alice@" + address + "/data.img", "out", "--password-file", "pw", "--state", "C", "--json");
        assertThat(getter.exit()).as(getter.toString()).isZero();
        assertThat(folder.resolve("out/data.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void aReceiptProvesTheFileAndNoOther() throws Exception {
        parleys.file("data.img", 300_000, 9);
        assertThat(parleys.send("data.img", address, "--receipt", "data.receipt").exit()).isZero();

        var right = parleys.run("verify", "inbox/data.img", "data.receipt", "--fingerprint", fingerprint);
        assertThat(right.exit()).as(right.toString()).isZero();
        assertThat(parleys.run("verify", "inbox/data.img", "data.receipt", "--fingerprint", "SHA256:other").exit()).isEqualTo(6);
        parleys.file("inbox/data.img", 300_000, 10);
        assertThat(parleys.run("verify", "inbox/data.img", "data.receipt").exit()).isEqualTo(6);
        Files.writeString(folder.resolve("data.receipt"), Files.readString(folder.resolve("data.receipt")).replace("alice", "mallo"));
        assertThat(parleys.run("verify", "data.img", "data.receipt").exit()).isEqualTo(6);
    }

    @Test
    void standardInputIsSentUnderAName() throws Exception {
        var file = parleys.file("data.img", 500_000, 11);

        var sender = parleys.sendInput(file, "alice@" + address, "--name", "stream.img");

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("done").path("bytes").asLong()).isEqualTo(500_000);
        assertThat(parleys.inbox("stream.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void aFolderIsSentWithItsTree() throws Exception {
        for (int i = 0; i < 20; i++) {
            parleys.file("tree/" + i % 3 + "/file " + i, 100 * i, i);
        }

        var sender = parleys.send("tree", address);

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("done").path("files").asLong()).isGreaterThanOrEqualTo(20);
        for (int i = 0; i < 20; i++) {
            assertThat(parleys.inbox("tree/" + i % 3 + "/file " + i)).hasSameBinaryContentAs(folder.resolve("tree/" + i % 3 + "/file " + i));
        }
    }

    @Test
    void aKilledSenderGoesOnWithTheSameCommand() throws Exception {
        var file = parleys.file("data.img", SIZE, 2);
        var first = parleys.send("data.img", address);
        first.awaitOffset(SIZE / 4);
        first.kill();

        var second = parleys.send("data.img", address);

        assertThat(second.exit()).as(second.toString()).isZero();
        assertThat(second.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
        assertThat(second.await("connected").path("session")).isEqualTo(first.await("connected").path("session"));
        assertThat(second.await("done").path("resent_bytes").asLong()).isBetween(0L, Parleys.WINDOW);
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void aSenderOutlivesAKilledReceiver() throws Exception {
        var file = parleys.file("data.img", SIZE, 3);
        var sender = parleys.send("data.img", address);
        sender.awaitOffset(SIZE / 4);
        server.kill();

        parleys.serve(address);

        assertThat(sender.exit()).as(sender.toString()).isZero();
        assertThat(sender.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
        assertThat(sender.await("done").path("resent_bytes").asLong()).isBetween(0L, Parleys.WINDOW);
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
    }

    @Test
    void bothDieTheServerMovesAndResumeGoesOn() throws Exception {
        var file = parleys.file("data.img", SIZE, 4);
        var first = parleys.send("data.img", address);
        first.awaitOffset(SIZE / 4);
        server.kill();
        first.kill();
        var moved = parleys.serve("127.0.0.1:0").await("ready").path("address").asText();
        var session = first.await("connected").path("session").asText();

        var second = parleys.run("resume", session, "--to", moved, "--state", "C");

        assertThat(second.exit()).as(second.toString()).isZero();
        assertThat(second.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
        assertThat(parleys.run("ls", "--state", "C", "--json").told("session")).isEmpty();
    }

    @Test
    void aTerminatedSenderSavesAndSaysHowToGoOn() throws Exception {
        parleys.file("data.img", SIZE, 5);
        var sender = parleys.send("data.img", address);
        sender.awaitOffset(SIZE / 8);

        sender.signal("TERM");

        assertThat(sender.exit()).as(sender.toString()).isEqualTo(143);
        var error = sender.await("error");
        assertThat(error.path("code").asInt()).isEqualTo(143);
        assertThat(error.path("resumable").asBoolean()).isTrue();
        var resume = error.path("resume").asText();
        assertThat(resume).startsWith("parley resume ");
        assertThat(parleys.run("ls", "--state", "C", "--json").told("session")).hasSize(1);
        assertThat(parleys.run(resume.substring("parley ".length()).split(" ")).exit()).isZero();
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(folder.resolve("data.img"));
    }

    @Test
    void aWrongPasswordAndAnUnknownUserEndWithTheSameWords() throws Exception {
        parleys.file("data.img", 10, 6);

        var wrong = parleys.sendAs("wrong", "data.img", "alice@" + address);
        var unknown = parleys.sendAs("wrong", "data.img", "nobody@" + address);

        assertThat(wrong.exit()).isEqualTo(5);
        assertThat(unknown.exit()).isEqualTo(5);
        assertThat(unknown.await("error")).isEqualTo(wrong.await("error"));
        assertThat(wrong.await("error").path("resumable").asBoolean()).isFalse();
    }

    @Test
    void aServerWithAnotherKeyIsRefused() throws Exception {
        parleys.file("data.img", 10, 7);
        assertThat(parleys.send("data.img", address).exit()).isZero();
        server.signal("TERM");
        assertThat(server.exit()).isEqualTo(143);
        Files.delete(folder.resolve("S/server/identity.key"));
        Files.delete(folder.resolve("S/server/identity.crt"));
        var other = parleys.serve(address).await("ready").path("fingerprint").asText();

        var refused = parleys.send("data.img", address, "--on-exists", "replace");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.words()).contains(fingerprint, other);

        var accepted = parleys.send("data.img", address, "--on-exists", "replace", "--fingerprint", other);
        assertThat(accepted.exit()).as(accepted.toString()).isZero();
    }

    @Test
    void whatCannotWorkHasItsExitCode() throws Exception {
        parleys.file("data.img", 10, 8);

        assertThat(parleys.send("missing.img", address).exit()).isEqualTo(3);
        assertThat(parleys.run("send", "data.img").exit()).isEqualTo(2);
        assertThat(parleys.run("send", "data.img", "alice@" + address, "--chekpoint-every", "4").words()).contains("--checkpoint-every");
        var unreachable = parleys.send("data.img", "127.0.0.1:1", "--max-stall", "1s");
        assertThat(unreachable.exit()).isEqualTo(4);
        assertThat(unreachable.await("error").path("resumable").asBoolean()).isTrue();
        assertThat(parleys.run("serve", "inbox", "--listen", address, "--state", "T").exit()).isEqualTo(1);
        var exists = List.of("data.img", "data.img").stream().map(f -> sent(f)).toList();
        assertThat(exists).containsExactly(0, 1);
    }

    private int sent(String file) {
        try {
            return parleys.send(file, address).exit();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
