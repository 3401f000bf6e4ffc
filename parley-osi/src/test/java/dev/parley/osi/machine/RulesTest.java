package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.Token;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is demanded beyond the cells: limits and one beyond, values that fit what was negotiated, and whom a broken rule blames.
class RulesTest {
    private static final Set<FunctionalUnit> UNITS = EnumSet.of(
            FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC, FunctionalUnit.MAJOR_SYNC, FunctionalUnit.RESYNCHRONIZE,
            FunctionalUnit.ACTIVITY, FunctionalUnit.CAPABILITY_DATA, FunctionalUnit.EXCEPTIONS, FunctionalUnit.NEGOTIATED_RELEASE,
            FunctionalUnit.TYPED_DATA);

    private final List<Side.Line> log = new ArrayList<>();
    private final List<Indication> told = new ArrayList<>();

    /// A machine in the data transfer state that owns all tokens, in an activity.
    private static Variables world(SessionOptions options, int version) {
        var v = new Variables(options);
        v.units = UNITS;
        v.proposed = UNITS;
        v.version = version;
        v.connect = Worlds.connect(UNITS);
        v.activity = true;
        v.owned.addAll(EnumSet.allOf(Token.class));
        v.a = 1;
        v.m = 1;
        v.r = 1;
        return v;
    }

    private static SessionMachine machine(int version) {
        return new SessionMachine(world(SessionOptions.DEFAULT, version), State.STA713);
    }

    private static Event of(Request request) {
        return new Event.FromUser(request);
    }

    private static ByteBuffer octets(int size) {
        return ByteBuffer.allocate(size);
    }

    /// 8.4: in version 1 most primitives carry 512 octets, some none, an abort 9.
    @ParameterizedTest
    @CsvSource({"SSYNmreq, 512", "SSYNMreq, 512", "SACTEreq, 512", "SRSYNreq, 512", "SGTreq, 0", "SACTIreq, 0", "SACTDreq, 0", "SUABreq, 9"})
    void versionOneLimitsUserDataAndVersionTwoDoesNot(String name, int most) {
        assertThatCode(() -> machine(1).handle(of(request(name, most)))).doesNotThrowAnyException();
        assertThatThrownBy(() -> machine(1).handle(of(request(name, most + 1)))).isInstanceOf(SessionException.LimitReached.class)
                .hasMessageContaining("at most " + most);
        assertThatCode(() -> machine(2).handle(of(request(name, 100_000)))).doesNotThrowAnyException();
    }

    private static Request request(String name, int size) {
        var data = octets(size);
        return switch (name) {
            case "SSYNmreq" -> new Request.SyncMinor(true, false, data);
            case "SSYNMreq" -> new Request.SyncMajor(data);
            case "SACTEreq" -> new Request.ActivityEnd(data);
            case "SRSYNreq" -> new Request.Resynchronize(
                    Optional.of(ResyncType.RESTART), Optional.of(1L), Optional.empty(), Optional.empty(), Map.of(), data);
            case "SGTreq" -> new Request.GiveTokens(EnumSet.of(Token.DATA), data);
            case "SACTIreq" -> new Request.ActivityInterrupt(Optional.empty(), data);
            case "SACTDreq" -> new Request.ActivityDiscard(Optional.empty(), data);
            default -> new Request.Abort(false, data);
        };
    }

    @Test
    void aPeerThatSendsMoreThanVersionOneAllowsBreaksTheProtocol() {
        for (int size : new int[] {512, 513}) {
            var v = world(SessionOptions.DEFAULT, 1);
            v.owned.clear();

            var effects = new SessionMachine(v, State.STA713)
                    .handle(new Event.FromPeer(new Spdu.MinorSyncPoint(true, false, Enclosure.ABSENT, 1, octets(size))));

            assertThat(Expected.names(effects, false)).isEqualTo(
                    size == 512 ? List.of("SSYNmind") : List.of("SPABind", "AB-nr", "[4]"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 9", "3, 999", "6, 999999", "0, 999999999999999999"})
    void theLastSerialNumberIsNotGivenBecauseItHasNoSuccessor(int digits, long most) {
        var v = world(SessionOptions.DEFAULT, 2);
        v.mostSerial = Connecting.mostSerial(digits);
        assertThat(v.mostSerial).isEqualTo(most);
        v.m = most - 1;
        var machine = new SessionMachine(v, State.STA713);

        machine.handle(of(request("SSYNmreq", 0)));

        assertThat(v.m).isEqualTo(most);
        assertThatThrownBy(() -> machine.handle(of(request("SSYNmreq", 0)))).isInstanceOf(SessionException.LimitReached.class);
        assertThat(v.m).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7})
    void anActivityIdentifierHasOneToSixOctets(int size) {
        var v = world(SessionOptions.DEFAULT, 2);
        v.activity = false;
        var machine = new SessionMachine(v, State.STA713);
        var request = of(new Request.ActivityStart(octets(size), Spdu.NO_DATA));
        if (size >= 1 && size <= 6) {
            assertThat(Expected.names(machine.handle(request), false)).containsExactly("AS");
        } else {
            assertThatThrownBy(() -> machine.handle(request)).isInstanceOf(SessionException.OutOfSequence.class).hasMessageContaining("1 to 6");
            assertThat(v.activity).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 64, 4, true", "17, 64, 4, false", "16, 65, 4, false", "16, 64, 5, false"})
    void selectorsAndReferencesHaveTheirLengths(int selector, int reference, int additional, boolean fits) {
        var identifier = new ConnectionIdentifier(
                Optional.of(octets(reference)), Optional.of(octets(reference)), Optional.of(octets(additional)));
        var request = of(new Request.Connect(
                identifier, octets(selector), octets(selector), EnumSet.of(FunctionalUnit.DUPLEX), Optional.empty(), Optional.empty(), Map.of(),
                Spdu.NO_DATA));
        var machine = new SessionMachine();
        if (fits) {
            assertThat(Expected.names(machine.handle(request), false)).containsExactly("TCONreq");
        } else {
            assertThatThrownBy(() -> machine.handle(request)).isInstanceOf(SessionException.OutOfSequence.class);
            assertThat(machine.state()).isEqualTo(State.STA01);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', half-duplex, duplex or both", "'DUPLEX CAPABILITY_DATA', needs activity", "'DUPLEX EXCEPTIONS', need half-duplex",
        "'DUPLEX DATA_SEPARATION', data separation needs", "'DUPLEX MINOR_SYNC', initial serial"
    })
    void aProposalThatX215ForbidsIsRefusedWithTheRule(String units, String rule) {
        var set = EnumSet.noneOf(FunctionalUnit.class);
        List.of(units.split(" ")).stream().filter(name -> !name.isEmpty()).forEach(name -> set.add(FunctionalUnit.valueOf(name)));

        assertThatThrownBy(() -> new SessionMachine().handle(of(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, set, Optional.empty(), Optional.empty(), Map.of(), Spdu.NO_DATA))))
                .isInstanceOf(SessionException.OutOfSequence.class).hasMessageContaining(rule);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 0102, 132", "2, 3, 0102, 0", "3, 1, 0102, 0", "3, 2, 0909, 129", "3, 3, '', 129"})
    void theMachineItselfRefusesAnUnknownVersionOrSelector(int ours, int theirs, String selector, int reason) {
        var known = ByteBuffer.wrap(java.util.HexFormat.of().parseHex("0102"));
        var machine = new SessionMachine(SessionOptions.DEFAULT.withVersions(ours).withSelectors(Set.of(known)));
        machine.handle(Event.FromBelow.CONNECT_INDICATION);

        var effects = machine.handle(new Event.FromPeer(new Spdu.Connect(
                ConnectionIdentifier.NONE,
                new Spdu.ConnectItem(0, Optional.empty(), theirs, Optional.empty(), Map.of(), Optional.empty(), Optional.empty()),
                EnumSet.of(FunctionalUnit.DUPLEX), Spdu.NO_DATA, ByteBuffer.wrap(java.util.HexFormat.of().parseHex(selector)), false,
                Spdu.NO_DATA)));

        if (reason == 0) {
            assertThat(Expected.names(effects, false)).containsExactly("SCONind");
        } else {
            assertThat(effects.getFirst()).isInstanceOfSatisfying(
                    Effect.Send.class, send -> assertThat(((Spdu.Refuse) send.spdu()).reason()).isEqualTo(reason));
        }
    }

    /// What an ACCEPT may not say, and what becomes of it at the calling side.
    @ParameterizedTest
    @CsvSource({
        "DUPLEX, 2, REQUESTOR, true", "HALF_DUPLEX, 2, REQUESTOR, true", "DUPLEX HALF_DUPLEX, 2, REQUESTOR, false", "TYPED_DATA, 2, REQUESTOR, false",
        "DUPLEX, 3, REQUESTOR, false", "DUPLEX, 4, REQUESTOR, false", "HALF_DUPLEX, 2, ACCEPTOR, false", "HALF_DUPLEX, 2, ACCEPTOR_CHOOSES, false",
        "DUPLEX MINOR_SYNC, 2, REQUESTOR, false"
    })
    void anAcceptThatDoesNotFitTheConnectIsAProtocolError(String units, int version, Token.Side side, boolean fits) {
        var machine = new SessionMachine();
        machine.handle(of(new Request.Connect(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA,
                EnumSet.of(FunctionalUnit.DUPLEX, FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC), Optional.of(1L), Optional.empty(),
                Map.of(Token.DATA, Token.Side.REQUESTOR), Spdu.NO_DATA)));
        machine.handle(Event.FromBelow.CONNECT_CONFIRM);
        var set = EnumSet.noneOf(FunctionalUnit.class);
        List.of(units.split(" ")).forEach(name -> set.add(FunctionalUnit.valueOf(name)));

        machine.handle(new Event.FromPeer(new Spdu.Accept(
                ConnectionIdentifier.NONE,
                new Spdu.ConnectItem(
                        0, Optional.empty(), version, Optional.empty(), Map.of(Token.DATA, side), Optional.empty(), Optional.empty()),
                Set.of(), set, Enclosure.ABSENT, Optional.empty(), Spdu.NO_DATA, Spdu.NO_DATA)));

        assertThat(machine.state()).isEqualTo(fits ? State.STA713 : State.STA16);
    }

    @Test
    void earlyExpeditedSpdusAreKeptUpToALimit() {
        var v = world(SessionOptions.DEFAULT, 2);
        v.units = EnumSet.of(FunctionalUnit.HALF_DUPLEX, FunctionalUnit.EXPEDITED, FunctionalUnit.RESYNCHRONIZE);
        v.transportExpedited = true;
        var machine = new SessionMachine(v, State.STA15A);
        for (int i = 0; i < Variables.MOST_QUEUED; i++) {
            assertThat(machine.handle(new Event.FromPeer(new Spdu.Expedited(octets(14))))).isEmpty();
        }

        assertThat(Expected.names(machine.handle(new Event.FromPeer(new Spdu.Expedited(octets(14)))), false)).contains("SPABind");
        assertThat(machine.state()).isEqualTo(State.STA16);
    }

    @Test
    void connectDataOverflowIsTakenUpToTheLimit() {
        for (int size : new int[] {20_000, 20_001}) {
            var a = new Side("A", SessionOptions.DEFAULT, false, log, told::add);
            var b = new Side("B", SessionOptions.DEFAULT.withSsdu(20_000), false, log, told::add);
            a.join(b);
            b.join(a);
            told.clear();
            b.below(Event.FromBelow.CONNECT_INDICATION);
            a.request(new Request.Connect(
                    ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, EnumSet.of(FunctionalUnit.DUPLEX), Optional.empty(), Optional.empty(),
                    Map.of(), octets(size)));
            a.below(Event.FromBelow.CONNECT_CONFIRM);
            b.deliver(false);
            a.deliver(false);
            while (!b.isQuiet()) {
                b.deliver(false);
            }

            if (size == 20_000) {
                assertThat(told).singleElement().isInstanceOfSatisfying(
                        Indication.Connect.class, connect -> assertThat(connect.userData().remaining()).isEqualTo(20_000));
            } else {
                assertThat(told).isEmpty();
                assertThat(b.closing).isTrue();
            }
        }
    }

    @Test
    void anErrorIsReportedInsteadOfAbortedWhereTheOptionsAndA4Allow() {
        var v = world(SessionOptions.DEFAULT.withReportErrors(true), 2);
        v.owned.remove(Token.DATA);
        var machine = new SessionMachine(v, State.STA713);

        var effects = machine.handle(new Event.FromPeer(new Spdu.MinorSyncPoint(true, false, Enclosure.ABSENT, 77, Spdu.NO_DATA)));

        assertThat(Expected.names(effects, false)).containsExactly("ER", "SPERind");
        assertThat(machine.state()).isEqualTo(State.STA20);
        // The reflected octets begin with the GIVE TOKENS before the SPDU.
        assertThat(((Spdu.ExceptionReport) ((Effect.Send) effects.getFirst()).spdu()).reflected().get(0)).isEqualTo((byte) 1);
    }

    @Test
    void anAbortReflectsTheFirstNineOctetsOfWhatWasWrong() {
        var effects = machine(2).malformed("broken", ByteBuffer.wrap("0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));

        assertThat(effects.get(1)).isInstanceOfSatisfying(Effect.Send.class, send -> assertThat(send.spdu()).isInstanceOfSatisfying(
                Spdu.Abort.class, abort -> assertThat(abort.reflected().orElseThrow().remaining()).isEqualTo(9)));
    }

    @Test
    void tokensThatNobodyPlacedStayWhereTheyAreForBothSides() {
        var v = world(SessionOptions.DEFAULT, 2);
        v.owned.remove(Token.MINOR);
        var effects = new SessionMachine(v, State.STA713).handle(of(new Request.Resynchronize(
                Optional.of(ResyncType.SET), Optional.of(5L), Optional.empty(), Optional.empty(), Map.of(Token.DATA, Token.Side.ACCEPTOR_CHOOSES),
                Spdu.NO_DATA)));

        var sent = (Spdu.Resynchronize) ((Effect.Send) effects.getFirst()).spdu();
        assertThat(sent.tokens()).isEqualTo(Map.of(
                Token.DATA, Token.Side.ACCEPTOR_CHOOSES, Token.MINOR, Token.Side.ACCEPTOR, Token.MAJOR_ACTIVITY, Token.Side.REQUESTOR,
                Token.RELEASE, Token.Side.REQUESTOR));
    }

    @Test
    void anAbandonCarriesTheNextNumberWhateverTheUserSays() {
        var effects = machine(2).handle(of(new Request.Resynchronize(
                Optional.of(ResyncType.ABANDON), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Spdu.NO_DATA)));

        assertThat(((Spdu.Resynchronize) ((Effect.Send) effects.getFirst()).spdu()).serial()).contains(1L);
    }

    /// E18, and the end of a session: what arrives late is nobody's mistake.
    @ParameterizedTest
    @ValueSource(strings = {"STA01A", "STA15D", "STA16"})
    void afterAnAbortNothingIsAnswered(State state) {
        assertThat(new SessionMachine(world(SessionOptions.DEFAULT, 2), state)
                .handle(new Event.FromPeer(new Spdu.NotFinished(Enclosure.ABSENT, Spdu.NO_DATA)))).isEmpty();
    }
}
