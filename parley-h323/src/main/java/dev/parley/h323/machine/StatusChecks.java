package dev.parley.h323.machine;

import dev.parley.h323.wire.MessageType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether the peer of a call without H.245 lives: its state is asked for (StatusInquiry), and after {@link Timer#T322} without a word again. Not
/// every peer knows the question. So after some without a word the media tells: whoever sends any has not gone. Only when nothing at all has
/// come since the first of these questions the call is lost; where both sides can bring the signalling back, that is tried first.
final class StatusChecks {
    /// Questions without a word.
    private static final int MOST_UNANSWERED = 3;

    private final CallConfig config;
    private final CallMachine call;
    private final ControlCarriage carriage;
    private int unanswered;
    private boolean heard;
    private boolean askingMedia;
    private long firstAt;

    StatusChecks(CallConfig config, CallMachine call, ControlCarriage carriage) {
        this.config = config;
        this.call = call;
        this.carriage = carriage;
    }

    private boolean needed() {
        return call.connected() && !carriage.control().begun() && !call.recovery().down() && !config.liveness().isZero();
    }

    /// The call is connected, or its signalling is back.
    void begin() {
        unanswered = 0;
        askingMedia = false;
        if (needed()) {
            call.start(Timer.LIVENESS);
        }
    }

    /// It is time for the next one.
    void ask() {
        if (needed()) {
            heard = false;
            firstAt = unanswered == 0 ? carriage.now() : firstAt;
            call.send(MessageType.STATUS_INQUIRY, List.of(), Signals.withCallIdentifier(call.callIdentifier()));
            call.start(Timer.T322);
        }
    }

    /// Any message is a sign of life; Status also the end of the wait.
    void heard(MessageType type) {
        heard = true;
        if (type == MessageType.STATUS && needed()) {
            call.stop(Timer.T322);
            begin();
        }
    }

    /// T322 is over.
    void unanswered() {
        if (!needed()) {
            return;
        }
        unanswered = heard ? 0 : unanswered + 1;
        if (unanswered < MOST_UNANSWERED) {
            call.start(Timer.LIVENESS);
        } else if (call.recovery().agreed()) {
            call.recovery().controlSilent("the peer did not answer " + unanswered + " questions for the state of the call");
        } else {
            askingMedia = true;
            call.effect(new Effect.AskMedia());
        }
    }

    /// @param since how long no media has come; empty when none has come at all
    void mediaSilent(Optional<Duration> since) {
        if (!askingMedia || !needed()) {
            return;
        }
        boolean came = heard || since.isPresent() && since.get().toNanos() < carriage.now() - firstAt;
        if (came) {
            begin();
        } else {
            call.controlFailed("the peer answers no questions for the state of the call, and no media comes either");
        }
    }
}
