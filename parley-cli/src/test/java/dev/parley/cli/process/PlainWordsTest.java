package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What users read is about what they did, not about how Java says it.
@Timeout(300)
class PlainWordsTest extends WithParleys {
    @Test
    void twoSourcesOfOneNameAreAWrongCommandLine() throws Exception {
        parleys.file("one/data.img", 10, 1);
        parleys.file("two/data.img", 10, 2);

        var sender = parleys.run("send", parleys.at("one/data.img"), parleys.at("two/data.img"), "alice@127.0.0.1:9", "--state", parleys.at("C"));

        assertThat(sender.exit()).as(sender.toString()).isEqualTo(2);
        assertThat(sender.words()).contains("two of the sources are called data.img");
    }

    /// A pipe whose reader is gone, or a disk behind standard output that is full.
    @Test
    void whatWasWrittenToStandardOutputIsNotSaidToBeKept() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "a file that takes nothing");
        parleys.addUser("alice");
        parleys.file("inbox/data.img", 300_000, 3);
        var ready = parleys.serve("127.0.0.1:0").await("ready");

        var getter = parleys.process(Path.of("/dev/null"), ProcessBuilder.Redirect.to(new File("/dev/full")),
                parleys.get("alice@" + ready.path("address").asText() + "/data.img", "-", "--fingerprint", ready.path("fingerprint").asText()));

        assertThat(getter.exit()).as(getter.toString()).isEqualTo(8);
        assertThat(getter.words()).contains("nothing is kept here: the same command begins again").doesNotContain("is kept;", "what was confirmed");
    }

    @Test
    void aTransferWhoseEventsAreLostIsDoneAndSaysThatTheyAre() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "a file that takes nothing");
        parleys.addUser("alice");
        var file = parleys.file("data.img", 300_000, 4);
        var ready = parleys.serve("127.0.0.1:0").await("ready");
        var full = ProcessBuilder.Redirect.to(new File("/dev/full"));

        var sender = parleys.process(Path.of("/dev/null"), full,
                parleys.send("data.img", ready.path("address").asText(), "--fingerprint", ready.path("fingerprint").asText()));

        assertThat(sender.exit()).as(sender.toString()).isEqualTo(1);
        assertThat(sender.words()).contains("done: 1 file", "not all of it could be said on standard output: No space left on device");
        assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
        var lister = parleys.process(Path.of("/dev/null"), full, "ls", "--state", parleys.at("S"));
        assertThat(lister.exit()).as(lister.toString()).isEqualTo(1);
    }

    @Test
    void theConfigurationMayNameTheOptionsOfAllCommandsAndNoOthers() throws Exception {
        var file = Files.writeString(folder.resolve("conf"), "max-stall = 30s\nlogin-failures = 7\nrequest.priority = 3\n");
        assertThat(parleys.processWith("PARLEY_CONFIG", file.toString(), "ls", "--state", parleys.at("C")).exit()).isZero();

        Files.writeString(file, "serve.max-stall = 30s\n");
        var lister = parleys.processWith("PARLEY_CONFIG", file.toString(), "ls", "--json", "--state", parleys.at("C"));

        assertThat(lister.exit()).as(lister.toString()).isEqualTo(2);
        assertThat(lister.words()).contains(file + ", line 1", "there is no serve.max-stall");
        assertThat(lister.await("error").path("code").asInt()).isEqualTo(2);
    }

    @Test
    void aHostThatNobodyKnowsIsSaidAsOne() throws Exception {
        // No resolver takes a label of 64 characters, so none is asked.
        var host = "a".repeat(64) + ".invalid";
        parleys.file("data.img", 10, 1);

        for (var told : List.of(
                parleys.run("ls", "--at", "alice@" + host, "--password-file", parleys.at("pw"), "--state", parleys.at("C")),
                parleys.run(parleys.send("data.img", host, "--max-stall", "1s")))) {
            assertThat(told.exit()).as(told.toString()).isEqualTo(4);
            assertThat(told.words()).contains("no address is known for " + host).doesNotContain("<unresolved>");
        }
    }
}
