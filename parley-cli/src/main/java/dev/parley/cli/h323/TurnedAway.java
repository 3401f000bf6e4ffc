package dev.parley.cli.h323;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.H323Call;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.wire.Cause;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Calls that nobody here takes: they are sent on or refused at once, on their own threads, and told from `incoming` to `ended`.
///
/// Each method returns what the end of the call means for the command.
final class TurnedAway {
    private final OutputOptions output;

    TurnedAway(OutputOptions output) {
        this.output = output;
    }

    CompletionStage<ExitCode> busy(H323Call call) {
        new CallView(output).incoming(call);
        call.hangUp(Cause.USER_BUSY);
        return ended(call);
    }

    CompletionStage<ExitCode> forward(H323Call call, CallTarget.Destination to) {
        new CallView(output).incoming(call);
        var event = Terminal.event("forwarded").put("session", call.id().toString());
        to.address().ifPresent(a -> event.put("to", CallTarget.words(a)));
        to.aliases().forEach(alias -> event.put("alias", alias));
        to.address().ifPresentOrElse(a -> call.forward(a, to.aliases()), () -> call.forward(to.aliases()));
        return ended(call, event);
    }

    /// The call is for somebody else. It has an event of its own, and is none of ours.
    void notHere(H323Call call, List<String> called) {
        call.hangUp(Cause.UNALLOCATED_NUMBER);
        var names = String.join(", ", called);
        output.terminal().say(call.peer() + " calls " + names + ", who is not here");
        output.terminal().tell(Terminal.event("not-here").put("session", call.id().toString()).put("called", names));
    }

    /// @param before told then, too
    private CompletionStage<ExitCode> ended(H323Call call, ObjectNode... before) {
        return call.ended().thenCombine(call.callEnd(), (_, end) -> {
            List.of(before).forEach(output.terminal()::tell);
            output.terminal().tell(CallView.told(end, Terminal.event("ended").put("session", call.id().toString())));
            output.terminal().say(switch (end) {
                case CallEnd.Redirected r -> "the call was " + r.words();
                case CallEnd.Cleared c -> "the call was refused: " + c.words();
                case CallEnd.Lost _, CallEnd.Malformed _ -> end.words();
            });
            return switch (end) {
                case CallEnd.Redirected _, CallEnd.Cleared _ -> ExitCode.DONE;
                case CallEnd.Lost _ -> ExitCode.LOST;
                case CallEnd.Malformed _ -> ExitCode.OTHER;
            };
        });
    }
}
