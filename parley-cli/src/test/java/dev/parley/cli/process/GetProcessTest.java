package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where `parley get` puts what it fetches: under another name, into a folder, on standard output.
@Timeout(300)
class GetProcessTest {
    private static final int SIZE = 1_000_000;

    @TempDir
    static Path home;

    private static Parleys host;
    private static String address;
    private static Path served;

    @TempDir
    Path folder;

    private Parleys parleys;

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        host = new Parleys(home);
        host.addUser("alice");
        served = host.file("inbox/data.img", SIZE, 1);
        host.file("inbox/tree/a/small", 100, 2);
        host.file("inbox/tree/large", SIZE, 3);
        address = host.serve("127.0.0.1:0").await("ready").path("address").asText();
    }

    @AfterAll
    static void end() {
        host.close();
    }

    @BeforeEach
    void client() throws IOException {
        parleys = new Parleys(folder);
    }

    private String remote(String at, String path) {
        return "alice@" + at + "/" + path;
    }

    @Test
    void aKilledGetUnderAnotherNameGoesOnAndTheNameAppearsAtTheEnd() throws Exception {
        var target = folder.resolve("monday.img");
        try (var gate = Gate.back(address, SIZE / 2)) {
            var first = parleys.process(parleys.get(remote(gate.address(), "data.img"), target.toString(), "--json"));
            first.awaitOffset(SIZE / 4);
            first.kill();
            assertThat(target).doesNotExist();

            var second = parleys.run(parleys.get(remote(address, "data.img"), target.toString(), "--json"));

            assertThat(second.exit()).as(second.toString()).isZero();
            assertThat(second.await("resumed").path("offset").asLong()).isGreaterThanOrEqualTo(SIZE / 4);
            assertThat(target).hasSameBinaryContentAs(served);
            assertThat(folder.resolve(".parley")).isEmptyDirectory();
        }
    }

    @Test
    void whatStandsUnderTheNameIsTreatedAsToldBeforeAnythingIsFetched() throws Exception {
        var target = parleys.file("mine.img", 10, 4);
        var old = Files.readAllBytes(target);

        var refused = parleys.run(parleys.get(remote(address, "data.img"), target.toString(), "--json"));
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.told("connected")).isEmpty();
        assertThat(parleys.run(parleys.get(remote(address, "data.img"), target.toString(), "--on-exists", "rename")).exit()).isZero();
        assertThat(target).hasBinaryContent(old);
        assertThat(folder.resolve("mine.img.1")).hasSameBinaryContentAs(served);
        assertThat(parleys.run(parleys.get(remote(address, "data.img"), target.toString(), "--on-exists", "replace")).exit()).isZero();
        assertThat(target).hasSameBinaryContentAs(served);
    }

    @Test
    void aFolderGetsTheNewNameAndATreeThatIsHalfThereDoesNot() throws Exception {
        var target = folder.resolve("copy");
        try (var gate = Gate.back(address, SIZE / 2)) {
            var first = parleys.process(parleys.get(remote(gate.address(), "tree"), target.toString(), "--json"));
            first.awaitOffset(SIZE / 4);
            first.kill();
            assertThat(target).doesNotExist();
        }

        assertThat(parleys.run(parleys.get(remote(address, "tree"), target.toString())).exit()).isZero();

        assertThat(target.resolve("large")).hasSameBinaryContentAs(home.resolve("inbox/tree/large"));
        assertThat(target.resolve("a/small")).hasSameBinaryContentAs(home.resolve("inbox/tree/a/small"));
        assertThat(parleys.run(parleys.get(remote(address, "tree"), target.toString())).exit()).isZero();
        assertThat(target.resolve("tree/large")).as("into a folder that is there").exists();
    }

    @Test
    void standardOutputGetsEachOctetOnceAlsoWhenTheLineIsCut() throws Exception {
        var output = folder.resolve("out");
        try (var gate = Gate.back(address, SIZE / 2)) {
            var getter = parleys.process(
                    Path.of("/dev/null"), ProcessBuilder.Redirect.to(output.toFile()), parleys.get(remote(gate.address(), "data.img"), "-"));
            gate.awaitHeld();
            gate.cutAndOpen();

            assertThat(getter.exit()).as(getter.toString()).isZero();
            assertThat(getter.words()).contains("trying again", "goes on at");
            assertThat(output).hasSameBinaryContentAs(served);
        }
        assertThat(parleys.run("ls", "--state", parleys.at("C"), "--json").told("session")).isEmpty();
    }

    @Test
    void whatIsNotThereIsAMissingSource() throws Exception {
        var missing = parleys.run(parleys.get(remote(address, "nobody.img"), folder.resolve("out").toString(), "--json"));

        assertThat(missing.exit()).as(missing.toString()).isEqualTo(3);
        assertThat(missing.await("error").path("message").asText()).contains("there is no nobody.img here");
    }

    @Test
    void standardOutputTakesOneFileAndNoEvents() throws Exception {
        assertThat(parleys.run(parleys.get(remote(address, "data.img"), "-", "--json")).exit()).isEqualTo(2);

        var output = folder.resolve("out");
        var small = parleys.process(
                Path.of("/dev/null"), ProcessBuilder.Redirect.to(output.toFile()), parleys.get(remote(address, "tree/a/small"), "-"));
        assertThat(small.exit()).as(small.toString()).isZero();
        assertThat(output).hasSameBinaryContentAs(home.resolve("inbox/tree/a/small"));
        var tree = parleys.process(
                Path.of("/dev/null"), ProcessBuilder.Redirect.to(output.toFile()), parleys.get(remote(address, "tree"), "-"));
        assertThat(tree.exit()).as(tree.toString()).isEqualTo(1);
        assertThat(tree.words()).contains("only one file can go to an output stream").doesNotContain("to go on");
    }
}
