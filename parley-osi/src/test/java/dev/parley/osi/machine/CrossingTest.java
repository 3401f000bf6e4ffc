package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// SPDUs that cross each other where Annex A prints no row, or one that loses count: each meeting of decision 0005 that random users meet too
/// seldom to rely on.
class CrossingTest {
    private final List<Side.Line> log = new ArrayList<>();
    private final List<Indication> told = new ArrayList<>();
    private Side a = new Side("A", SessionOptions.DEFAULT, true, log, told::add);
    private Side b = new Side("B", SessionOptions.DEFAULT, true, log, told::add);

    /// E25: a data separation point of B lies between B's RESYNCHRONIZE and its data, so no PREPARE announces it, and the one that answers A
    /// overtakes it.
    @ParameterizedTest
    @EnumSource(value = FunctionalUnit.class, names = {"MINOR_SYNC", "SYMMETRIC_SYNC"})
    void aResynchronizationThatLostArrivesAfterThePrepareOfTheAnswer(FunctionalUnit synchronize) {
        connect(EnumSet.of(FunctionalUnit.DUPLEX, synchronize, FunctionalUnit.DATA_SEPARATION, FunctionalUnit.RESYNCHRONIZE,
                FunctionalUnit.EXPEDITED));
        b.request(new Request.SyncMinor(true, true, Spdu.NO_DATA));
        b.request(resynchronize(synchronize));
        a.request(resynchronize(synchronize));
        assertThat(a.hasExpedited()).as("B sent a PREPARE").isFalse();
        everything(b);
        assertThat(b.machine.state()).isEqualTo(State.STA11A);
        var asked = (Indication.Resynchronize) told.getLast();
        b.request(new Request.ResynchronizeResponse(asked.serial(), asked.secondSerial(), asked.tokens(), Spdu.NO_DATA));

        a.deliver(true);
        assertThat(a.machine.state()).isEqualTo(State.STA15C);
        everything(a);

        assertThat(log.stream().map(Side.Line::what)).filteredOn(Spdu.Resynchronize.class::isInstance).hasSize(2);
        assertThat(List.of(a.machine.state(), b.machine.state())).containsOnly(State.STA713);
        assertThat(numbers(a)).isEqualTo(numbers(b));
    }

    /// E22: A took an exception report for the answer to its point and resynchronizes one flow; the PREPARE overtakes the point.
    @ParameterizedTest
    @EnumSource(names = {"SyncMajor", "ActivityEnd"})
    void aPointThatComesAfterThePrepareOfTheOtherFlowIsCounted(Point point) {
        connect(EnumSet.of(FunctionalUnit.HALF_DUPLEX, FunctionalUnit.SYMMETRIC_SYNC, FunctionalUnit.MAJOR_SYNC, FunctionalUnit.RESYNCHRONIZE,
                FunctionalUnit.EXCEPTIONS, FunctionalUnit.EXPEDITED, FunctionalUnit.ACTIVITY));
        a.request(new Request.ActivityStart(ByteBuffer.allocate(1), Spdu.NO_DATA));
        everything(b);
        b.request(new Request.ExceptionReport(0, Spdu.NO_DATA));
        a.request(point == Point.SyncMajor ? new Request.SyncMajor(Spdu.NO_DATA) : new Request.ActivityEnd(Spdu.NO_DATA));
        everything(a);
        assertThat(a.machine.state()).isEqualTo(State.STA20);
        a.request(new Request.Resynchronize(
                Optional.empty(), Optional.empty(), Optional.of(ResyncType.SET), Optional.of(7L), Map.of(), Spdu.NO_DATA));

        b.deliver(true);
        assertThat(b.machine.state()).isEqualTo(State.STA15B);
        everything(b);
        var asked = (Indication.Resynchronize) told.getLast();
        b.request(new Request.ResynchronizeResponse(asked.serial(), asked.secondSerial(), asked.tokens(), Spdu.NO_DATA));
        everything(a);

        assertThat(List.of(a.machine.state(), b.machine.state())).containsOnly(State.STA713);
        assertThat(numbers(a)).isEqualTo(numbers(b)).contains(2L);
    }

    private enum Point { SyncMajor, ActivityEnd }

    private static Request resynchronize(FunctionalUnit synchronize) {
        boolean both = synchronize == FunctionalUnit.SYMMETRIC_SYNC;
        return new Request.Resynchronize(
                Optional.of(ResyncType.ABANDON), Optional.empty(), both ? Optional.of(ResyncType.ABANDON) : Optional.empty(), Optional.empty(),
                Map.of(), Spdu.NO_DATA);
    }

    private void connect(Set<FunctionalUnit> units) {
        a.join(b);
        b.join(a);
        b.below(Event.FromBelow.CONNECT_INDICATION);
        var tokens = Map.of(Token.MINOR, Token.Side.ACCEPTOR);
        a.request(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, units, Optional.of(0L), Optional.of(0L), tokens, Spdu.NO_DATA));
        a.below(Event.FromBelow.CONNECT_CONFIRM);
        everything(b);
        b.request(new Request.Accept(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, units, Optional.of(0L), Optional.of(0L), tokens, Set.of(), Spdu.NO_DATA));
        everything(a);
    }

    /// The expedited flow first.
    private static void everything(Side side) {
        while (!side.isQuiet()) {
            side.deliver(true);
        }
    }

    /// What both must agree on: each sending flow as its receiver counts it.
    private List<Long> numbers(Side side) {
        var v = side.variables;
        return !v.symmetric() ? List.of(v.m, v.a, v.r)
                : side == a ? List.of(v.ms, v.as, v.rs, v.mr, v.ar, v.rr) : List.of(v.mr, v.ar, v.rr, v.ms, v.as, v.rs);
    }
}
