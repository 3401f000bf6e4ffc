package dev.parley.cli.h323;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.Signals;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.H323Call;
import dev.parley.h323.wire.Cause;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What SIGTERM and SIGINT do to a command with calls: the call that is on ends in good order, so the command comes to its own end and the
/// gatekeeper hears of both. A second signal ends the process at once.
final class OrderlyStop {
    /// The patience with a peer that does not end the call.
    private static final int SECONDS = 5;

    private final Terminal terminal;
    private final Runnable also;
    private final Signals signals;
    private Optional<H323Call> call = Optional.empty();
    private boolean asked;

    /// @param also what else wakes the command up
    OrderlyStop(Terminal terminal, Runnable also) {
        this.terminal = terminal;
        this.also = also;
        signals = Signals.install(this::stop);
    }

    private synchronized void stop() {
        asked = true;
        terminal.say("stops; a second signal ends it at once");
        terminal.tell(Terminal.event("stopping"));
        call.ifPresent(this::end);
        also.run();
    }

    /// Whether the command is to end.
    synchronized boolean asked() {
        return asked;
    }

    /// From now on this is the call that a signal ends; at once when the signal was there before.
    synchronized void over(H323Call present) {
        call = Optional.of(present);
        if (asked) {
            end(present);
        }
    }

    private void end(H323Call call) {
        call.hangUp(Cause.NORMAL_CLEARING);
        call.ended().toCompletableFuture().copy().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(_ -> {
            terminal.warn("the peer does not end the call within " + SECONDS + " s: it is broken off");
            call.abort("the peer does not end the call");
            return null;
        });
    }

    /// What a command does.
    interface Work {
        int run() throws Exception;
    }

    /// The exit code of the work, or of the signal that ended it.
    int exit(Work work) throws Exception {
        try {
            int code = work.run();
            return signals.stopped().map(s -> s.number()).orElse(code);
        } catch (CommandFailed e) {
            var stopped = signals.stopped();
            if (stopped.isEmpty()) {
                throw e;
            }
            terminal.say(e.message());
            return stopped.get().number();
        }
    }
}
