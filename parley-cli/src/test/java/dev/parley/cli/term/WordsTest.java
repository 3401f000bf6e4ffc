package dev.parley.cli.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What people write: sizes, times, and options in other places than the command line.
class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0", "7, 7", "7b, 7", "64KiB, 65536", "64k, 65536", "1.5GiB, 1610612736", "50MiB/s, 52428800", "3TiB, 3298534883328", "2MB, 2000000"
    })
    void aSizeHasUnits(String text, long octets) {
        assertThat(Size.of(text).octets()).isEqualTo(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "KiB", "1.5.5", "7x", "1e9", "9999999TiB"})
    void whatIsNoSizeIsRefusedWithWords(String text) {
        assertThatThrownBy(() -> Size.of(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "30, 30000", "10m, 600000", "2h, 7200000", "7d, 604800000"})
    void aTimeHasUnits(String text, long millis) {
        assertThat(Span.of(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void sizesAndTimesAreShort() {
        assertThat(Size.text(999)).isEqualTo("999 B");
        assertThat(Size.text(1536)).isEqualTo("1.50 KiB");
        assertThat(Size.text(5e9)).isEqualTo("4.66 GiB");
        assertThat(Span.text(Duration.ofMillis(1234))).isEqualTo("1.2 s");
        assertThat(Span.text(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
    }

    @Command(name = "send")
    private static final class Sending {
        @Option(names = "--max-stall")
        private String stall = "";
    }

    @Test
    void flagsComeBeforeTheEnvironmentBeforeTheFile(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("parley.conf"), "max-stall = 3s\n");

        assertThat(stall(Map.of("PARLEY_CONFIG", file.toString()))).isEqualTo("3s");
        assertThat(stall(Map.of("PARLEY_CONFIG", file.toString(), "PARLEY_MAX_STALL", "2s"))).isEqualTo("2s");
        assertThat(stall(Map.of("PARLEY_CONFIG", file.toString(), "PARLEY_MAX_STALL", "2s"), "--max-stall", "1s")).isEqualTo("1s");
        Files.writeString(file, "max-stall = 3s\nsend.max-stall = 4s\n");
        assertThat(stall(Map.of("PARLEY_CONFIG", file.toString()))).isEqualTo("4s");
        assertThat(stall(Map.of("XDG_CONFIG_HOME", folder.toString()))).isEmpty();
    }

    @Test
    void aLineOfTheFileThatMeansNothingIsSaidWithItsNumber(@TempDir Path folder) throws Exception {
        var file = folder.resolve("parley.conf");
        var environment = Map.of("PARLEY_CONFIG", file.toString());
        Files.writeString(file, "# all of it\n\nmax-stall = 3s\nmax-stal = 4s\n");
        assertThatThrownBy(() -> stall(environment)).isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining(file + ", line 4: expected an option").hasMessageContaining("there is no max-stal");
        Files.writeString(file, "get.max-stall = 4s");
        assertThatThrownBy(() -> stall(environment)).hasMessageContaining("there is no get.max-stall");
        Files.writeString(file, "max-stall = 3s\nwhatever this is\n");
        assertThatThrownBy(() -> stall(environment)).hasMessageContaining(file + ", line 2: expected OPTION = VALUE, not 'whatever this is'");
        Files.write(file, new byte[] {'a', (byte) 0xFF});
        assertThatThrownBy(() -> stall(environment)).hasMessageContaining("is not UTF-8");
        Files.writeString(file, "#".repeat(1 << 20));
        assertThat(stall(environment)).isEmpty();
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> stall(environment)).hasMessageContaining("larger than 1 MiB");
        Files.delete(file);
        assertThatThrownBy(() -> stall(environment)).hasMessageContaining("there is no " + file);
    }

    private static String stall(Map<String, String> environment, String... args) {
        var command = new Sending();
        new CommandLine(command).setDefaultValueProvider(new Defaults(environment, Set.of("max-stall", "send.max-stall")::contains)).parseArgs(args);
        return command.stall;
    }

    @Test
    void whatComesFromOutsideDoesNotDriveTheTerminal() {
        var shown = Map.of("a name", "a name", "d\u00e9\u65e5", "d\u00e9\u65e5", "x\u001b]0;title\u0007y", "x\\x1b]0;title\\x07y", "a\rb", "a\\x0db",
                "\u009b2J", "\\x9b2J", "\u202egpj.exe", "\\u202egpj.exe");
        shown.forEach((words, safe) -> {
            assertThat(Printable.text(words)).isEqualTo(safe);
            assertThat(Printable.line(words)).isEqualTo(safe);
        });
    }

    @Test
    void ourOwnColoursAndLinesPass() {
        assertThat(Printable.text("\u001b[31mred\u001b[0m\n\tnext")).isEqualTo("\u001b[31mred\u001b[0m\n\tnext");
        assertThat(Printable.text("\u001b[2J")).isEqualTo("\\x1b[2J");
        assertThat(Printable.line("a\n\tb\u001b[31m")).isEqualTo("a\\x0a\\x09b\\x1b[31m");
    }
}
