package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The files of a call: what cannot be written any more is said, and the call goes on.
@Timeout(300)
class CallFilesTest extends WithParleys {
    @Test
    void aRecordingAndACaptureThatFindNoRoomAreSaid() throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--play", "tone", "--calls", "1", "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();

        var call = parleys.limited("--fsize=65536", "call", there, "--play", "tone", "--duration", "7s", "--record", parleys.at("heard.wav"),
                "--pcap", parleys.at("seen.pcapng"), "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(call.words()).contains("sound or pictures stop here: cannot record to " + parleys.at("heard.wav")
                + ": File too large; make room there, or name another file; the call goes on", "the capture ended early: File too large");
        assertThat(call.told("media-failed")).hasSize(1);
        assertThat(call.await("ended").path("cause").asInt()).isEqualTo(16);
    }

    /// There is room for 20 octets more.
    @Test
    void aRecordOfAGatekeeperThatFindsNoRoomIsSaidAndLeavesNoHalf() throws Exception {
        var records = Files.write(folder.resolve("calls"), new byte[65_536 - 20]);
        var gatekeeper = parleys.limited("--fsize=65536", "gatekeeper", "--listen", "127.0.0.1:0", "--no-multicast", "--calls", records.toString(),
                "--json");
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--gatekeeper", there, "--calls", "1", "--json");
        bob.await("registered");

        var call = parleys.run("call", "bob", "--gatekeeper", there, "--play", "tone", "--duration", "100ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        gatekeeper.awaitWords("the record of a call could not be written to " + records + ": File too large; make room there");
        assertThat(gatekeeper.words()).contains("\"type\":\"call-ended\"");
        assertThat(records).hasSize(65_536 - 20);
    }

    /// Nobody reads it: whoever opened it would wait.
    @Test
    void soundIsNotRecordedToAPipeAndThatIsSaidAtTheStart() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", parleys.at("pipe")).inheritIO().start().waitFor()).isZero();
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("pipe"));

        for (var file : List.of(parleys.at("pipe"), parleys.at("link"))) {
            for (var side : List.of(List.of("call", "127.0.0.1:1"), List.of("answer", "--listen", "127.0.0.1:0"))) {
                var line = new ArrayList<>(side);
                line.addAll(List.of("--record", file, "--json"));
                var run = parleys.run(line.toArray(String[]::new));
                assertThat(run.exit()).as(run.toString()).isEqualTo(2);
                assertThat(run.await("error").path("message").asText()).startsWith("cannot record to " + file + ": it is a pipe; ");
                assertThat(run.told("ready")).isEmpty();
            }
        }
    }

    @Test
    void whatIsPlayedIsNotRecordedOver() throws Exception {
        var sound = Files.write(folder.resolve("sound.wav"), new byte[] {1, 2, 3});

        for (var side : new String[][] {{"call", "127.0.0.1:1"}, {"answer", "--listen", "127.0.0.1:0"}}) {
            var line = new ArrayList<>(List.of(side));
            line.addAll(List.of("--play", sound.toString(), "--record", folder + "/./sound.wav", "--json"));
            var run = parleys.run(line.toArray(String[]::new));
            assertThat(run.exit()).as(run.toString()).isEqualTo(2);
            assertThat(run.await("error").path("message").asText()).startsWith("--play and --record are the same file");
        }
        assertThat(Files.readAllBytes(sound)).containsExactly(1, 2, 3);
    }
}
