package dev.parley.osi.machine;

import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The session protocol machine of X.225: one event in, the effects in order out. Pure. Not thread safe.
public final class SessionMachine {
    private final Variables v = new Variables();
    private State state = State.STA01;

    public State state() {
        return state;
    }

    public boolean owns(Token token) {
        return v.availableAndOwned(token);
    }

    public boolean activityInProgress() {
        return v.activity;
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
    public List<Effect> handle(Event event) {
        var effects = new ArrayList<Effect>();
        step(event, effects);
        return effects;
    }

    private void step(Event event, List<Effect> effects) {
        boolean symmetric = v.symmetric() || acceptsSymmetric(event);
        var table = symmetric ? Table.SYMMETRIC : Table.ASYMMETRIC;
        var symbol = event.symbol(symmetric);
        remember(event);
        for (var rule : table.cell(state, symbol)) {
            if (rule.when().stream().allMatch(term -> term.predicate().holds(v, event) == term.holds())) {
                apply(rule, event, effects);
                return;
            }
        }
        // An empty cell, or one where nothing holds (A.4.1): who is to blame?
        switch (event) {
            case Event.FromUser(var request) -> throw new SessionException.OutOfSequence(
                    symbol + " (" + request.getClass().getSimpleName() + ") is not allowed now: the session is in state " + state + ", "
                            + state.meaning() + (v.activity ? ", an activity is in progress" : "") + ", own tokens " + v.owned);
            case Event.FromPeer(var spdu) -> invalid(spdu, effects);
            case Event.FromBelow _ -> effects.add(new Effect.DisconnectTransport());
        }
    }

    private void apply(Table.Rule rule, Event event, List<Effect> effects) {
        var steps = new Steps(v, effects);
        rule.steps().forEach(step -> steps.run(step, event));
        enter(rule.to());
        for (var step : rule.after()) {
            if (step.equals("[6]")) {
                for (var queued = v.queued.poll(); queued != null; queued = v.queued.poll()) {
                    step(queued, effects);
                }
            } else {
                steps.run(step, event);
            }
        }
        if (state == State.STA15B && !v.symmetric()) {
            // 7.24.2.2: after PREPARE (RESYNCHRONIZE) data is discarded; the printed row has no action for it (our erratum E3).
            v.discardReceiving = true;
            v.discardSending = true;
        }
    }

    private void enter(State next) {
        if (next == State.STA713) {
            v.clearResynchronization();
        }
        state = next;
    }

    /// Procedure (a) of A.4.1.2: tell both users, abort. Where there is no session connection yet, the transport is closed.
    private void invalid(Spdu spdu, List<Effect> effects) {
        if (state == State.STA01 || state == State.STA16 || state == State.STA01A) {
            return;
        }
        if (state == State.STA01C || state == State.STA01D) {
            enter(State.STA01);
            effects.add(new Effect.DisconnectTransport());
            return;
        }
        effects.add(new Effect.Indicate(new dev.parley.osi.Indication.ProviderAbort(
                "the peer broke the protocol: " + spdu.symbol() + " in state " + state + ", " + state.meaning(), Spdu.NO_DATA)));
        abort(effects);
    }

    /// The peer sent octets that are no valid SPDU: procedure (a).
    public List<Effect> malformed(String words) {
        var effects = new ArrayList<Effect>();
        if (state == State.STA01 || state == State.STA01C || state == State.STA01D) {
            enter(State.STA01);
            effects.add(new Effect.DisconnectTransport());
        } else if (state != State.STA16 && state != State.STA01A) {
            effects.add(new Effect.Indicate(new dev.parley.osi.Indication.ProviderAbort(words, Spdu.NO_DATA)));
            abort(effects);
        }
        return effects;
    }

    private void abort(List<Effect> effects) {
        effects.add(new Effect.Send(
                new Spdu.Abort(false, Spdu.AbortCause.PROTOCOL_ERROR, Enclosure.ABSENT, Optional.empty(), Spdu.NO_DATA)));
        effects.add(new Effect.StartTimer());
        enter(State.STA16);
    }

    /// What a CONNECT proposed is needed before the table is asked: it decides which functional units are selected.
    private void remember(Event event) {
        switch (event) {
            case Event.FromPeer(Spdu.Connect c) when state == State.STA01C -> {
                v.connect = c;
                v.connectData = Spdu.NO_DATA;
                v.proposed = c.requirements();
                v.units = java.util.Set.of();
                v.owned.clear();
            }
            case Event.FromUser(Request.Connect r) when state == State.STA01 -> {
                v.connect = (Spdu.Connect) Outputs.spdu(r, v, false);
                v.connectData = r.userData();
                v.proposed = v.connect.requirements();
            }
            default -> {}
        }
    }

    /// The ACCEPT decides which set of tables holds, so it is read with the set that it selects.
    private boolean acceptsSymmetric(Event event) {
        var units = switch (event) {
            case Event.FromPeer(Spdu.Accept s) -> s.requirements();
            case Event.FromUser(Request.Accept r) -> r.requirements();
            default -> java.util.Set.<dev.parley.osi.FunctionalUnit>of();
        };
        return units.contains(dev.parley.osi.FunctionalUnit.SYMMETRIC_SYNC)
                && v.proposed.contains(dev.parley.osi.FunctionalUnit.SYMMETRIC_SYNC);
    }
}
