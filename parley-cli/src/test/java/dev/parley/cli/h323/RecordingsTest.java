package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.term.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The names of recordings.
class RecordingsTest {
    @TempDir
    Path folder;

    private Recordings recordings(String sound, String pictures) {
        return new Recordings(Optional.of(folder.resolve(sound)), Optional.of(folder.resolve(pictures)));
    }

    @ParameterizedTest
    @CsvSource({"heard.wav, 1, heard.wav", "heard.wav, 5, heard-5.wav", "heard, 2, heard-2", "a.b.wav, 3, a.b-3.wav"})
    void aCallHasItsNumber(String file, int call, String name) throws Exception {
        assertThat(recordings(file, "seen.h264").free(call).sound()).contains(folder.resolve(name));
        assertThat(folder.resolve(name)).isEmptyFile();
    }

    @Test
    void bothFilesOfACallHaveTheFirstNumberThatIsFreeForBoth() throws Exception {
        Files.createFile(folder.resolve("heard.wav"));
        Files.createFile(folder.resolve("seen-2.h264"));
        Files.createSymbolicLink(folder.resolve("seen-3.h264"), Path.of("nowhere"));

        assertThat(recordings("heard.wav", "seen.h264").free(1)).isEqualTo(recordings("heard-4.wav", "seen-4.h264"));
        assertThat(recordings("heard.wav", "seen.h264").free(4)).isEqualTo(recordings("heard-5.wav", "seen-5.h264"));
        assertThat(folder.resolve("heard-2.wav")).doesNotExist();
        assertThat(folder.resolve("seen.h264")).doesNotExist();
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aDeviceTakesAllCalls() throws IOException {
        var device = new Recordings(Optional.of(Path.of("/dev/null")), Optional.empty());

        assertThat(device.free(1)).isEqualTo(device);
        assertThat(device.free(7)).isEqualTo(device);
    }

    @Test
    void whatCannotBeMadeIsSaidAndLeavesNothing() {
        var nowhere = folder.resolve("no/seen.h264");

        assertThatThrownBy(() -> recordings("heard.wav", "no/seen.h264").free(1)).isInstanceOfSatisfying(CommandFailed.class,
                e -> assertThat(e.message()).isEqualTo("cannot record to " + nowhere + ": there is no such folder; name another file"));
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> new Recordings(Optional.of(folder), Optional.empty()).openSound()).isInstanceOf(CommandFailed.class)
                .hasMessageContaining("cannot record to " + folder + ": Is a directory");
    }
}
