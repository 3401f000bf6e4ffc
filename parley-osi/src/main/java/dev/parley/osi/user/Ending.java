package dev.parley.osi.user;

import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The phase of one session and how it ends; also when both sides ask for the release at once.
final class Ending {
    private final boolean called;
    private final Consumer<String> over;
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private volatile Phase phase = Phase.SETTING_UP;
    private volatile CompletableFuture<Boolean> release = new CompletableFuture<>();
    private volatile boolean waits; // a thread of ours is in release()
    private boolean indicated;
    private boolean collision;
    private boolean answered;
    private boolean confirmed;

    /// @param called whether ours is the called side
    /// @param over told once, with words
    Ending(boolean called, Consumer<String> over) {
        this.called = called;
        this.over = over;
    }

    Phase phase() {
        return phase;
    }

    CompletableFuture<SessionEnd> ended() {
        return ended;
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    void opened() {
        if (phase == Phase.SETTING_UP) {
            phase = Phase.OPEN;
        }
    }

    /// A release begins for which a thread waits; the future tells whether the peer agrees.
    CompletableFuture<Boolean> releasing() {
        var answer = new CompletableFuture<Boolean>();
        release = answer;
        waits = true;
        return answer;
    }

    /// Our release was issued. When the peer's indication waits for our user already, both have asked.
    void tearingDown(SessionService service) {
        if (!hasEnded()) {
            phase = Phase.TEARING_DOWN;
            collision = indicated;
            if (indicated && waits) {
                collided(service);
            }
        }
    }

    /// A release was indicated to our user, who has to answer it, also when it has asked for one as a value ([OsiSession#request]).
    void indicated() {
        indicated = true;
        collision = phase == Phase.TEARING_DOWN;
    }

    /// Our user has answered. After a collision the session lives until both answers were given.
    void answered(boolean affirmative) {
        indicated = false;
        if (!affirmative) {
            collision = false;
        } else if (collision && !confirmed) {
            answered = true;
        } else {
            finish(new SessionEnd.Released(), "released");
        }
    }

    /// The peer asked for a release while a thread of ours waits for its confirm: both agree, there is nothing to ask our user.
    boolean isCollision() {
        return waits && phase == Phase.TEARING_DOWN && !release.isDone();
    }

    /// The calling side answers first, the called side after the confirm (X.215 14.1.3).
    void collided(SessionService service) {
        collision = true;
        answer(service);
    }

    void confirmed(boolean affirmative, SessionService service) {
        if (!affirmative) {
            phase = Phase.OPEN;
            collision = false;
            waits = false;
            release.complete(false);
        } else if (collision && !answered && waits) {
            answer(service);
        } else if (collision && !answered) {
            confirmed = true;
        } else {
            finish(new SessionEnd.Released(), "released");
        }
    }

    private void answer(SessionService service) {
        if (answered || hasEnded()) {
            return;
        }
        try {
            service.request(new Request.ReleaseResponse(true, Words.none()));
            service.flush();
            answered = true;
            if (called) {
                finish(new SessionEnd.Released(), "released");
            }
        } catch (SessionException.OutOfSequence e) {
            // Not our turn: the confirm comes first.
        }
    }

    void finish(SessionEnd end, String words) {
        phase = Phase.ENDED;
        ended.complete(end);
        over.accept(words);
        if (end instanceof SessionEnd.Released) {
            release.complete(true);
        } else {
            release.completeExceptionally(new SessionException.ConnectionLost("the session has ended: " + words));
        }
    }
}
