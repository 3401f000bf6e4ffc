package dev.parley.transfer.engine;

import dev.parley.runtime.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// For how long a server that sends has sent nothing, although it is there, by its signs of life, may transmit, and this side has taken what
/// came. Used on the loop, except for [#waits].
final class Expecting {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Loop loop;
    private final Conversation side;
    private volatile long since;
    /// It waits for its flow token.
    private boolean excused;
    private Loop.@Nullable Timer timer;

    Expecting(Loop loop, Conversation side) {
        this.loop = loop;
        this.side = side;
        heard();
        look();
    }

    /// Something of the work came.
    void heard() {
        excused = false;
        since = loop.nanoTime();
    }

    void token(TransferEvent.Token.State state) {
        heard();
        excused = state == TransferEvent.Token.State.WAITING;
    }

    /// From any thread.
    Duration waits() {
        return Duration.ofNanos(loop.nanoTime() - since);
    }

    private void look() {
        if (excused || side.isBusy()) {
            since = loop.nanoTime();
        }
        timer = loop.schedule(LOOK, this::look);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
