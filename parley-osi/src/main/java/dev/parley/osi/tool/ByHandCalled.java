package dev.parley.osi.tool;

import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.user.OsiCall;
import dev.parley.osi.user.OsiServer;
import dev.parley.osi.user.OsiSession;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Drives the called side by lines that somebody types. One caller after the other: the next one is shown when the session before has ended.
public final class ByHandCalled implements OsiServer.Handler {
    private static final Duration LONG = Duration.ofDays(3650);

    /// A call, and what becomes of it: the session, or empty when it was refused or the caller has gone.
    private record Talk(OsiCall call, CompletableFuture<Optional<OsiSession>> answer, CompletableFuture<Void> end) {}

    private final PrimitiveLog log;
    private final Semaphore turn = new Semaphore(1, true);
    private volatile CompletableFuture<Talk> next = new CompletableFuture<>();

    public ByHandCalled(PrimitiveLog log) {
        this.log = log;
    }

    @Override
    public void handle(OsiCall call) throws InterruptedException {
        turn.acquire();
        var talk = new Talk(call, new CompletableFuture<>(), new CompletableFuture<>());
        try {
            log.primitive(call.id(), false, IndicationWords.of(call.proposal()));
            Thread.ofVirtual().name("parley-osi caller").start(() -> {
                if (call.line().awaitClosed(LONG) && talk.answer.complete(Optional.empty())) {
                    log.remark(call.id(), "the caller has gone");
                }
            });
            next.complete(talk);
            talk.answer.join().ifPresent(this::receive);
        } finally {
            next = new CompletableFuture<>();
            talk.end.complete(null);
            turn.release();
        }
    }

    private void receive(OsiSession session) {
        try {
            while (true) {
                log.primitive(session.id(), false, IndicationWords.of(session.receive()));
            }
        } catch (SessionException e) {
            log.remark(session.id(), String.valueOf(e.getMessage()));
        }
    }

    /// An S-CONNECT response waits for a caller.
    ///
    /// @param text such as `S-CONNECT response units=duplex`; an empty line or a comment is nothing
    /// @throws IllegalArgumentException when it is no primitive
    /// @throws SessionException when the protocol does not allow it, or the line is gone
    public void issue(String text) {
        if (text.isBlank() || text.strip().startsWith("#")) {
            return;
        }
        var primitive = Script.primitive(text);
        switch (RequestWords.of(primitive)) {
            case Request.Accept r -> {
                var talk = waiting();
                log.primitive(talk.call.id(), true, primitive);
                talk.answer.complete(Optional.of(talk.call.accept(ScriptRunner.complete(talk.call, r, primitive))));
            }
            case Request.Refuse r -> {
                var talk = waiting();
                log.primitive(talk.call.id(), true, primitive);
                talk.call.refuse(r.reason(), r.keepTransport(), r.userData());
                talk.answer.complete(Optional.empty());
            }
            case Request.Abort r -> {
                log.primitive(session().id(), true, primitive);
                session().abort(r.keepTransport(), r.userData());
            }
            case Request request -> {
                session().request(request);
                log.primitive(session().id(), true, primitive);
            }
        }
    }

    private Talk waiting() {
        try {
            var talk = next.get();
            if (talk.answer.isDone()) {
                throw new SessionException.OutOfSequence("the call is answered already");
            }
            return talk;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while waiting for a call", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private OsiSession session() {
        return Optional.ofNullable(next.getNow(null)).flatMap(talk -> talk.answer.getNow(Optional.empty()))
                .orElseThrow(() -> new SessionException.OutOfSequence("there is no session yet: S-CONNECT response comes first"));
    }

    /// Waits until the session under way, if there is one, has ended and everything was logged; false when it has not.
    public boolean awaitEnd(Duration wait) {
        var talk = next.getNow(null);
        if (talk == null) {
            return true;
        }
        try {
            talk.end.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
