package dev.parley.osi.tool;

import dev.parley.api.Phase;
import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.osi.Request;
import dev.parley.osi.user.OsiLine;
import dev.parley.osi.user.OsiSession;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Drives the calling side by lines that somebody types; what is indicated is logged as it comes.
public final class ByHand implements AutoCloseable {
    private final OsiLine line;
    private final PrimitiveLog log;
    private volatile CountDownLatch idle = new CountDownLatch(0);

    public ByHand(OsiLine line, PrimitiveLog log) {
        this.line = line;
        this.log = log;
    }

    /// @param text such as `S-DATA request data="hello"`; an empty line or a comment is nothing
    /// @throws IllegalArgumentException when it is no primitive
    /// @throws SessionException when the protocol does not allow it, or the line is gone
    public void issue(String text) {
        if (text.isBlank() || text.strip().startsWith("#")) {
            return;
        }
        var primitive = Script.primitive(text);
        var request = RequestWords.of(primitive);
        switch (request) {
            case Request.Connect r -> connect(r, primitive);
            case Request.Abort r -> {
                log.primitive(session().id(), true, primitive);
                session().abort(r.keepTransport(), r.userData());
            }
            default -> {
                session().request(request);
                log.primitive(session().id(), true, primitive);
            }
        }
    }

    private void connect(Request.Connect request, Primitive primitive) {
        var before = SessionId.next("call");
        log.primitive(before, true, primitive);
        var confirm = line.confirm(request);
        var made = line.session().filter(s -> s.phase() != Phase.ENDED);
        log.primitive(made.map(OsiSession::id).orElse(before), false, IndicationWords.of(confirm));
        made.ifPresent(session -> {
            var done = new CountDownLatch(1);
            idle = done;
            Thread.ofVirtual().name("parley-osi by hand").start(() -> receive(session, done));
        });
    }

    private void receive(OsiSession session, CountDownLatch done) {
        try {
            while (true) {
                log.primitive(session.id(), false, IndicationWords.of(session.receive()));
            }
        } catch (SessionException e) {
            log.remark(session.id(), String.valueOf(e.getMessage()));
        } finally {
            done.countDown();
        }
    }

    private OsiSession session() {
        return line.session().orElseThrow(() -> new SessionException.OutOfSequence("there is no session yet: S-CONNECT request comes first"));
    }

    /// Waits until the session has ended and everything was logged; false when it has not.
    public boolean awaitEnd(Duration wait) {
        try {
            return idle.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        line.session().ifPresent(OsiSession::close);
        line.close();
    }
}
