package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is played and recorded, when it is not there.
@Timeout(120)
class CallMediaTest extends WithParleys {
    private static final List<String> ANSWER = List.of("answer", "--auto", "--listen", "127.0.0.1:0", "--json");
    /// Nobody listens at this port.
    private static final List<String> CALL = List.of("call", "127.0.0.1:1", "--json");

    private Running run(List<String> command, String... more) throws InterruptedException {
        var all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return parleys.run(all.toArray(String[]::new));
    }

    private void isRefusedAtTheStart(String words, String... options) throws InterruptedException {
        for (var command : List.of(ANSWER, CALL)) {
            var refused = run(command, options);
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(3);
            assertThat(refused.words()).contains(words);
            assertThat(refused.told("ready")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--play", "--video-in"})
    void aFileThatIsNotThereIsMissedAtTheStart(String option) throws Exception {
        isRefusedAtTheStart("there is no readable", option, parleys.at("nope.wav"));
        isRefusedAtTheStart("there is no readable", option, folder.toString());
    }

    @Test
    void whatIsNoSoundIsRefusedAtTheStart() throws Exception {
        var text = Files.writeString(folder.resolve("text.wav"), "RIFF this is not");
        isRefusedAtTheStart("is no WAV file", "--play", text.toString());
    }

    @Test
    void aFilmThatNobodyCanDecodeIsRefusedAtTheStart() throws Exception {
        var film = Files.write(folder.resolve("film.h264"), new byte[] {0, 0, 0, 1, 0x65, (byte) 0x88});
        isRefusedAtTheStart("has no sequence parameter set", "--video-in", film.toString());
    }

    /// What writes pictures down takes any profile.
    @Test
    void aFilmInHighProfileArrives() throws Exception {
        var film = Film.of(20);
        for (int i = 0; i + 6 < film.length; i++) {
            if (film[i] == 1 && film[i + 1] == 0x67 && film[i + 2] == 0x42) {
                film[i + 2] = 100;
                film[i + 4] = 40;
            }
        }
        var from = Files.write(folder.resolve("high.h264"), film);
        var seen = folder.resolve("seen.h264");
        var eve = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--calls", "1", "--video-out", seen.toString(), "--json");

        var call = parleys.run("call", "127.0.0.1:" + eve.await("ready").path("port").asInt(), "--video-in", from.toString(), "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(eve.exit()).as(eve.toString()).isZero();
        assertThat(seen).hasBinaryContent(film);
    }

    @Test
    void withoutAMicrophoneThereIsAWayOut() throws Exception {
        assumeTrue(!there(true), "this machine has a microphone");
        isRefusedAtTheStart("connect one, or play a file: --play FILE.wav", "--play", "mic");
    }

    @Test
    void withoutASpeakerThereIsAWayOut() throws Exception {
        assumeTrue(!there(false), "this machine has a speaker");
        isRefusedAtTheStart("connect one, or record to a file: --record FILE.wav", "--record", "speaker");
    }

    private static boolean there(boolean microphone) {
        var format = new AudioFormat(8000, 16, 1, true, false);
        try {
            var line = microphone ? AudioSystem.getTargetDataLine(format) : AudioSystem.getSourceDataLine(format);
            line.open();
            line.close();
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private Running call(Running answerer) throws InterruptedException {
        return parleys.run("call", "127.0.0.1:" + answerer.await("ready").path("port").asInt(), "--play", "tone", "--duration", "100ms", "--json");
    }

    /// Two runs, the second one beside a recording and a film that are there.
    @Test
    void whatIsThereIsNeverRecordedOverByWhoAnswers() throws Exception {
        var heard = Files.writeString(folder.resolve("heard.wav"), "the message of yesterday");
        var seen = Files.writeString(folder.resolve("seen-3.h264"), "and a film");

        for (int run = 1; run <= 2; run++) {
            var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--calls", "1", "--record", heard.toString(), "--video-out",
                    parleys.at("seen.h264"), "--json");
            assertThat(call(bob).exit()).isZero();
            assertThat(bob.exit()).as(bob.toString()).isZero();
        }

        assertThat(heard).hasContent("the message of yesterday");
        assertThat(seen).hasContent("and a film");
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(name -> name.matches("(heard|seen).*"))).containsExactlyInAnyOrder(
                    "heard.wav", "heard-2.wav", "seen-2.h264", "seen-3.h264", "heard-4.wav", "seen-4.h264");
        }
        assertThat(folder.resolve("heard-2.wav")).isNotEmptyFile();
        assertThat(folder.resolve("heard-4.wav")).isNotEmptyFile();
    }

    @Test
    void whoCallsReplacesWhatIsThere() throws Exception {
        var heard = Files.writeString(folder.resolve("heard.wav"), "the message of yesterday");
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--calls", "1", "--play", "tone", "--json");

        var call = parleys.run("call", "127.0.0.1:" + bob.await("ready").path("port").asInt(), "--record", heard.toString(), "--duration", "100ms",
                "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(Files.readAllBytes(heard)).startsWith('R', 'I', 'F', 'F');
    }

    /// The device takes nothing.
    @Test
    void whereThereIsNoRoomIsSaidWithTheFile() throws Exception {
        var words = "cannot record to /dev/full: No space left on device; make room there, or name another file";
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--calls", "1", "--record", "/dev/full", "--json");

        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();
        var full = parleys.run("call", there, "--play", "tone", "--record", "/dev/full", "--json");
        assertThat(full.exit()).as(full.toString()).isEqualTo(1);
        assertThat(full.await("error").path("message").asText()).isEqualTo(words);

        assertThat(call(bob).exit()).isEqualTo(5);
        assertThat(bob.exit()).as(bob.toString()).isEqualTo(5);
        assertThat(bob.words()).contains("a call was refused: " + words);
    }

    /// The first call cannot be recorded, the second one cannot be played to; the server is there for the third.
    @Test
    void whatGoesWrongWithACallIsTheEndOfThatCallOnly() throws Exception {
        var sound = folder.resolve("said.wav");
        SoundFile.write(sound, 100, 1);
        var records = folder.resolve("records");
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--calls", "3", "--play", sound.toString(), "--record",
                records.resolve("heard.wav").toString(), "--json");

        var unrecorded = call(bob);
        Files.createDirectory(records);
        Files.delete(sound);
        var unplayed = call(bob);
        SoundFile.write(sound, 100, 1);
        var good = call(bob);

        assertThat(unrecorded.exit()).as(unrecorded.toString()).isEqualTo(5);
        assertThat(unplayed.exit()).as(unplayed.toString()).isEqualTo(5);
        assertThat(good.exit()).as(good.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(bob.words()).contains("a call was refused: cannot record to " + records.resolve("heard.wav") + ": there is no such folder")
                .contains("a call was refused: there is no readable");
        assertThat(records.resolve("heard-3.wav")).exists();
    }
}
