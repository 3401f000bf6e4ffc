package dev.parley.h323.machine;

import dev.parley.api.Side;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import java.util.Optional;

/// What a caller waits for until the answer, and for how long (Q.931 table 9-2). After Progress that is the answer: a gateway plays tones and may
/// never send Alerting.
final class AnswerWait {
    private final CallMachine call;
    private Timer awaited = Timer.T303;

    AnswerWait(CallMachine call) {
        this.call = call;
    }

    void begin() {
        call.start(awaited);
    }

    /// @return the state that a message of the callee leads to; empty when it says nothing new
    Optional<CallState> underway(MessageType type) {
        boolean first = call.state() == CallState.CALLING;
        boolean rings = type == MessageType.ALERTING;
        boolean answerIsNext = rings || type == MessageType.PROGRESS;
        if (!first && (call.state() != CallState.PROCEEDING || !rings && !(answerIsNext && awaited == Timer.T310))) {
            return Optional.empty();
        }
        call.stop(awaited);
        awaited = answerIsNext ? Timer.T301 : Timer.T310;
        call.start(awaited);
        if (first || rings) {
            call.effect(rings ? new Effect.Ringing() : new Effect.Proceeding());
        }
        return Optional.of(rings ? CallState.DELIVERED : CallState.PROCEEDING);
    }

    void answered() {
        call.stop(awaited);
    }

    void expired(Timer timer) {
        switch (timer) {
            case T303 -> call.release(Cause.NO_USER_RESPONDING, new CallEnd.Lost("no answer to Setup"));
            case T310 -> call.release(Cause.TIMER_EXPIRED, new CallEnd.Lost("the call proceeds, but nobody rings"));
            default -> call.release(Cause.NO_ANSWER, new CallEnd.Cleared(Side.LOCAL, Cause.NO_ANSWER, Optional.empty(), false));
        }
    }
}
