package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Signals;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.engine.FlowOptions;
import dev.parley.transfer.engine.TransferEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The flow tokens of a server: who transmits, who waits and why, and a token for a program that transmits by other means.
@Command(
        name = "tokens",
        description = "Show the flow tokens of a server, or hold one: ls, request, yield.",
        footer = {
            "",
            "Examples:",
            "  parley tokens --at alice@server                   who transmits, and who waits",
            "  parley tokens request --at alice@server           waits for a token, holds it until it ends",
            "  parley tokens yield                               ends that request from another terminal"
        },
        subcommands = {TokensCommand.Ls.class, TokensCommand.Request.class, TokensCommand.Yield.class},
        synopsisSubcommandLabel = "[COMMAND]")
public final class TokensCommand extends TokenListing {
    @Command(
            name = "ls",
            description = "Show who transmits and who waits.",
            footer = {"", "Example:", "  parley tokens ls --at alice@server --json"})
    static final class Ls extends TokenListing {}

    @Command(
            name = "request",
            description = "Wait for a flow token and hold it until a signal, or `parley tokens yield`, ends this command.",
            footer = {
                "",
                "Examples:",
                "  parley tokens request --at alice@server --class video --priority 7",
                "  parley tokens request --at alice@server --no-wait --json    exit code 75 when there is none"
            })
    static final class Request extends StateCommand {
        @Mixin
        private final AtOptions at = new AtOptions();

        @Option(names = "--class", paramLabel = "NAME", description = "The class of the flow (default: bulk).")
        private String flowClass = FlowOptions.DEFAULT.flowClass();

        @Option(names = "--priority", paramLabel = "0-9", description = "The larger the more urgent (default: ${DEFAULT-VALUE}).")
        private int priority = FlowOptions.DEFAULT.priority();

        @Option(names = "--no-wait", description = "End with 75 when there is no flow token, rather than wait for one.")
        private boolean noWait;

        private TransferEvent.Token.@Nullable State last;

        @Override
        public Integer call() {
            var terminal = output.terminal();
            var end = new CompletableFuture<String>();
            var signals = Signals.install(() -> end.complete(""));
            var wish = wish();
            try (var _ = HeldTokens.of(state).mark(flowClass)) {
                var lost = at.ask(state, terminal, t -> told(terminal, t), admin -> {
                    admin.ended().thenAccept(end::complete);
                    if (admin.requestToken(wish)) {
                        told(terminal, new TransferEvent.Token(
                                flowClass, TransferEvent.Token.State.GRANTED, 0, List.of(), Optional.empty()));
                    }
                    return end.join();
                });
                var stopped = signals.stopped();
                if (stopped.isEmpty()) {
                    throw new CommandFailed(ExitCode.LOST, lost + "; the server gives the token to the next one");
                }
                terminal.say("the token, or the place in the queue, is given back");
                return stopped.get().number();
            }
        }

        private FlowOptions wish() {
            try {
                return new FlowOptions(flowClass, priority, !noWait);
            } catch (SessionException.Refused e) {
                throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
            }
        }

        /// What is new.
        private synchronized void told(Terminal terminal, TransferEvent.Token t) {
            if (t.state().equals(last) && t.state() != TransferEvent.Token.State.WAITING) {
                return;
            }
            boolean news = !t.state().equals(last);
            last = t.state();
            terminal.tell("token " + t.state(), EventWords.of(t));
            if (news) {
                terminal.say(t.state() == TransferEvent.Token.State.ASKED
                        ? "a more urgent flow asks for the token: end this command to give it"
                        : EventWords.sentence(t));
            }
        }
    }

    @Command(
            name = "yield",
            description = "End the `parley tokens request` of this state folder, which gives its token back.",
            footer = {"", "Examples:", "  parley tokens yield", "  parley tokens yield --class video"})
    static final class Yield extends StateCommand {
        private static final Duration PATIENCE = Duration.ofSeconds(10);

        @Option(names = "--class", paramLabel = "NAME", description = "The class of the flow (default: bulk).")
        private String flowClass = FlowOptions.DEFAULT.flowClass();

        @Override
        public Integer call() {
            int ended = HeldTokens.of(state).end(flowClass, PATIENCE);
            if (ended == 0) {
                throw new CommandFailed(ExitCode.OTHER, "no `parley tokens request` of the class " + flowClass + " runs here");
            }
            output.terminal().say(ended + (ended == 1 ? " request has" : " requests have") + " ended");
            return ExitCode.DONE.number();
        }
    }
}
