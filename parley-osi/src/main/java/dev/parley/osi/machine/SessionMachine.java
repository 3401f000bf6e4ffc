package dev.parley.osi.machine;

import dev.parley.api.SessionException;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The session protocol machine of X.225: one event in, the effects in order out. Pure. Not thread safe.
public final class SessionMachine {
    /// The states in which A.4.1.2 b) lets a protocol error become an exception report.
    private static final Set<State> REPORTS_ERRORS = EnumSet.of(
            State.STA04A, State.STA04B, State.STA05A, State.STA05B, State.STA05C, State.STA06, State.STA10A, State.STA10B, State.STA11A,
            State.STA11B, State.STA11C, State.STA15A, State.STA15B, State.STA15C, State.STA19, State.STA20, State.STA22, State.STA713);
    private static final int MOST_REFLECTED_IN_ABORT = 9;
    private static final int MOST_REFLECTED = 1024;

    private final Variables v;
    private State state;

    public SessionMachine() {
        this(SessionOptions.DEFAULT);
    }

    public SessionMachine(SessionOptions options) {
        this(new Variables(options), State.STA01);
    }

    /// In the middle of a connection: for tests of one cell.
    SessionMachine(Variables v, State state) {
        this.v = v;
        this.state = state;
    }

    public State state() {
        return state;
    }

    /// TEXP: tells before the transport connection is confirmed or indicated whether it has an expedited flow.
    public void transportExpedited(boolean available) {
        v.transportExpedited = available;
    }

    public boolean owns(Token token) {
        return v.availableAndOwned(token);
    }

    public boolean activityInProgress() {
        return v.activity;
    }

    /// FU(f): the functional units that both sides selected; empty before.
    public Set<FunctionalUnit> units() {
        return v.units;
    }

    public Negotiated negotiated() {
        return v.negotiated;
    }

    /// V(M): the serial number that the next synchronization point gets (V(Ms) with symmetric synchronize).
    public long nextSerial() {
        return v.symmetric() ? v.ms : v.m;
    }

    /// V(A): the lowest serial number whose confirmation is outstanding.
    public long lowestUnconfirmed() {
        return v.symmetric() ? v.as : v.a;
    }

    /// @throws SessionException.OutOfSequence when it is a request that the tables do not allow now; nothing changed
    /// @throws SessionException.LimitReached when a request has too much user data, or no serial number is left; nothing changed
    public List<Effect> handle(Event event) {
        var effects = new ArrayList<Effect>(2);
        step(event, effects);
        return effects;
    }

    private void step(Event event, List<Effect> effects) {
        boolean symmetric = v.symmetric() || acceptsSymmetric(event);
        var table = symmetric ? Table.SYMMETRIC : Table.ASYMMETRIC;
        var symbol = event.symbol(symmetric);
        for (var rule : table.cell(state, symbol)) {
            if (rule.holds(v, event)) {
                take(rule, event, effects);
                return;
            }
        }
        // An empty cell, or one where nothing holds (A.4.1): who is to blame?
        switch (event) {
            case Event.FromUser(var request) -> throw new SessionException.OutOfSequence(
                    symbol + " (" + request.getClass().getSimpleName() + ") is not allowed now: the session is in state " + state + ", "
                            + state.meaning() + (v.activity ? ", an activity is in progress" : "") + ", own tokens " + v.owned);
            case Event.FromPeer(var spdu) -> invalid(spdu, "", effects);
            case Event.FromBelow _ -> effects.add(new Effect.DisconnectTransport());
        }
    }

    /// What the cell does not print but clause 7 demands is checked first, so that nothing has changed when it is broken.
    private void take(Table.Rule rule, Event event, List<Effect> effects) {
        switch (event) {
            case Event.FromUser(var request) when state != State.STA15D -> RequestRules.check(request, v);
            case Event.FromPeer(var spdu) when !discards() -> {
                var broken = SpduRules.broken(spdu, rule, v);
                if (broken != null) {
                    invalid(spdu, ": " + broken, effects);
                    return;
                }
                if (spdu instanceof Spdu.Connect connect && state == State.STA01C) {
                    v.forget();
                    v.connect = connect;
                    v.proposed = connect.requirements();
                }
            }
            default -> {}
        }
        apply(rule, event, effects);
        if (event instanceof Event.FromPeer(Spdu.Accept ac) && state == State.STA713 && !ac.pleaseTokens().isEmpty()) {
            // A Token Item in the ACCEPT counts as a PLEASE TOKENS that follows (Table 14).
            step(new Event.FromPeer(new Spdu.PleaseTokens(ac.pleaseTokens(), Enclosure.ABSENT, Spdu.NO_DATA)), effects);
        }
    }

    private void apply(Table.Rule rule, Event event, List<Effect> effects) {
        var steps = new Steps(v, effects);
        for (var step : rule.steps()) {
            steps.run(step, event);
        }
        enter(rule.to());
        for (var step : rule.after()) {
            if (step.name().equals("[6]")) {
                // What is still too early queues up again, so this goes through the queue once.
                for (int left = v.queued.size(); left > 0 && !v.queued.isEmpty(); left--) {
                    step(v.queued.remove(), effects);
                }
            } else {
                steps.run(step, event);
            }
        }
    }

    private void enter(State next) {
        // The printed [29] and [30] reset less than [16] has set; nothing is resynchronized in the data transfer state (our erratum E4).
        if (next == State.STA713) {
            v.clearResynchronization();
        } else if (next == State.STA01C && state != State.STA01B || next == State.STA01) {
            v.forget();
        }
        state = next;
    }

    /// States after an abort, or before a connection: what arrives now belongs to no session connection.
    private boolean discards() {
        return switch (state) {
            case STA01, STA01A, STA15D, STA16 -> true;
            default -> false;
        };
    }

    /// A protocol error of the peer (A.4.1.2). Where there is no session connection yet, the transport is closed.
    private void invalid(Spdu spdu, String why, List<Effect> effects) {
        if (!discards()) {
            protocolError("the peer broke the protocol: " + spdu.symbol() + " in state " + state + ", " + state.meaning() + why,
                    reflect(spdu), effects);
        }
    }

    /// The peer sent octets that are no valid SPDU (A.4.3.2): as for a valid one at the wrong time.
    public List<Effect> malformed(String words) {
        return malformed(words, Spdu.NO_DATA);
    }

    /// @param octets the TSDU, of which the beginning is reflected to the peer
    public List<Effect> malformed(String words, ByteBuffer octets) {
        var effects = new ArrayList<Effect>(3);
        if (!discards()) {
            protocolError(words, octets, effects);
        }
        return effects;
    }

    private void protocolError(String words, ByteBuffer octets, List<Effect> effects) {
        if (state == State.STA01C || state == State.STA01D) {
            effects.add(new Effect.DisconnectTransport());
            enter(State.STA01);
        } else if (v.options.reportErrors() && mayReport()) {
            // Procedure (b): the exception is reported to both users.
            effects.add(new Effect.Send(new Spdu.ExceptionReport(first(octets, MOST_REFLECTED))));
            effects.add(new Effect.Indicate(new Indication.ProviderExceptionReport(words, Spdu.NO_DATA)));
            enter(State.STA20);
        } else {
            effects.add(new Effect.Indicate(new Indication.ProviderAbort(words, Spdu.NO_DATA)));
            effects.add(new Effect.Send(new Spdu.Abort(
                    false, Spdu.AbortCause.PROTOCOL_ERROR, Enclosure.ABSENT,
                    octets.hasRemaining() ? Optional.of(first(octets, MOST_REFLECTED_IN_ABORT)) : Optional.empty(), Spdu.NO_DATA)));
            effects.add(new Effect.StartTimer());
            enter(State.STA16);
        }
    }

    private boolean mayReport() {
        return REPORTS_ERRORS.contains(state)
                && v.has(FunctionalUnit.EXCEPTIONS)
                && v.availableNotOwned(Token.DATA)
                && (!v.has(FunctionalUnit.ACTIVITY) || v.activity || state == State.STA22);
    }

    private static ByteBuffer first(ByteBuffer octets, int most) {
        return octets.hasRemaining() ? octets.slice(octets.position(), Math.min(most, octets.remaining())) : ByteBuffer.allocate(1);
    }

    private static ByteBuffer reflect(Spdu spdu) {
        return SpduCodec.encode(spdu)[0];
    }

    /// The ACCEPT decides which set of tables holds, so it is read with the set that it selects.
    private boolean acceptsSymmetric(Event event) {
        var units = switch (event) {
            case Event.FromPeer(Spdu.Accept s) -> s.requirements();
            case Event.FromUser(Request.Accept r) -> r.requirements();
            default -> Set.<FunctionalUnit>of();
        };
        return units.contains(FunctionalUnit.SYMMETRIC_SYNC) && v.proposed.contains(FunctionalUnit.SYMMETRIC_SYNC);
    }
}
