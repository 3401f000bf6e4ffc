package dev.parley.osi.machine;

import static dev.parley.osi.Token.Side.ACCEPTOR;
import static dev.parley.osi.Token.Side.ACCEPTOR_CHOOSES;
import static dev.parley.osi.Token.Side.REQUESTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The specific actions of Table A.6 whose result depends on what the event carries, each against its definition; the plain ones are in
/// [ActionTest].
class ActionByEventTest {
    private static final Enclosure WHOLE = Enclosure.ABSENT;

    @Test
    void action3And4StopAndStartTheTimer() {
        var effects = new ArrayList<Effect>();
        var steps = new Steps(new Variables(SessionOptions.DEFAULT), effects);

        steps.run(Table.Step.of("[4]"), Event.FromBelow.TIMER);
        steps.run(Table.Step.of("[3]"), Event.FromBelow.TIMER);

        assertThat(effects).containsExactly(new Effect.StartTimer(), new Effect.StopTimer());
    }

    @Test
    void action5TakesTheNumberOfTheAcceptAndTheCommonUnits() {
        for (var event : accepts(FunctionalUnit.MINOR_SYNC)) {
            var v = used(FunctionalUnit.MINOR_SYNC);

            Actions.run(5, v, event);

            assertThat(v.units).containsExactlyInAnyOrder(FunctionalUnit.DUPLEX, FunctionalUnit.MINOR_SYNC);
            assertThat(List.of(v.a, v.m, v.r)).containsExactly(4L, 4L, 0L);
            assertThat(List.of(v.finishCollision, v.mayAnswer, v.disconnectReceived, v.activity)).containsOnly(false);
            assertThat(List.of(v.separatedOut, v.separatedIn)).containsOnly(-1L);
            assertThat(v.resync).isEqualTo(Resync.NONE);
        }
    }

    @Test
    void action71GivesEachFlowItsNumberTheFirstToTheCallingSide() {
        for (var event : accepts(FunctionalUnit.SYMMETRIC_SYNC)) {
            var v = used(FunctionalUnit.SYMMETRIC_SYNC);

            Actions.run(71, v, event);

            boolean calling = event instanceof Event.FromPeer;
            assertThat(List.of(v.as, v.ms, v.rs)).containsExactly(calling ? 4L : 9L, calling ? 4L : 9L, 0L);
            assertThat(List.of(v.ar, v.mr, v.rr)).containsExactly(calling ? 9L : 4L, calling ? 9L : 4L, 0L);
            assertThat(List.of(v.resyncSending, v.resyncReceiving)).containsOnly(Resync.NONE);
            assertThat(List.of(v.discardSending, v.discardReceiving, v.finishCollision)).containsOnly(false);
            assertThat(List.of(v.separatedOut, v.separatedIn)).containsOnly(-1L);
        }
    }

    @Test
    void action9TakesTheTransportDisconnectOfTheFinish() {
        var v = used();
        for (boolean keep : new boolean[] {true, false}) {
            Actions.run(9, v, new Event.FromPeer(new Spdu.Finish(keep, WHOLE, Spdu.NO_DATA)));
            assertThat(v.reuse).isEqualTo(keep);
        }
    }

    /// [10] queues, [6] hands over in the same order; what is still early waits for the next [6].
    @Test
    void action10QueuesAndAction6Replays() {
        var v = used(FunctionalUnit.EXPEDITED);
        v.transportExpedited = true;
        v.units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.EXPEDITED, FunctionalUnit.RESYNCHRONIZE, FunctionalUnit.MAJOR_SYNC);
        v.owned.add(Token.MAJOR_ACTIVITY);
        v.m = 5;
        v.a = 4;
        var machine = new SessionMachine(v, State.STA15A);

        machine.handle(new Event.FromPeer(new Spdu.Prepare(Spdu.PrepareType.RESYNCHRONIZE, Optional.empty(), Optional.empty())));
        assertThat(v.queued).hasSize(1);
        machine.handle(new Event.FromPeer(new Spdu.MajorSyncAck(WHOLE, Optional.of(4L), Optional.empty(), Spdu.NO_DATA)));

        assertThat(v.queued).isEmpty();
        assertThat(machine.state()).isEqualTo(State.STA15B);
    }

    @Test
    void action11MovesTheTokensThatTheEventNames() {
        var v = tokens(Token.DATA, Token.MINOR);
        Actions.run(11, v, new Event.FromUser(new Request.GiveTokens(Set.of(Token.DATA), Spdu.NO_DATA)));
        assertThat(v.owned).containsExactly(Token.MINOR);

        Actions.run(11, v, new Event.FromPeer(new Spdu.GiveTokens(Set.of(Token.RELEASE), WHOLE, Spdu.NO_DATA)));
        assertThat(v.owned).containsExactlyInAnyOrder(Token.MINOR, Token.RELEASE);

        Actions.run(11, v, new Event.FromPeer(new Spdu.GiveTokensConfirm(WHOLE, Spdu.NO_DATA)));
        assertThat(v.owned).containsExactlyInAnyOrder(Token.values());

        Actions.run(11, v, new Event.FromUser(new Request.GiveControl(Spdu.NO_DATA)));
        assertThat(v.owned).isEmpty();
    }

    @Test
    void action11PlacesTheTokensAsAResynchronizationWasAnswered() {
        var v = tokens(Token.DATA, Token.MINOR);
        Actions.run(11, v, new Event.FromPeer(new Spdu.ResynchronizeAck(
                WHOLE, Map.of(Token.DATA, ACCEPTOR, Token.MINOR, REQUESTOR, Token.RELEASE, REQUESTOR, Token.MAJOR_ACTIVITY, ACCEPTOR),
                Optional.empty(), Optional.of(1L), Optional.empty(), Optional.empty(), Spdu.NO_DATA)));
        assertThat(v.owned).containsExactlyInAnyOrder(Token.MINOR, Token.RELEASE);

        // What the RESYNCHRONIZE left open is as our user says, the rest as it asked.
        v.resyncTokens = Map.of(Token.DATA, ACCEPTOR_CHOOSES, Token.MINOR, REQUESTOR, Token.RELEASE, ACCEPTOR, Token.MAJOR_ACTIVITY, REQUESTOR);
        Actions.run(11, v, new Event.FromUser(new Request.ResynchronizeResponse(
                Optional.of(1L), Optional.empty(), Map.of(Token.DATA, ACCEPTOR, Token.MINOR, ACCEPTOR), Spdu.NO_DATA)));
        assertThat(v.owned).containsExactlyInAnyOrder(Token.DATA, Token.RELEASE);
    }

    @Test
    void action16OfSymmetricSynchronizeKeepsEachFlowApart() {
        var v = used(FunctionalUnit.SYMMETRIC_SYNC);
        v.units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.SYMMETRIC_SYNC, FunctionalUnit.RESYNCHRONIZE);
        v.clearResynchronization();

        // The first type of what the peer asks is the flow that we receive.
        Actions.run(16, v, new Event.FromPeer(resynchronize(Optional.of(ResyncType.RESTART), 3, Optional.empty(), 0)));

        assertThat(v.resyncReceiving).isEqualTo(Resync.RESTART);
        assertThat(v.resyncReceivingSerial).isEqualTo(3);
        assertThat(v.resyncSending).isEqualTo(Resync.NONE);
        assertThat(List.of(v.discardReceiving, v.discardSending)).containsExactly(true, false);
    }

    @Test
    void action19RaisesAnAbandonedNumberOnly() {
        var v = used(FunctionalUnit.RESYNCHRONIZE);
        for (long received : new long[] {2, 9}) {
            v.m = 5;
            Actions.run(19, v, new Event.FromPeer(new Spdu.Resynchronize(
                    WHOLE, Map.of(), Optional.of(ResyncType.ABANDON), Optional.of(received), Optional.empty(), Optional.empty(), Spdu.NO_DATA)));
            assertThat(v.m).isEqualTo(Math.max(5, received));
        }

        v.units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.SYMMETRIC_SYNC);
        v.mr = 5;
        v.ms = 5;
        Actions.run(19, v, new Event.FromPeer(resynchronize(Optional.of(ResyncType.ABANDON), 8, Optional.of(ResyncType.SET), 9)));
        assertThat(List.of(v.mr, v.ms)).as("E16: the flow that is set keeps its number until the answer").containsExactly(8L, 5L);
    }

    @Test
    void actions29And30EndTheActivityWithAllTokensOnOneSide() {
        for (int number : new int[] {29, 30}) {
            var v = tokens(Token.MINOR);
            v.activity = true;
            v.resync = Resync.INTERRUPT;
            v.discardReceiving = true;

            Actions.run(number, v, Event.FromBelow.TIMER);

            assertThat(v.owned).hasSize(number == 29 ? 4 : 0);
            assertThat(v.activity).isFalse();
            assertThat(v.resync).isEqualTo(Resync.NONE);
            assertThat(v.discardReceiving).as("E4").isFalse();
        }
    }

    @Test
    void action50KeepsUserDataInOrder() {
        var v = used();
        v.connectData = Spdu.NO_DATA;
        for (int part = 1; part <= 5; part++) {
            Actions.run(50, v, new Event.FromPeer(new Spdu.ConnectDataOverflow(
                    Enclosure.of(false, part == 5), ByteBuffer.wrap(new byte[] {(byte) part, (byte) -part}))));
        }
        assertThat(v.connectData).isEqualTo(ByteBuffer.wrap(new byte[] {1, -1, 2, -2, 3, -3, 4, -4, 5, -5}));
    }

    @Test
    void action51SendsAllThatIsLeftInPiecesOfTheirLargestSize() {
        var v = used();
        v.connectData = ByteBuffer.allocate(10_240 + 65_000 + 7);
        var effects = new ArrayList<Effect>();

        new Steps(v, effects).run(Table.Step.of("[51]"), Event.FromBelow.TIMER);

        assertThat(effects).map(e -> (Spdu.ConnectDataOverflow) ((Effect.Send) e).spdu()).satisfiesExactly(
                first -> assertThat(first).matches(s -> s.userData().remaining() == 65_000 && !s.enclosure().end()),
                last -> assertThat(last).matches(s -> s.userData().remaining() == 7 && s.enclosure().end()));
    }

    @Test
    void action67MarksTheFlowsThatThePrepareNames() {
        var v = used();
        v.discardReceiving = false;
        v.discardSending = false;
        Actions.run(67, v, new Event.FromPeer(
                new Spdu.Prepare(Spdu.PrepareType.RESYNCHRONIZE, Optional.empty(), Optional.of(ResyncType.SET))));
        // The second type is the requestor's receiving flow.
        assertThat(List.of(v.discardReceiving, v.discardSending)).containsExactly(false, true);
    }

    @Test
    void action68SettlesEachFlowThatHasANumber() {
        var v = used(FunctionalUnit.SYMMETRIC_SYNC);
        v.units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.SYMMETRIC_SYNC, FunctionalUnit.RESYNCHRONIZE);
        v.resyncSending = Resync.SET;
        v.resyncReceiving = Resync.RESTART;
        v.discardSending = true;
        v.discardReceiving = true;
        v.rs = 2;
        v.rr = 2;
        v.mr = 6;

        // Our answer: its second number is the flow that we send.
        Actions.run(68, v, new Event.FromUser(
                new Request.ResynchronizeResponse(Optional.empty(), Optional.of(7L), Map.of(), Spdu.NO_DATA)));
        assertThat(List.of(v.ms, v.as, v.rs)).containsExactly(7L, 7L, 0L);
        assertThat(v.resyncSending).isEqualTo(Resync.NONE);
        assertThat(v.discardSending).isFalse();
        assertThat(List.of(v.mr, v.rr)).containsExactly(6L, 2L);
        assertThat(v.discardReceiving).isTrue();

        Actions.run(68, v, new Event.FromUser(
                new Request.ResynchronizeResponse(Optional.of(3L), Optional.empty(), Map.of(), Spdu.NO_DATA)));
        assertThat(List.of(v.mr, v.ar, v.rr)).as("a restart leaves V(Rr)").containsExactly(3L, 3L, 2L);
        assertThat(v.discardReceiving).isFalse();
        assertThat(List.of(v.separatedOut, v.separatedIn)).containsOnly(-1L);
    }

    @Test
    void action69ContinuesBothFlowsAfterTheNumbersOfTheResume() {
        for (boolean ours : new boolean[] {true, false}) {
            var v = used(FunctionalUnit.SYMMETRIC_SYNC);
            var id = ByteBuffer.allocate(1);
            Actions.run(69, v, ours
                    ? new Event.FromUser(new Request.ActivityResume(
                            id, id, 3, Optional.of(8L), ConnectionIdentifier.NONE, Optional.empty(), Spdu.NO_DATA))
                    : new Event.FromPeer(new Spdu.ActivityResume(
                            WHOLE, ConnectionIdentifier.NONE, Optional.empty(), id, 3, Optional.of(8L), id, Spdu.NO_DATA)));

            assertThat(List.of(v.ms, v.as, v.rs)).containsExactly(ours ? 4L : 9L, ours ? 4L : 9L, 1L);
            assertThat(List.of(v.mr, v.ar, v.rr)).containsExactly(ours ? 9L : 4L, ours ? 9L : 4L, 1L);
        }
    }

    @Test
    void action72KeepsWhatPrevailsOnEachFlow() {
        var v = used(FunctionalUnit.SYMMETRIC_SYNC);
        v.units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.SYMMETRIC_SYNC, FunctionalUnit.RESYNCHRONIZE);
        v.transportInitiator = true;
        v.resyncSending = Resync.RESTART;
        v.resyncSendingSerial = 4;
        v.resyncReceiving = Resync.SET;
        v.resyncReceivingSerial = 20;

        // From the called side: restart 6 of what it sends, which loses to our set; restart 2 of what we send, which is lower than ours.
        Actions.run(72, v, new Event.FromPeer(resynchronize(Optional.of(ResyncType.RESTART), 6, Optional.of(ResyncType.RESTART), 2)));

        assertThat(List.of(v.resyncSending, v.resyncReceiving)).containsExactly(Resync.RESTART, Resync.SET);
        assertThat(List.of(v.resyncSendingSerial, v.resyncReceivingSerial)).containsExactly(2L, 20L);
        assertThat(List.of(v.discardSending, v.discardReceiving)).containsOnly(true);
    }

    private static Spdu.Resynchronize resynchronize(Optional<ResyncType> type, long serial, Optional<ResyncType> second, long secondSerial) {
        return new Spdu.Resynchronize(
                WHOLE, Map.of(), type, type.map(_ -> serial), second, second.map(_ -> secondSerial), Spdu.NO_DATA);
    }

    /// The ACCEPT with serial number 4, second 9: as the calling side receives it, and as the called side's user asks for it.
    private static List<Event> accepts(FunctionalUnit synchronize) {
        var units = EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.TYPED_DATA, synchronize);
        return List.of(
                new Event.FromPeer(new Spdu.Accept(
                        ConnectionIdentifier.NONE,
                        new Spdu.ConnectItem(0, Optional.empty(), 2, Optional.of(4L), Map.of(), Optional.of(9L), Optional.empty()),
                        Set.of(), units, WHOLE, Optional.empty(), Spdu.NO_DATA, Spdu.NO_DATA)),
                new Event.FromUser(new Request.Accept(
                        ConnectionIdentifier.NONE, Spdu.NO_DATA, units, Optional.of(4L), Optional.of(9L), Map.of(), Set.of(), Spdu.NO_DATA)));
    }

    /// Variables as an earlier session connection may have left them; duplex, minor sync and the given units were proposed.
    private static Variables used(FunctionalUnit... proposed) {
        var v = new Variables(SessionOptions.DEFAULT);
        var units = EnumSet.of(FunctionalUnit.DUPLEX, proposed);
        v.proposed = units;
        v.connect = Worlds.connect(units);
        v.finishCollision = true;
        v.mayAnswer = true;
        v.disconnectReceived = true;
        v.activity = true;
        v.separatedOut = 3;
        v.separatedIn = 3;
        v.resync = Resync.SET;
        v.resyncSending = Resync.SET;
        v.resyncReceiving = Resync.SET;
        v.discardReceiving = true;
        v.discardSending = true;
        v.r = 2;
        v.rs = 2;
        v.rr = 2;
        return v;
    }

    /// All four tokens are available; these are ours.
    private static Variables tokens(Token... ours) {
        var v = used();
        v.units = EnumSet.of(
                FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC, FunctionalUnit.MAJOR_SYNC, FunctionalUnit.NEGOTIATED_RELEASE,
                FunctionalUnit.ACTIVITY);
        v.owned.addAll(List.of(ours));
        return v;
    }
}
