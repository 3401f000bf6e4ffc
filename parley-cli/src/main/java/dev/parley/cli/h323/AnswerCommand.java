package dev.parley.cli.h323;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.Settings;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Reason;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Takes calls, one after the other; whoever calls meanwhile hears that we are busy.
@Command(
        name = "answer",
        description = "Take calls by H.323.",
        footer = {
            "",
            "Without one of --auto, --busy and --forward each call is asked for on the terminal. While one call",
            "is on, others hear that we are busy; --calls counts those that are taken or refused when it is",
            "their turn, and with --busy or --forward those that are turned away so.",
            "",
            "Exit codes: with --calls as the last call ended: 0 in good order, or as --busy or --forward says,",
            "4 lost, 5 not answered or refused, by the gatekeeper, too, 10 broken off. 1 the port is taken or",
            "the peer does not speak H.323, 2 the command line is wrong, 3 what is to be played is not there,",
            "4 the gatekeeper cannot be reached, 5 it refuses us, 130 and 143 stopped by Ctrl-C or SIGTERM.",
            "",
            "Examples:",
            "  parley answer --auto --play greeting.wav --record message.wav",
            "  parley answer --listen 192.0.2.7:1720 --play mic --record speaker",
        })
public final class AnswerCommand implements Callable<Integer> {
    private static final Duration FOREVER = Duration.ofDays(365);

    /// What is done with a call: one of these, or its user is asked.
    private static final List<String> WAYS = List.of("--auto", "--busy", "--forward");

    private final TypedLines typed = new TypedLines(System.in);

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final MediaOptions media = new MediaOptions();

    @Mixin
    private final GatekeeperOptions gatekeeper = new GatekeeperOptions();

    @Option(names = "--listen", paramLabel = "HOST[:PORT]", defaultValue = "0.0.0.0:1720",
            description = "Where to take calls (default: ${DEFAULT-VALUE}).")
    private String listen = "0.0.0.0:1720";

    @Option(names = "--auto", description = "Answer at once, without asking.")
    private boolean auto;

    @Option(names = "--busy", description = "Tell everybody that we are busy.")
    private boolean busy;

    @Option(names = "--forward", paramLabel = "[ALIAS@]HOST[:PORT]|ALIAS", converter = CallTarget.Converter.class,
            description = "Send everybody elsewhere; with --gatekeeper an alias that it knows is enough.")
    private Optional<CallTarget> forward = Optional.empty();

    @Option(names = "--only-own-name",
            description = "Refuse calls for other names than ours (no such number); those for nobody or an address are taken. "
                + "Not with --gatekeeper, which sends us what is ours.")
    private boolean onlyOwnName;

    @Option(names = "--calls", paramLabel = "N", description = "Stop after so many calls (default: never), with the exit code of the last one.")
    private Optional<Integer> most = Optional.empty();

    @Option(names = "--duration", paramLabel = "TIME", converter = Span.Converter.class, description = "Hang up after this time, such as 30s.")
    private Optional<Duration> duration = Optional.empty();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        requireOneWay();
        var away = new TurnedAway(output);
        var calls = new LinkedBlockingQueue<Next>();
        var free = new AtomicBoolean(true);
        gatekeeper.user().ifPresent(media::isUser);
        var settings = media.settings(CallTarget.address("--listen", listen, Settings.PORT, ExitCode.USAGE));
        media.check();
        gatekeeper.check();
        if (most.filter(count -> count < 1).isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "--calls is 1 or more, not " + most.get() + "; without it there is no end");
        }
        if (onlyOwnName && gatekeeper.given()) {
            throw new CommandFailed(ExitCode.USAGE, "--only-own-name is not for --gatekeeper: it knows who we are");
        }
        var elsewhere = forward.map(to -> gatekeeper.destination(to, ExitCode.USAGE));
        // A gatekeeper that nobody knows is missed before anybody can call.
        Optional<InetAddress> ours = gatekeeper.given() ? Optional.of(gatekeeper.local()) : Optional.empty();
        var capture = media.capture();
        try (var endpoint = H323Endpoint.open(settings, capture, call -> {
            var stranger = call.from().filter(from -> onlyOwnName && !from.asksFor(List.of(media.name())));
            if (stranger.isPresent()) {
                away.notHere(call, stranger.get().called());
            } else if (elsewhere.isPresent()) {
                away.forward(call, elsewhere.get()).thenAccept(exit -> calls.add(new Next.Away(exit)));
            } else if (busy) {
                away.busy(call).thenAccept(exit -> calls.add(new Next.Away(exit)));
            } else if (free.getAndSet(false)) {
                calls.add(new Next.Here(call));
            } else {
                away.busy(call);
            }
        }, problem -> output.terminal().warn(problem + "; --rtp-ports LOW-HIGH gives more"))) {
            var here = CallTarget.words(endpoint.address());
            output.terminal().say("takes calls on " + here);
            output.terminal().tell(Terminal.event("ready").put("address", here).put("port", endpoint.address().getPort()));
            if (ours.isEmpty()) {
                return serve(calls, free, Optional.empty());
            }
            var reachable = new InetSocketAddress(
                    endpoint.address().getAddress().isAnyLocalAddress() ? ours.get() : endpoint.address().getAddress(), endpoint.address().getPort());
            try (var link = gatekeeper.register(media.name(), reachable, settings.capabilities(), capture, output.terminal())) {
                return serve(calls, free, Optional.of(link));
            }
        } catch (BindException e) {
            throw new CommandFailed(ExitCode.OTHER, "cannot take calls on " + listen + ": " + e.getMessage());
        } finally {
            PcapOption.finish(capture, output.terminal());
        }
    }

    /// Settings for all calls give way to the command line.
    private void requireOneWay() {
        var ways = WAYS.stream().filter(command.commandLine().getParseResult()::hasMatchedOption).toList();
        if (ways.size() > 1) {
            throw new CommandFailed(ExitCode.USAGE, String.join(" and ", ways) + " contradict each other: give one of them");
        }
    }

    /// What there is for the command to do.
    private sealed interface Next {
        /// Somebody calls.
        record Here(H323Call call) implements Next {}

        /// A call has ended that was sent on or refused as the command line says.
        record Away(ExitCode exit) implements Next {}

        /// A signal wants the end.
        record Stop() implements Next {}
    }

    private int serve(BlockingQueue<Next> calls, AtomicBoolean free, Optional<GatekeeperLink> link) throws Exception {
        var stop = new OrderlyStop(output.terminal(), () -> calls.add(new Next.Stop()));
        return stop.exit(() -> serve(calls, free, link, stop));
    }

    private int serve(BlockingQueue<Next> calls, AtomicBoolean free, Optional<GatekeeperLink> link, OrderlyStop stop)
            throws InterruptedException {
        int exit = ExitCode.DONE.number();
        for (int number = 1; number <= most.orElse(Integer.MAX_VALUE); number++) {
            switch (calls.take()) {
                case Next.Here(var call) -> {
                    stop.over(call);
                    exit = talk(call, number, free, link);
                }
                case Next.Away(var code) -> exit = code.number();
                case Next.Stop _ -> {
                    return exit;
                }
            }
        }
        return exit;
    }

    /// The gatekeeper is asked for calls to us too.
    private boolean mayTake(H323Call call, Optional<GatekeeperLink> link) {
        try {
            var refusal = link.flatMap(l -> l.refusal(call));
            refusal.ifPresent(reason -> {
                output.terminal().warn("a call was refused: the gatekeeper refuses it: " + Reason.words(reason));
                call.hangUp(Cause.REJECTED, reason);
            });
            return refusal.isEmpty();
        } catch (SessionException | CommandFailed e) {
            output.terminal().warn("a call was refused: " + e.getMessage());
            call.hangUp(Cause.NETWORK_OUT_OF_ORDER, "unreachableGatekeeper");
            return false;
        }
    }

    private int talk(H323Call call, int number, AtomicBoolean free, Optional<GatekeeperLink> link) throws InterruptedException {
        var view = new CallView(output);
        view.incoming(call);
        call.listen(view::saw);
        view.over(call);
        if (!mayTake(call, link)) {
            return end(call, view, number, free, true);
        }
        try {
            return end(call, view, number, free, converse(call, view, number));
        } finally {
            call.from().ifPresent(from -> link.ifPresent(l -> l.ended(from.callIdentifier())));
        }
    }

    /// @return whether we could answer, if we wanted to
    private boolean converse(H323Call call, CallView view, int number) throws InterruptedException {
        // Before it rings: whoever sees that may type at once, and a line that comes when nobody waits for it is lost.
        var line = auto ? CompletableFuture.completedFuture("y") : typed.next();
        call.ring();
        boolean ours = true;
        if (!auto && !wanted(call, line)) {
            call.hangUp(Cause.REJECTED);
        } else {
            ours = answer(call, number);
        }
        if (!view.watch(call, duration.orElse(FOREVER))) {
            call.hangUp(Cause.NORMAL_CLEARING);
        }
        return ours;
    }

    /// @param ours whether the exit code of the last call is that of the command's failure
    private int end(H323Call call, CallView view, int number, AtomicBoolean free, boolean ours) {
        call.ended().toCompletableFuture().join();
        // Whoever hears that the call has ended may call.
        free.set(true);
        try {
            return view.end(call);
        } catch (CommandFailed e) {
            if (most.filter(last -> last == number).isPresent() && ours) {
                throw e;
            }
            output.terminal().warn(e.message());
            return e.code().number();
        }
    }

    /// A microphone that another program has, or a full disk, is the end of this call only.
    ///
    /// @return whether it is answered
    private boolean answer(H323Call call, int number) {
        try {
            call.answer(media.media(number));
            media.keys().ifPresent(call::press);
            return true;
        } catch (CommandFailed | IOException e) {
            output.terminal().warn("a call was refused: " + e.getMessage());
            call.hangUp(Cause.TEMPORARY_FAILURE);
            return false;
        }
    }

    /// No longer when the caller gives up meanwhile.
    private boolean wanted(H323Call call, CompletionStage<String> line) {
        output.terminal().say("Answer? [y/N]");
        var answer = line.applyToEither(call.ended().thenApply(_ -> ""), text -> text).toCompletableFuture().join();
        return answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
