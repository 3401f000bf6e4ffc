package dev.parley.cli.h323;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.CallRequest;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.wire.Cause;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Places one call.
@Command(
        name = "call",
        description = "Call somebody by H.323: voice, and video from and to files.",
        footer = {
            "",
            "Ends when either side hangs up, when --duration is over, or at the end of the file that is played.",
            "Exit codes: 0 the call was answered and ended in good order, 1 the peer does not speak H.323 as we",
            "know it, 2 the command line is wrong, 3 what is to be played is not there, 4 the peer or the",
            "gatekeeper cannot be reached or was lost, 5 not answered or refused, by the gatekeeper, too, 8 no",
            "port is free for media, 10 broken off, 130 and 143 stopped by Ctrl-C or SIGTERM.",
            "",
            "Examples:",
            "  parley call h323:bob@192.0.2.7 --play greeting.wav --record answer.wav",
            "  parley call 192.0.2.7 --play mic --record speaker --dtmf 123#",
            "  parley call bob --gatekeeper 192.0.2.1 --play tone --duration 10s",
            "  parley call bob --gatekeeper discover --play mic --record speaker",
        })
public final class CallCommand implements Callable<Integer> {
    private static final Duration FOREVER = Duration.ofDays(365);
    /// What is still under way is heard before the call ends.
    private static final Duration TAIL = Duration.ofMillis(400);

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final MediaOptions media = new MediaOptions();

    @Mixin
    private final GatekeeperOptions gatekeeper = new GatekeeperOptions();

    @Parameters(paramLabel = "[h323:][ALIAS@]HOST[:PORT]|ALIAS", converter = CallTarget.Converter.class,
            description = "Whom to call (default port: 1720). With --gatekeeper a name is enough: an alias, a number, a URL such as "
                + "tel:+4912345 or an address of mail; h323:ALIAS@HOST and what has a port say where.")
    private CallTarget target = CallTarget.NOBODY;

    @Option(names = "--duration", paramLabel = "TIME", converter = Span.Converter.class, description = "Hang up after this time, such as 30s.")
    private Optional<Duration> duration = Optional.empty();

    @Option(names = "--ring-for", paramLabel = "TIME", converter = Span.Converter.class, defaultValue = "60s",
            description = "Give up when nobody answers within this time (default: ${DEFAULT-VALUE}).")
    private Duration ringFor = Duration.ofMinutes(1);

    @Override
    public Integer call() throws Exception {
        gatekeeper.check();
        gatekeeper.user().ifPresent(media::isUser);
        var wanted = gatekeeper.destination(target, ExitCode.LOST);
        var listen = gatekeeper.given() ? new InetSocketAddress(gatekeeper.local(), 0) : new InetSocketAddress(0);
        var settings = media.settings(listen);
        media.check();
        var capture = media.capture();
        try (var endpoint = H323Endpoint.open(settings, capture, c -> c.hangUp(Cause.USER_BUSY))) {
            if (!gatekeeper.given()) {
                var stop = new OrderlyStop(output.terminal(), () -> { });
                var request = CallRequest.to(wanted.address().orElseThrow(), wanted.aliases());
                return stop.exit(() -> call(endpoint, request, stop::over));
            }
            try (var link = gatekeeper.register(media.name(), endpoint.address(), settings.capabilities(), capture, output.terminal())) {
                var stop = new OrderlyStop(output.terminal(), () -> { });
                return stop.exit(() -> call(endpoint, link, wanted, stop));
            }
        } finally {
            PcapOption.finish(capture, output.terminal());
        }
    }

    private int call(H323Endpoint endpoint, GatekeeperLink link, CallTarget.Destination wanted, OrderlyStop stop)
            throws IOException, InterruptedException {
        var identifiers = H323Endpoint.Identifiers.random();
        var request = CallRequest.to(link.admit(identifiers, wanted), wanted.aliases()).with(identifiers)
                .with(elsewhere -> link.elsewhere(identifiers, elsewhere));
        try {
            return call(endpoint, request, call -> {
                link.follow(identifiers.call(), call);
                stop.over(call);
            });
        } finally {
            link.ended(identifiers.call());
        }
    }

    private int call(H323Endpoint endpoint, CallRequest request, Consumer<H323Call> placed) throws IOException, InterruptedException {
        var view = new CallView(output);
        var call = place(endpoint, request, view);
        view.over(call);
        placed.accept(call);
        var calling = Terminal.event("calling").put("session", call.id().toString())
                .put("to", CallTarget.words(request.to()));
        request.aliases().forEach(alias -> calling.put("alias", alias));
        output.terminal().tell(calling);
        talk(call, view);
        return view.end(call);
    }

    private H323Call place(H323Endpoint endpoint, CallRequest request, CallView view) throws IOException {
        var ours = media.media();
        try {
            return endpoint.call(request, ours, view::saw);
        } catch (SessionException.LimitReached e) {
            throw new CommandFailed(ExitCode.LIMIT, e.getMessage() + "; --rtp-ports LOW-HIGH gives more", "", "", e);
        }
    }

    private void talk(H323Call call, CallView view) throws InterruptedException {
        try {
            view.watchRinging(call, ringFor);
        } catch (SessionException.TimedOut _) {
            call.hangUp(Cause.NO_ANSWER);
        } catch (SessionException e) {
            output.terminal().detail(String.valueOf(e.getMessage()));
        }
        media.keys().ifPresent(call::press);
        if (media.playsAFile() && duration.isEmpty()) {
            call.playedOut().thenRun(() -> CompletableFuture.delayedExecutor(TAIL.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> call.hangUp(Cause.NORMAL_CLEARING)));
        }
        if (!view.watch(call, duration.orElse(FOREVER))) {
            view.line(call);
            call.hangUp(Cause.NORMAL_CLEARING);
            call.ended().toCompletableFuture().join();
        }
    }
}
