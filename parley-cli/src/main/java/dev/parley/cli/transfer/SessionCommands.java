package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is kept of sessions on this machine, or with `--at` at a server: `ls`, `show`, `cancel`, `purge`.
public final class SessionCommands {
    private SessionCommands() {}

    /// A command that goes through the places where sessions are kept.
    abstract static class OfSessions extends StateCommand {
        @Mixin
        private final AtOptions at = new AtOptions();

        @Override
        public final Integer call() throws IOException {
            var terminal = output.terminal();
            var found = new AtomicInteger();
            if (at.isGiven()) {
                found.addAndGet(at.ask(state, terminal, admin -> work(terminal, new Side("server", admin))));
            } else {
                Side.local(state, server(), side -> found.addAndGet(work(terminal, side)));
            }
            end(terminal, found.get());
            return ExitCode.DONE.number();
        }

        /// Whose sessions of the client's side are meant: the beginning of a server's fingerprint.
        String server() {
            return "";
        }

        /// What is done at one place.
        ///
        /// @return how many sessions it concerned
        abstract int work(Terminal terminal, Side side);

        /// @param found how many sessions there were in all
        void end(Terminal terminal, int found) {}
    }

    /// A command about one session.
    abstract static class OfOne extends OfSessions {
        @Parameters(paramLabel = "N", description = "The number of the session.")
        long session;

        @Option(names = "--server", paramLabel = "FINGERPRINT", description = "Which server gave the number, when several gave the same one.")
        private String server = "";

        @Override
        String server() {
            return server;
        }

        @Override
        void end(Terminal terminal, int found) {
            if (found == 0) {
                throw new CommandFailed(ExitCode.OTHER, "there is no session " + session + " here: `parley ls` lists them");
            }
        }
    }

    /// A command about many of them.
    abstract static class OfMany extends OfSessions {
        @Option(names = "--all", description = "With --at: the sessions of all users, if you are an administrator there.")
        boolean all;
    }

    @Command(
            name = "ls",
            description = "List the sessions of this machine, both sides.",
            footer = {
                "",
                "Examples:",
                "  parley ls",
                "  parley ls --state S --json",
                "  parley ls --at alice@server:7225                  yours at that server",
                "  parley ls --at root@server --all                  those of all users, for an administrator"
            })
    public static final class Ls extends OfMany {
        @Override
        int work(Terminal terminal, Side side) {
            var sessions = side.sessions().list(all);
            sessions.forEach(s -> side.tell(terminal, s));
            return sessions.size();
        }
    }

    @Command(
            name = "show",
            description = "Show a session with its files and how far they are.",
            footer = {"", "Example:", "  parley show 1795562667000"})
    public static final class Show extends OfOne {
        @Override
        int work(Terminal terminal, Side side) {
            var detail = side.sessions().show(session);
            detail.ifPresent(d -> side.tell(terminal, d));
            return detail.isPresent() ? 1 : 0;
        }
    }

    @Command(
            name = "cancel",
            description = {
                "Forget a session and what it left unfinished.",
                "A transfer that runs for it ends with 10, and the other side forgets it then too."
            },
            footer = {"", "Example:", "  parley cancel 1795562667000"})
    public static final class Cancel extends OfOne {
        @Override
        int work(Terminal terminal, Side side) {
            var command = new Commands(state).find(session).stream().filter(k -> k.server().startsWith(server())).findFirst();
            if (!side.sessions().cancel(session, "cancelled by its user")) {
                return 0;
            }
            terminal.say("session " + session + " is forgotten at the " + side.name() + "'s side");
            if (side.name().equals("client") && command.isPresent()) {
                var there = "parley cancel " + session + " --at " + command.get().command().at();
                terminal.say("what its server keeps goes after some days (7, if it was not told otherwise), or now: " + there);
            }
            return 1;
        }
    }

    @Command(
            name = "purge",
            description = "Forget all sessions that nobody touched for some time.",
            footer = {"", "Examples:", "  parley purge", "  parley purge --older 1d", "  parley purge --older 1d --at root@server --all"})
    public static final class Purge extends OfMany {
        @Option(names = "--older", paramLabel = "TIME", converter = Span.Converter.class, description = "Untouched for TIME (default: 7d).")
        private Duration older = Duration.ofDays(7);

        @Override
        int work(Terminal terminal, Side side) {
            return side.sessions().purge(older, all);
        }

        @Override
        void end(Terminal terminal, int found) {
            terminal.say(found + (found == 1 ? " session is" : " sessions are") + " forgotten");
        }
    }
}
