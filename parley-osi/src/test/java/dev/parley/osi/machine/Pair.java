package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionException;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/// Two machines joined by a line, with two random users, from one seed. See [PairSimulationTest].
final class Pair {
    private static final List<Set<FunctionalUnit>> COMBINATIONS = combinations();

    final List<Side.Line> log = new ArrayList<>();
    private final Random random;
    final Puppet a;
    private final Puppet b;
    private final Side sideA;
    private final Side sideB;

    Pair(long seed) {
        random = new Random(seed);
        var units = COMBINATIONS.get((int) Math.floorMod(seed * 7919, (long) COMBINATIONS.size()));
        boolean expedited = units.contains(FunctionalUnit.EXPEDITED);
        var options = SessionOptions.DEFAULT.withSsdu(5_000).withConcatenation(random.nextBoolean(), random.nextBoolean());
        if (random.nextBoolean()) {
            options = options.withTsduSizes(random.nextInt(40, 200), random.nextInt(40, 200));
        }
        a = new Puppet(true, random, units);
        b = new Puppet(false, random, units);
        sideA = new Side("A", options, expedited, log, a::indication);
        sideB = new Side("B", options.withConcatenation(random.nextBoolean(), random.nextBoolean()), expedited, log, b::indication);
        sideA.join(sideB);
        sideB.join(sideA);
    }

    boolean live() {
        connect();
        for (int step = 0; step < 60 && !a.over && !b.over; step++) {
            switch (random.nextInt(5)) {
                case 0 -> act(a, sideA);
                case 1 -> act(b, sideB);
                case 2 -> deliver(sideA);
                case 3 -> deliver(sideB);
                default -> {
                    // A quiet line, now and then: everything that is on its way arrives.
                    if (random.nextInt(6) == 0) {
                        quiet();
                        agree();
                    }
                }
            }
        }
        settle();
        boolean released = a.over && b.over;
        finish();
        return released;
    }

    private void connect() {
        sideB.below(Event.FromBelow.CONNECT_INDICATION);
        issue(a, sideA, a.connect());
        sideA.below(Event.FromBelow.CONNECT_CONFIRM);
        quiet();
        reply(b, sideB);
        quiet();
        assertThat(sideA.machine.state()).isEqualTo(State.STA713);
        agree();
    }

    private void act(Puppet p, Side side) {
        if (p.over) {
            return;
        }
        if (p.unanswered != null && random.nextBoolean()) {
            reply(p, side);
            return;
        }
        issue(p, side, Wishes.random(p, side.variables));
    }

    private void reply(Puppet p, Side side) {
        var question = Objects.requireNonNull(p.unanswered);
        var answer = Wishes.answer(p, question);
        if (!issue(p, side, answer) && !waitsForTheOther(p, question)) {
            throw new AssertionError(side.name + " may not answer " + question + " with " + answer + " in " + side.machine.state());
        }
    }

    /// After colliding releases the calling user answers first (X.215 14.1.3).
    private static boolean waitsForTheOther(Puppet p, Indication question) {
        return question instanceof Indication.Release && !p.calling && p.waiting instanceof Request.Release;
    }

    private boolean issue(Puppet p, Side side, Request request) {
        boolean free = p.isFree();
        // Reading every variable is slow, so only now and then.
        var before = random.nextInt(16) == 0 ? Worlds.values(side.variables) : null;
        var state = side.machine.state();
        try {
            side.request(request);
        } catch (SessionException.OutOfSequence refused) {
            if (before != null) {
                assertThat(Worlds.values(side.variables)).as("a refused request changes nothing").isEqualTo(before);
            }
            // The user does not see whether the peer has taken the control that was given (STA18), nor that what it asks after a PREPARE is
            // dropped (STA15B), tokens given among them.
            if (free && state != State.STA18 && state != State.STA15B && Boolean.TRUE.equals(Wishes.allowed(p, request))) {
                throw new AssertionError(side.name + " refused " + request + ", which X.215 allows: " + refused.getMessage(), refused);
            }
            return false;
        }
        // After a PREPARE requests are taken and dropped, so the user's books may say less than what the machine knows.
        boolean announced = state == State.STA15B || state == State.STA15D;
        if (free && !announced && Boolean.FALSE.equals(Wishes.allowed(p, request))) {
            throw new AssertionError(side.name + " took " + request + ", which X.215 forbids; state was " + state);
        }
        books(p, side, request);
        return true;
    }

    private void books(Puppet p, Side side, Request request) {
        p.done(request);
        if (request instanceof Request.Accept) {
            p.accepted(side.machine.units(), Map.of());
            for (var token : Token.values()) {
                if (side.machine.owns(token)) {
                    p.owned.add(token);
                }
            }
        }
        if (request instanceof Request.ResynchronizeResponse) {
            p.unanswered = null;
            p.owned.clear();
            for (var token : Token.values()) {
                if (side.machine.owns(token)) {
                    p.owned.add(token);
                }
            }
        }
    }

    private void deliver(Side side) {
        if (!side.isQuiet()) {
            side.deliver(random.nextBoolean());
            nobodyIsToBlame();
        }
    }

    private void quiet() {
        while (!sideA.isQuiet() || !sideB.isQuiet()) {
            deliver(random.nextBoolean() ? sideA : sideB);
        }
    }

    private void nobodyIsToBlame() {
        if ((sideA.machine.state() == State.STA16 || sideB.machine.state() == State.STA16) && !a.over && !b.over) {
            throw new AssertionError("a side found a protocol error: " + log.getLast());
        }
    }

    /// Both answer what is asked until nobody waits.
    private void settle() {
        for (int round = 0; round < 40; round++) {
            quiet();
            if (a.over && b.over) {
                return;
            }
            boolean busy = false;
            for (var p : List.of(a, b)) {
                var side = p == a ? sideA : sideB;
                if (!p.over && p.unanswered != null) {
                    reply(p, side);
                    busy = true;
                } else if (!p.over && side.machine.state() == State.STA20) {
                    issue(p, side, new Request.GiveTokens(EnumSet.of(Token.DATA), p.data()));
                    busy = true;
                }
            }
            if (!busy) {
                break;
            }
        }
        quiet();
        if (!a.over && !b.over) {
            assertThat(List.of(sideA.machine.state(), sideB.machine.state())).as("nobody is stuck").containsOnly(State.STA713);
            agree();
        }
    }

    /// What both know of the session connection is the same while nothing is on its way.
    private void agree() {
        if (!a.connected || !b.connected || a.over || b.over) {
            return;
        }
        var v = sideA.variables;
        var w = sideB.variables;
        assertThat(v.units).isEqualTo(w.units);
        boolean settled = sideA.machine.state() == State.STA713 && sideB.machine.state() == State.STA713;
        if (!settled) {
            return;
        }
        assertThat(v.activity).as("activity in progress").isEqualTo(w.activity);
        for (var token : Token.values()) {
            if (v.available(token)) {
                assertThat(v.owned.contains(token)).as("who has the " + token + " token").isNotEqualTo(w.owned.contains(token));
            }
            assertThat(a.owned.contains(token)).as("the calling user's books: " + token).isEqualTo(sideA.machine.owns(token));
            assertThat(b.owned.contains(token)).as("the called user's books: " + token).isEqualTo(sideB.machine.owns(token));
        }
        if (v.has(FunctionalUnit.ACTIVITY) && !v.activity) {
            // An interrupted or discarded activity leaves numbers behind that mean nothing until the next one begins.
            return;
        }
        if (v.symmetric()) {
            assertThat(List.of(v.ms, v.as, v.rs, v.mr, v.ar, v.rr)).as("V(Ms) V(As) V(Rs) V(Mr) V(Ar) V(Rr)")
                    .isEqualTo(List.of(w.mr, w.ar, w.rr, w.ms, w.as, w.rs));
        } else {
            assertThat(List.of(v.m, v.a, v.r)).as("V(M) V(A) V(R)").isEqualTo(List.of(w.m, w.a, w.r));
        }
    }

    /// Any session connection ends: what was not released is aborted.
    private void finish() {
        if (!a.over) {
            issue(a, sideA, new Request.Abort(random.nextBoolean(), a.data()));
        }
        quiet();
        for (var side : List.of(sideA, sideB)) {
            if (side.machine.state() != State.STA01) {
                side.below(Event.FromBelow.DISCONNECT_INDICATION);
            }
            assertThat(side.machine.state()).isEqualTo(State.STA01);
        }
    }

    /// Every set of units that an ACCEPT may select; expedited data stands for a transport connection with an expedited flow.
    private static List<Set<FunctionalUnit>> combinations() {
        var all = new ArrayList<Set<FunctionalUnit>>();
        for (int bits = 0; bits < 1 << FunctionalUnit.values().length; bits++) {
            var units = FunctionalUnit.ofBits(bits);
            if (Units.wrongProposal(units) == null && Units.wrongAnswer(units, units) == null) {
                all.add(Set.copyOf(units));
            }
        }
        return all;
    }
}
