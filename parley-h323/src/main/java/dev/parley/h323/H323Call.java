package dev.parley.h323;

import dev.parley.api.Peer;
import dev.parley.api.Phase;
import dev.parley.api.Session;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.api.Side;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.CallState;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One call. All methods may be used from any thread; what they ask for is done by the call's own thread, in order.
public final class H323Call implements Session {
    /// So many are kept for a listener that comes late.
    private static final int MOST_BEFORE = 64;
    private static final Duration FIGURES_LIMIT = Duration.ofSeconds(10);

    private final SessionId id = SessionId.next("h323");
    private final CallDriver driver;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<SessionEnd> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> played = new CompletableFuture<>();
    private final CompletableFuture<CallEnd> callEnd = new CompletableFuture<>();
    private volatile Optional<RuntimeException> fault = Optional.empty();
    private volatile Optional<Effect.Caller> from = Optional.empty();
    private volatile String name = "";
    /// What happened before anybody listened.
    private final List<Effect> before = new ArrayList<>();
    private @Nullable Consumer<Effect> listener;
    private volatile Consumer<H323Call> taker = _ -> { };

    H323Call(CallDriver driver) {
        this.driver = driver;
    }

    /// Told of everything that happens, on the call's thread; must not wait. See {@link Effect} for what there is. The first listener is
    /// told at once, on its own thread, what happened before it came.
    public synchronized void listen(Consumer<Effect> observer) {
        before.forEach(observer);
        before.clear();
        listener = observer;
    }

    /// Who is given the call once it is known who calls.
    void whenIncoming(Consumer<H323Call> to) {
        taker = to;
    }

    private synchronized void tell(Effect effect) {
        if (listener != null) {
            listener.accept(effect);
        } else if (before.size() < MOST_BEFORE) {
            before.add(effect);
        }
    }

    void observed(Effect effect) {
        switch (effect) {
            case Effect.Incoming(var caller) -> {
                from = Optional.of(caller);
                name = caller.display().or(() -> caller.aliases().stream().findFirst()).orElse("");
            }
            case Effect.Connected(var display) -> {
                name = display.orElse(name);
                connected.complete(null);
            }
            case Effect.Ended(var end) -> {
                callEnd.complete(end);
                connected.completeExceptionally(failure(end));
            }
            default -> { }
        }
        if (effect instanceof Effect.Incoming) {
            taker.accept(this);
        } else {
            tell(effect);
        }
    }

    /// The call's thread cannot go on.
    void failed(RuntimeException why) {
        fault = Optional.of(why);
        try {
            observed(new Effect.Ended(new CallEnd.Lost("this side failed: " + why)));
        } catch (RuntimeException again) {
            // The listener itself may be what fails.
            why.addSuppressed(again);
        }
    }

    /// The driver has let go of everything.
    void over() {
        // Nothing when it ended as calls do.
        callEnd.complete(new CallEnd.Lost("aborted"));
        connected.completeExceptionally(failure(callEnd.join()));
        played();
        ended.complete(switch (callEnd.join()) {
            case CallEnd.Cleared c when c.isOrderly() -> new SessionEnd.Released();
            case CallEnd.Cleared c -> new SessionEnd.Aborted(c.by(), c.words());
            case CallEnd.Redirected r -> new SessionEnd.Aborted(Side.REMOTE, r.words());
            case CallEnd.Malformed m -> new SessionEnd.Aborted(Side.PROVIDER, m.words());
            case CallEnd.Lost l -> new SessionEnd.Lost(new IOException(l.words(), fault.orElse(null)));
        });
    }

    private static SessionException failure(CallEnd end) {
        return switch (end) {
            case CallEnd.Lost l -> new SessionException.ConnectionLost(l.words());
            case CallEnd.Malformed m -> new SessionException.ProtocolViolation(m.words());
            case CallEnd.Cleared _, CallEnd.Redirected _ -> new SessionException.Refused(end.words());
        };
    }

    void played() {
        played.complete(null);
    }

    /// Completes when the call is answered, fails when it ends before.
    public CompletionStage<Void> answered() {
        return connected.minimalCompletionStage();
    }

    /// Completes when a source of ours has nothing more to send, at the end of the call at the latest.
    public CompletionStage<Void> playedOut() {
        return played;
    }

    /// Who calls, when we are called.
    public Optional<Effect.Caller> from() {
        return from;
    }

    public void ring() {
        driver.tell(new Event.Ring());
    }

    public void answer(CallMedia media) {
        driver.play(media);
        driver.tell(new Event.Answer());
    }

    /// Sends the caller elsewhere.
    ///
    /// @param aliases whom to ask for there; empty for whoever answers
    public void forward(InetSocketAddress to, List<String> aliases) {
        driver.end(new Event.Forward(Optional.of(Streams.address(to)), aliases));
    }

    /// Sends the caller to somebody whom its gatekeeper knows.
    public void forward(List<String> aliases) {
        driver.end(new Event.Forward(Optional.empty(), aliases));
    }

    /// Refuses or ends the call with a cause of Q.850. Never waits.
    public void hangUp(Cause cause) {
        driver.end(new Event.Hangup(cause));
    }

    /// The same for a reason that is not the user's; it stands in the end.
    ///
    /// @param reason a name, such as those of [dev.parley.h323.wire.Reason]; after `: ` more words for people
    public void hangUp(Cause cause, String reason) {
        driver.end(new Event.Hangup(cause, reason));
    }

    /// Sends keys: in RTP (RFC 4733) where both sides take them there, otherwise as user input of H.245.
    public void press(String keys) {
        driver.tell(new Event.PressKeys(keys));
    }

    /// Asks the peer to stop sending media, or to go on.
    public void pause(boolean on) {
        driver.tell(new Event.Pause(on));
    }

    /// Has other formats from now on; those of a kind that the call began without are left out. Both sides go over to what both have.
    public void offer(List<Capability> capabilities) {
        driver.tell(new Event.Offer(capabilities));
    }

    /// Any other wish.
    public void tell(Event event) {
        driver.tell(event);
    }

    /// Waits until the peer answers.
    ///
    /// @throws SessionException.Refused when it refuses, with its cause in words
    /// @throws SessionException.ConnectionLost when it cannot be reached or goes away
    /// @throws SessionException.TimedOut when it rings for longer than the limit; the call goes on
    public void awaitAnswer(Duration limit) {
        await(connected, limit, "no answer");
    }

    private static <T> T await(CompletableFuture<T> future, Duration limit, String what) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new SessionException.TimedOut(what + " within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SessionException known ? known : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while waiting", e);
        }
    }

    public CallState state() {
        return driver.state();
    }

    /// How the media of a kind fares, or fared when the call is over; empty when the call has none.
    public Optional<MediaFigures> figures(Codec.Kind kind) {
        return driver.figures(kind).map(f -> await(f.toCompletableFuture(), FIGURES_LIMIT, "no figures"));
    }

    /// Completes with the details when the call has ended.
    public CompletionStage<CallEnd> callEnd() {
        return callEnd;
    }

    @Override
    public SessionId id() {
        return id;
    }

    @Override
    public Peer peer() {
        return new Peer(driver.peerAddress(), name);
    }

    @Override
    public Phase phase() {
        return switch (state()) {
            case NULL, CALLING, PROCEEDING, DELIVERED, PRESENT, RECEIVED -> Phase.SETTING_UP;
            case ACTIVE -> Phase.OPEN;
            case CLEARING -> Phase.TEARING_DOWN;
            case ENDED -> Phase.ENDED;
        };
    }

    @Override
    public void release() {
        hangUp(Cause.NORMAL_CLEARING);
        await(ended, driver.releaseLimit(), "the peer does not end the call");
    }

    @Override
    public void abort(String reason) {
        driver.abort(reason);
    }

    @Override
    public CompletionStage<SessionEnd> ended() {
        return ended;
    }

    @Override
    public void close() {
        if (!ended.isDone()) {
            abort("closed by the application");
        }
    }
}
