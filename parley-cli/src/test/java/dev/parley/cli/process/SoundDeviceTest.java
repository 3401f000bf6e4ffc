package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.media.G711;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/// Microphone and speaker, through the system's sound library (ALSA), whose devices here are files: what the one reads and the other writes.
@Timeout(180)
class SoundDeviceTest extends WithParleys {
    private static final int HALF_A_SECOND = G711.RATE / 2;

    /// @param more where the device reads from and writes to
    private String device(String name, String more) throws IOException {
        return Files.writeString(folder.resolve(name), "pcm.!default { type file slave.pcm { type null } format raw " + more + " }\n").toString();
    }

    private static void needsAlsa() throws IOException {
        try (var libraries = Files.find(Path.of("/usr/lib"), 3, (path, _) -> String.valueOf(path.getFileName()).startsWith("libasound.so"))) {
            if (libraries.findAny().isPresent()) {
                return;
            }
        }
        if (System.getenv("CI") != null) {
            throw new AssertionError("the sound library is missing in CI");
        }
        throw new TestAbortedException("the sound library is missing: apt-get install libasound2");
    }

    @Test
    void whatTheMicrophoneHearsComesOutOfTheSpeaker() throws Exception {
        needsAlsa();
        var spoken = SoundFile.write(folder.resolve("spoken.wav"), 1_000, 323);
        var wav = Files.readAllBytes(folder.resolve("spoken.wav"));
        Files.write(folder.resolve("spoken.raw"), Arrays.copyOfRange(wav, wav.length - 2 * spoken.length, wav.length));
        var microphone = device("microphone", "infile \"" + parleys.at("spoken.raw") + "\" file \"/dev/null\"");
        var speaker = device("speaker", "file \"" + parleys.at("heard") + "\"");

        var bob = parleys.processWith("ALSA_CONFIG_PATH", speaker, "answer", "--auto", "--listen", "127.0.0.1:0", "--codec", "alaw", "--calls", "1",
                "--record", "speaker", "--json");
        var call = parleys.processWith("ALSA_CONFIG_PATH", microphone, "call", "127.0.0.1:" + bob.await("ready").path("port").asInt(), "--codec",
                "alaw", "--play", "mic", "--duration", "4s", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        var octets = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("heard"))).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        var heard = new short[octets.remaining()];
        octets.get(heard);
        assertThat(longestRun(spoken, heard)).as("of %d samples", heard.length).isGreaterThan(HALF_A_SECOND);
    }

    /// How many samples at a stretch were heard as they were spoken.
    private static int longestRun(short[] spoken, short[] heard) {
        return IntStream.iterate(0, at -> at + SoundFile.PACKET <= heard.length, at -> at + SoundFile.PACKET).map(at -> {
            int best = 0;
            for (int from = 0; from < spoken.length; from++) {
                int run = 0;
                while (at + run < heard.length && from + run < spoken.length && heard[at + run] == spoken[from + run]) {
                    run++;
                }
                best = Math.max(best, run);
            }
            return best;
        }).max().orElse(0);
    }
}
