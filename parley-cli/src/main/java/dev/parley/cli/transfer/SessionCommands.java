package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is kept of sessions on this machine, or with `--at` at a server: `ls`, `show`, `cancel`, `purge`.
public final class SessionCommands {
    private SessionCommands() {}

    private static List<Kept> found(StateOption state, long number) {
        var found = Kept.all(state).stream().filter(k -> k.number() == number).toList();
        if (found.isEmpty()) {
            throw new CommandFailed(ExitCode.OTHER, "there is no session " + number + " here: `parley ls` lists them");
        }
        return found;
    }

    @Command(
            name = "ls",
            description = "List the sessions of this machine, both sides.",
            footer = {"", "Examples:", "  parley ls", "  parley ls --state S --json", "  parley ls --at alice@server:7225"})
    public static final class Ls implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Mixin
        private final AtOptions at = new AtOptions();

        @Override
        public Integer call() {
            var terminal = output.terminal();
            if (at.isGiven()) {
                at.ask(state, terminal, admin -> admin.list(false)).forEach(s -> RemoteRow.tell(terminal, s));
                return ExitCode.DONE.number();
            }
            for (var kept : Kept.all(state)) {
                if (terminal.isJson()) {
                    terminal.tell(kept.json());
                } else {
                    terminal.data(kept.line());
                }
            }
            return ExitCode.DONE.number();
        }
    }

    @Command(
            name = "show",
            description = "Show a session with its files and how far they are.",
            footer = {"", "Example:", "  parley show 1795562667000"})
    public static final class Show implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Mixin
        private final AtOptions at = new AtOptions();

        @Parameters(paramLabel = "N", description = "The number of the session.")
        private long session;

        @Override
        public Integer call() {
            var terminal = output.terminal();
            if (at.isGiven()) {
                at.ask(state, terminal, admin -> admin.show(session)).ifPresent(d -> RemoteRow.tell(terminal, d));
                return ExitCode.DONE.number();
            }
            for (var kept : found(state, session)) {
                if (terminal.isJson()) {
                    terminal.tell(kept.json());
                    continue;
                }
                terminal.data(kept.line());
                for (var file : kept.files()) {
                    terminal.data("    " + file.item() + ": " + Size.text(file.offset()) + " of " + Size.text(file.size())
                            + " safe, checkpoint " + file.serial());
                }
            }
            return ExitCode.DONE.number();
        }
    }

    @Command(
            name = "cancel",
            description = "Forget a session and what it left unfinished.",
            footer = {"", "Example:", "  parley cancel 1795562667000"})
    public static final class Cancel implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Mixin
        private final AtOptions at = new AtOptions();

        @Parameters(paramLabel = "N", description = "The number of the session.")
        private long session;

        @Override
        public Integer call() throws IOException {
            if (at.isGiven()) {
                at.ask(state, output.terminal(), admin -> admin.cancel(session, "cancelled by its user"));
                output.terminal().say("session " + session + " is forgotten at the server");
                return ExitCode.DONE.number();
            }
            for (var kept : found(state, session)) {
                kept.remove(state);
                output.terminal().say("session " + session + " is forgotten at the " + kept.side() + "'s side");
            }
            return ExitCode.DONE.number();
        }
    }

    @Command(
            name = "purge",
            description = "Forget all sessions that nobody touched for some time.",
            footer = {"", "Examples:", "  parley purge", "  parley purge --older 1d"})
    public static final class Purge implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Mixin
        private final AtOptions at = new AtOptions();

        @Option(names = "--older", paramLabel = "TIME", converter = Span.Converter.class, description = "Untouched for TIME (default: 7d).")
        private Duration older = Duration.ofDays(7);

        @Override
        public Integer call() throws IOException {
            long before = System.currentTimeMillis() - older.toMillis();
            int count = 0;
            if (at.isGiven()) {
                int purged = at.ask(state, output.terminal(), admin -> admin.purge(older, false));
                output.terminal().say(purged + (purged == 1 ? " session is" : " sessions are") + " forgotten at the server");
                return ExitCode.DONE.number();
            }
            for (var kept : Kept.all(state)) {
                if (kept.touchedMillis() <= before) {
                    kept.remove(state);
                    count++;
                }
            }
            output.terminal().say(count + (count == 1 ? " session is" : " sessions are") + " forgotten");
            return ExitCode.DONE.number();
        }
    }
}
