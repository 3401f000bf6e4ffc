package dev.parley.osi.tool;

import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.tool.Script.Step;
import dev.parley.osi.user.OsiCall;
import dev.parley.osi.user.OsiLine;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.osi.user.OsiServer;
import dev.parley.osi.user.OsiSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs the lines of one side of a script on a real connection, one after the other. Blocking.
public final class ScriptRunner {
    private final OsiProtocol protocol;
    private final Duration patience;
    private final PrimitiveLog log;
    private final BlockingQueue<OsiCall> calls = new LinkedBlockingQueue<>(16);
    private @Nullable OsiLine line;
    private @Nullable OsiCall call;
    private @Nullable Indication confirm;
    private SessionId id = SessionId.next("script");

    /// @param protocol limits and security; what is proposed stands in the script
    /// @param patience for each thing that is expected
    public ScriptRunner(OsiProtocol protocol, Duration patience, PrimitiveLog log) {
        this.protocol = protocol.limits(protocol.limits().answer(patience));
        this.patience = patience;
        this.log = log;
    }

    /// Runs the lines of the calling side.
    ///
    /// @throws ScriptFailed when something else happens than the script says
    public void call(Script script, InetSocketAddress address) {
        try (var opened = wanted(script).open(address)) {
            line = opened;
            for (var step : script.steps()) {
                if (step.calling()) {
                    run(step);
                }
            }
            opened.session().ifPresent(OsiSession::close);
        }
    }

    /// The expedited flow is asked for when the script has the expedited unit.
    private OsiProtocol wanted(Script script) {
        boolean expedited = script.steps().stream().anyMatch(step -> step instanceof Step.Send(_, _, var primitive)
                && RequestWords.of(primitive) instanceof Request.Connect c && c.requirements().contains(FunctionalUnit.EXPEDITED));
        return expedited ? protocol.transport(protocol.transport().withExpedited()) : protocol;
    }

    /// Listens; [Listening#run] runs the lines of the called side once.
    public Listening listen(InetSocketAddress address) throws IOException {
        var done = new CountDownLatch(1);
        var server = protocol.transport(protocol.transport().withExpedited()).listen(address, arrived -> {
            calls.add(arrived);
            done.await();
        });
        return new Listening(server, done);
    }

    /// A called side that waits for its caller.
    public final class Listening implements AutoCloseable {
        private final OsiServer server;
        private final CountDownLatch done;

        private Listening(OsiServer server, CountDownLatch done) {
            this.server = server;
            this.done = done;
        }

        public InetSocketAddress address() {
            return server.address();
        }

        /// @throws ScriptFailed when something else happens than the script says
        public void run(Script script) {
            for (var step : script.steps()) {
                if (!step.calling()) {
                    ScriptRunner.this.run(step);
                }
            }
        }

        @Override
        public void close() throws IOException {
            done.countDown();
            server.close();
        }
    }

    private void run(Step step) {
        try {
            switch (step) {
                case Step.Send(_, _, var primitive) -> send(primitive);
                case Step.Refuse(var number, _, var primitive, var rule) -> refuse(number, primitive, rule);
                case Step.Expect(var number, _, var primitive) -> expect(number, primitive);
                case Step.Raw(_, _, var octets) -> line(step).raw(octets.duplicate());
                case Step.Close _ -> line(step).close();
                case Step.Closed _ -> closed(step);
            }
        } catch (SessionException | IllegalArgumentException e) {
            throw new ScriptFailed(step.line(), words(step) + ": " + e.getMessage());
        }
    }

    private void send(Primitive primitive) {
        var request = RequestWords.of(primitive);
        log.primitive(id, true, primitive);
        switch (request) {
            case Request.Connect r -> {
                confirm = line().confirm(r);
                line().session().ifPresent(session -> id = session.id());
            }
            case Request.Accept r -> call().accept(complete(call(), r, primitive));
            case Request.Refuse r -> call().refuse(r.reason(), r.keepTransport(), r.userData());
            case Request.Abort r -> session().abort(r.keepTransport(), r.userData());
            default -> session().request(request);
        }
    }

    /// What is left out of the response is as the caller proposes.
    static Request.Accept complete(OsiCall call, Request.Accept r, Primitive primitive) {
        var wanted = primitive.parameters().containsKey("units") ? r.requirements() : EnumSet.allOf(FunctionalUnit.class);
        var usual = call.answer(wanted, r.userData());
        return new Request.Accept(
                r.identifier(), r.respondingSelector().hasRemaining() ? r.respondingSelector() : usual.respondingSelector(),
                usual.requirements(), r.initialSerial().or(usual::initialSerial), r.secondInitialSerial().or(usual::secondInitialSerial),
                r.tokens().isEmpty() ? usual.tokens() : r.tokens(), r.pleaseTokens(), r.userData());
    }

    private void refuse(int number, Primitive primitive, String rule) {
        try {
            session().request(RequestWords.of(primitive));
        } catch (SessionException.OutOfSequence | SessionException.LimitReached e) {
            var words = String.valueOf(e.getMessage());
            log.remark(id, "refused, as it must be: " + primitive + ": " + words);
            if (!words.contains(rule)) {
                throw new ScriptFailed(number, "expected the words \"" + rule + "\" in the refusal, but it says: " + words);
            }
            return;
        }
        throw new ScriptFailed(number, primitive + " was allowed, and must be refused");
    }

    private void expect(int number, Primitive expected) {
        var arrived = IndicationWords.of(next(number, expected));
        log.primitive(id, false, arrived);
        if (!arrived.name().equals(expected.name())) {
            throw new ScriptFailed(number, "expected " + expected + ", but the peer sent " + arrived);
        }
        expected.parameters().forEach((name, value) -> {
            if (!value.equals(arrived.parameters().get(name))) {
                throw new ScriptFailed(number, "expected " + name + "=" + value + ", but the peer sent " + arrived);
            }
        });
    }

    private Indication next(int number, Primitive expected) {
        if (expected.name().equals("S-CONNECT indication")) {
            return nextCall(number).proposal();
        }
        var waiting = confirm;
        if (waiting != null) {
            confirm = null;
            return waiting;
        }
        return session().receive(patience).orElseThrow(() -> new ScriptFailed(
                number, "expected " + expected + ", but nothing came within " + patience.toMillis() + " ms"));
    }

    private OsiCall nextCall(int number) {
        try {
            var next = calls.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new ScriptFailed(number, "expected a call, but nobody called within " + patience.toMillis() + " ms");
            }
            call = next;
            line = next.line();
            id = next.id();
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while waiting for a call", e);
        }
    }

    private void closed(Step step) {
        if (!line(step).awaitClosed(patience)) {
            throw new ScriptFailed(step.line(), "expected the peer to close the transport connection within " + patience.toMillis() + " ms");
        }
        log.remark(id, "the transport connection is closed");
    }

    private OsiLine line(Step step) {
        return Optional.ofNullable(line).orElseThrow(() -> new ScriptFailed(step.line(), "there is no transport connection yet"));
    }

    private OsiLine line() {
        return Optional.ofNullable(line).orElseThrow(() -> new SessionException.OutOfSequence("there is no transport connection yet"));
    }

    private OsiCall call() {
        return Optional.ofNullable(call).orElseThrow(() -> new SessionException.OutOfSequence("nobody has called yet"));
    }

    private OsiSession session() {
        return line().session().orElseThrow(() -> new SessionException.OutOfSequence("there is no session yet"));
    }

    private static String words(Step step) {
        return switch (step) {
            case Step.Send(_, _, var primitive) -> "send " + primitive;
            case Step.Refuse(_, _, var primitive, _) -> "refuse " + primitive;
            case Step.Expect(_, _, var primitive) -> "expect " + primitive;
            case Step.Raw _ -> "raw";
            case Step.Close _ -> "close";
            case Step.Closed _ -> "closed";
        };
    }
}
