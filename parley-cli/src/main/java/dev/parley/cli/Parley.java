package dev.parley.cli;

import dev.parley.cli.demo.DemoCommand;
import dev.parley.cli.h323.AnswerCommand;
import dev.parley.cli.h323.CallCommand;
import dev.parley.cli.h323.GatekeeperCommand;
import dev.parley.cli.netbios.NetbiosCommand;
import dev.parley.cli.osi.OsiCommand;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.Defaults;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.cli.trace.TraceCommand;
import dev.parley.cli.transfer.GetCommand;
import dev.parley.cli.transfer.ResumeCommand;
import dev.parley.cli.transfer.SendCommand;
import dev.parley.cli.transfer.ServeCommand;
import dev.parley.cli.transfer.SessionCommands;
import dev.parley.cli.transfer.TokensCommand;
import dev.parley.cli.transfer.UserCommand;
import dev.parley.cli.transfer.VerifyCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `parley`: lists the commands, runs one, and turns its end into an exit code. A new command is one line in [#GROUPS].
@Command(
        name = "parley",
        mixinStandardHelpOptions = true,
        versionProvider = Parley.Version.class,
        customSynopsis = "parley COMMAND [OPTION...]",
        description = "Send something big, cut the cable or kill either end, and it goes on from the last checkpoint.")
public final class Parley implements Callable<Integer> {
    /// Commands that belong together in the help.
    record Group(String heading, List<Class<?>> commands) {}

    static final List<Group> GROUPS = List.of(
            new Group("See it work", List.of(DemoCommand.class)),
            new Group("Transfers", List.of(SendCommand.class, GetCommand.class)),
            new Group("Sessions", List.of(
                    ResumeCommand.class, VerifyCommand.class, SessionCommands.Ls.class, SessionCommands.Show.class, SessionCommands.Cancel.class,
                    SessionCommands.Purge.class)),
            new Group("Servers", List.of(ServeCommand.class, UserCommand.class, TokensCommand.class)),
            new Group("Protocols", List.of(
                    OsiCommand.class, TraceCommand.class, NetbiosCommand.class, CallCommand.class, AnswerCommand.class,
                    GatekeeperCommand.class)),
            new Group("About Parley", List.of(CompletionCommand.class)));

    /// They run others, or speak of them.
    private static final Set<Class<?>> OF_ALL = Set.of(ResumeCommand.class, CompletionCommand.class);

    private static final String EXAMPLES = """

            Examples:
              parley demo                                       see it work, on this machine
              parley user add alice                             on the server: who may come
              parley serve inbox                                on the server: receive into the folder inbox
              parley send dump.img alice@server                 on the client; the same command again goes on
              parley get alice@server/dump.img                  fetch it

            `parley COMMAND --help` says more about each command.
            """;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE.number();
    }

    public static void main(String... args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine(args).execute(args);
    }

    /// Runs a command inside another program, with streams in place of the process's own.
    public static int run(OutputStream out, OutputStream err, String... args) {
        var line = commandLine(args).setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        speakInto(line, out, err);
        return line.execute(args);
    }

    private static void speakInto(CommandLine command, OutputStream out, OutputStream err) {
        for (var part : command.getSubcommands().values()) {
            output(part.getCommandSpec()).ifPresent(options -> options.speakInto(out, err));
            speakInto(part, out, err);
        }
    }

    /// @param args the first one may be a command: then that one is enough
    static CommandLine commandLine(String... args) {
        var line = new CommandLine(new Parley());
        var help = line.getHelpSectionMap();
        help.put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
        help.put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, _ -> groups());
        help.put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER, _ -> EXAMPLES);
        line.setHelpSectionMap(help);
        wanted(args).forEach(line::addSubcommand);
        for (var command : line.getSubcommands().values()) {
            prepare(command);
        }
        line.setDefaultValueProvider(new Defaults(System.getenv(), name -> hasOption(line, name) || hasOption(commandLine(), name)));
        line.setUsageHelpWidth(100);
        line.setUsageHelpLongOptionsMaxWidth(34);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Parley::wrongUsage);
        line.setExecutionExceptionHandler((e, command, _) -> failed(e, command));
        line.setExecutionStrategy(Parley::execute);
        return line;
    }

    /// To read the options of all commands takes longer than most commands do.
    private static List<Class<?>> wanted(String... args) {
        var all = GROUPS.stream().<Class<?>>flatMap(group -> group.commands().stream()).toList();
        return all.stream()
                .filter(type -> args.length > 0 && !OF_ALL.contains(type) && type.getAnnotation(Command.class).name().equals(args[0])).findFirst()
                .<List<Class<?>>>map(List::of).orElse(all);
    }

    /// As the configuration names it: `max-stall`, or `send.max-stall`.
    private static boolean hasOption(CommandLine command, String name) {
        var own = command.getCommandName() + ".";
        var options = command.getCommandSpec().optionsMap();
        return options.containsKey("--" + name) || name.startsWith(own) && options.containsKey("--" + name.substring(own.length()))
                || command.getSubcommands().values().stream().anyMatch(part -> hasOption(part, name));
    }

    /// Every command gets `--help`, and a word about exit codes.
    private static void prepare(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getCommandSpec().usageMessage().sortOptions(false);
        command.getCommandSpec().versionProvider(new Version());
        command.getSubcommands().values().forEach(Parley::prepare);
    }

    private static String groups() {
        var text = new StringBuilder();
        for (var group : GROUPS) {
            text.append("\n").append(group.heading()).append(":\n");
            for (var type : group.commands()) {
                var command = type.getAnnotation(Command.class);
                text.append(String.format("  %-12s %s%n", command.name(), command.description()[0]));
            }
        }
        return text.toString();
    }

    private static int execute(CommandLine.ParseResult parsed) {
        int code = new CommandLine.RunLast().execute(parsed);
        var terminal = output(parsed).terminal();
        terminal.close();
        var lost = terminal.lost();
        if (code != ExitCode.DONE.number() || lost.isEmpty()) {
            return code;
        }
        terminal.warn("parley: done, but not all of it could be said on standard output: " + lost.get());
        return ExitCode.OTHER.number();
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        var command = e.getCommandLine().getCommandSpec().qualifiedName();
        var unknown = unknownOption(e.getCommandLine(), args);
        if (Arrays.stream(args).takeWhile(a -> !a.equals("--")).anyMatch("--json"::equals)) {
            var words = unknown.map(option -> "Unknown option: '" + option + "'").orElse(String.valueOf(e.getMessage()));
            e.getCommandLine().getOut().println(Terminal.error(new CommandFailed(ExitCode.USAGE, words)));
        }
        if (unknown.isPresent()) {
            // It may stand behind another message: what follows an option that nobody knows is taken for a parameter.
            err.println("parley: Unknown option: '" + unknown.get() + "'");
            new UnmatchedArgumentException(e.getCommandLine(), List.of(unknown.get())).getSuggestions().stream().limit(3)
                    .forEach(s -> err.println("        perhaps " + s));
            return ExitCode.USAGE.number();
        }
        err.println("parley: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("        `" + command + " --help` shows what there is.");
        }
        return ExitCode.USAGE.number();
    }

    private static Optional<String> unknownOption(CommandLine command, String[] args) {
        var known = command.getCommandSpec().optionsMap().keySet();
        return Arrays.stream(args).takeWhile(a -> !a.equals("--")).filter(a -> a.startsWith("--")).map(a -> a.replaceFirst("=.*", ""))
                .filter(a -> !known.contains(a)).findFirst();
    }

    private static int failed(Exception e, CommandLine command) {
        var failure = e instanceof CommandFailed known ? known : Failures.of(e);
        var terminal = output(command.getParseResult()).terminal();
        terminal.failed(failure);
        terminal.close();
        return failure.code().number();
    }

    /// The output options of the command that ran.
    private static OutputOptions output(CommandLine.ParseResult parsed) {
        var last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return output(last.commandSpec()).orElseGet(OutputOptions::new);
    }

    private static Optional<OutputOptions> output(CommandSpec command) {
        return command.mixins().values().stream().map(CommandSpec::userObject).filter(OutputOptions.class::isInstance)
                .map(OutputOptions.class::cast).findFirst();
    }

    /// The version that the build wrote down.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var properties = new Properties();
            try (var in = Parley.class.getResourceAsStream("/parley.properties")) {
                properties.load(in);
            }
            return new String[] {"parley " + properties.getProperty("version"), "Java " + Runtime.version()};
        }
    }
}
