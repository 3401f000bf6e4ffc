package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;

/// What a bash offers with the script of `parley completion`.
class CompletionTest {
    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void write() throws IOException {
        script = Files.writeString(folder.resolve("completion"), AutoComplete.bash("parley", Parley.commandLine()));
    }

    @Test
    void eachOptionOffersItsOwnValues() throws Exception {
        var options = new TreeMap<String, List<String>>();
        collect(Parley.commandLine(), "", options);
        assertThat(options).containsKeys("parley send --on-exists ", "parley get --links ");
        var asked = folder.resolve("ask");
        var questions = new StringWriter();
        try (var lines = new PrintWriter(questions)) {
            // Says how readline treats the words, and works only below it.
            lines.println("compopt() { :; }");
            lines.println("source " + script);
            options.keySet().forEach(line -> {
                int words = line.split(" ").length;
                lines.println("COMP_WORDS=(" + line + "''); COMP_CWORD=" + words + "; COMPREPLY=(); _complete_parley; echo \"${COMPREPLY[*]}\"");
            });
        }
        Files.writeString(asked, questions.toString());

        var offered = bash(asked).split("\n", -1);

        int at = 0;
        for (var option : options.entrySet()) {
            assertThat(Arrays.asList(offered[at].split(" "))).as(option.getKey()).containsExactlyInAnyOrderElementsOf(option.getValue());
            at++;
        }
    }

    /// The command lines that end before the value of an option, and what that may be, where it is one of a few words.
    private static void collect(CommandLine command, String before, Map<String, List<String>> options) {
        var line = before + command.getCommandName() + " ";
        for (var option : command.getCommandSpec().options()) {
            if (option.completionCandidates() != null) {
                var values = StreamSupport.stream(option.completionCandidates().spliterator(), false).toList();
                if (!values.isEmpty() && option.arity().max() > 0) {
                    options.put(line + option.longestName() + " ", values);
                }
            }
        }
        command.getSubcommands().values().forEach(c -> collect(c, line, options));
    }

    private static String bash(Path commands) throws IOException, InterruptedException {
        var process = new ProcessBuilder("bash", "--norc", commands.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
