package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The offers at a receiver, and its answers. While an answer is outstanding neither side may say anything (Table A.13, STA21 and STA22), not
/// even that it is alive. So a receiver whose disk takes long answers `wait` in good time, and is asked the same again: silence keeps its
/// meaning. Used on the loop.
final class Offers {
    static final String WAIT = "wait";

    private final Conversation.Owner owner;
    private final Loop loop;
    private final Duration patience;
    /// What is being worked on.
    private @Nullable JsonNode offer;
    /// The answer, when it came while nobody asked.
    private @Nullable Runnable ready;
    private boolean asked;
    private Loop.@Nullable Timer timer;

    /// @param keepalive after how much silence the sender gives this side up
    Offers(Conversation.Owner owner, Loop loop, Duration keepalive) {
        this.owner = owner;
        this.loop = loop;
        this.patience = keepalive.dividedBy(3);
    }

    /// An offer came.
    ///
    /// @param begin the work on it, which ends with [#answer]; not called when it was begun before
    void ask(JsonNode asking, Runnable begin) {
        if (offer != null && !offer.equals(asking)) {
            throw new SessionException.ProtocolViolation("another offer came before the last one was answered");
        }
        asked = true;
        if (offer == null) {
            offer = asking;
            waitLater();
            begin.run();
        } else if (ready == null) {
            waitLater();
        } else {
            ready.run();
        }
    }

    /// @param then what follows from the answer at this side, before it is sent
    void answer(JsonNode words, Runnable then) {
        ready = () -> {
            offer = null;
            ready = null;
            asked = false;
            if (timer != null) {
                timer.cancel();
            }
            then.run();
            say(words);
        };
        if (asked) {
            ready.run();
        }
    }

    private void waitLater() {
        timer = loop.schedule(patience, () -> {
            if (asked) {
                asked = false;
                try {
                    say(Json.object().put("state", WAIT));
                } catch (SessionException _) {
                    // The connection ended meanwhile.
                }
            }
        });
    }

    private void say(JsonNode words) {
        owner.service().request(new Request.CapabilityDataResponse(Json.encode(words)));
        owner.service().flush();
    }
}
