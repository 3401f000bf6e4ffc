package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.connection.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ParleyTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theVersionIsTheOneThatWasBuilt() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("(?s)parley \\d+\\.\\d+\\.\\d+.*Java \\d+.*");
    }

    @Test
    void theHelpNamesEveryCommandInItsGroup() {
        assertThat(run("--help")).isZero();
        for (var group : Parley.GROUPS) {
            assertThat(out.toString()).contains(group.heading() + ":");
            for (var command : group.commands()) {
                assertThat(out.toString()).contains("\n  " + command.getAnnotation(Command.class).name() + " ");
            }
        }
    }

    @Test
    void withoutACommandTheHelpIsShownAsAnError() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: parley COMMAND");
    }

    @Test
    void anUnknownOptionEndsWithTwoAndASuggestion() {
        assertThat(run("completion", "--jsn")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '--jsn'").contains("--json");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whoReadsEventsIsToldOfAWrongCommandLineToo() throws Exception {
        for (var wrong : new String[] {"send --json", "send --json --on-exists what a b", "get --json --nothing x", "serve --json --keep soon"}) {
            out.getBuffer().setLength(0);
            assertThat(run(wrong.split(" "))).as(wrong).isEqualTo(2);
            var event = Json.parse(out.toString());
            assertThat(event.path("type").asText()).isEqualTo("error");
            assertThat(event.path("code").asInt()).isEqualTo(2);
            assertThat(event.path("message").asText()).isNotEmpty();
            assertThat(event.path("resumable").asBoolean(true)).isFalse();
            assertThat(event.path("resume").isNull()).isTrue();
        }
        out.getBuffer().setLength(0);
        assertThat(run("send", "--on-exists", "what", "--", "--json", "b")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatNetbiosCannotUseIsAUsageErrorAndNoAccident() {
        for (var wrong : new String[] {
            "status 999.1.1.1", "ls //999.1.1.1/share", "call X --at nowhere", "lookup X --network x/24", "lookup X --network no",
            "lookup X --network 10.0.0.300/24", "lookup X --name-port 65536", "lookup X --name-server x", "call X --at 127.0.0.1 --session-port 0",
            "call X --at 127.0.0.1 --wait 0", "ls //X/share --wait 3601", "serve --datagram-port 0", "scan 10.0.0.0/8"}) {
            assertThat(run(("netbios " + wrong).split(" "))).as(wrong).isEqualTo(2);
        }
    }

    @Test
    void everyCommandHasHelpWithExamplesAndTheCommonOptions() {
        Parley.commandLine().getSubcommands().values().forEach(ParleyTest::hasHelp);
    }

    @Test
    void noLineOfAHelpIsLongerThan100CharactersAndNoneUnderItIsBroken() {
        isUnbroken(Parley.commandLine());
    }

    /// Options are broken where they must be; what stands under them is as it was written.
    private static void isUnbroken(CommandLine command) {
        var name = command.getCommandSpec().qualifiedName();
        var lines = command.getUsageMessage().lines().toList();
        assertThat(lines).as(name).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(lines).as(name).containsAll(List.of(command.getCommandSpec().usageMessage().footer()));
        command.getSubcommands().values().forEach(ParleyTest::isUnbroken);
    }

    @Test
    void onlyTheCommandThatIsAskedForIsReadUnlessItRunsOthers() {
        assertThat(Parley.commandLine("send", "--help").getSubcommands()).containsOnlyKeys("send");
        int all = Parley.commandLine().getSubcommands().size();
        for (var wide : new String[] {"resume", "completion", "sned", "--help"}) {
            assertThat(Parley.commandLine(wide).getSubcommands()).as(wide).hasSize(all);
        }
    }

    @Test
    void theGuideNamesEveryCommand() throws IOException {
        var guide = Files.readString(Path.of("..", "docs", "cli.md"));

        Parley.commandLine().getSubcommands().keySet().forEach(name -> assertThat(guide).containsPattern("[`|]" + name + "[` ]"));
    }

    /// Who only looks leaves no trace, not even of a folder that was mistyped.
    @ParameterizedTest
    @ValueSource(strings = {"ls", "show 7", "cancel 7", "purge", "user ls", "user rm alice", "user passwd alice --password-file none",
        "tokens yield"})
    void aCommandThatReadsStateMakesNone(String command, @TempDir Path folder) {
        var state = folder.resolve("mistyped");

        run((command + " --state " + state).split(" "));

        assertThat(state).as(err.toString()).doesNotExist();
    }

    @Test
    void theSynopsisOfSendSaysItsParametersOnce() {
        assertThat(run("send", "--help")).isZero();

        assertThat(out.toString().split("SRC\\.\\.\\. \\[USER@]HOST\\[:PORT]\\[/PATH]", -1))
                .as("in the synopsis, and where it is explained").hasSize(3);
    }

    private static void hasHelp(CommandLine command) {
        var help = command.getUsageMessage();
        assertThat(help).as(command.getCommandName()).contains("--help");
        if (command.getSubcommands().isEmpty()) {
            assertThat(help).as(command.getCommandSpec().qualifiedName()).contains("--json", "--quiet", "--plain-text", "Example");
        }
        command.getSubcommands().values().forEach(ParleyTest::hasHelp);
    }

    private int run(String... args) {
        return Parley.commandLine(args).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    }
}
