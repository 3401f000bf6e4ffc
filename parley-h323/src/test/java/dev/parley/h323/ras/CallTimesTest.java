package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the record of a call says: when it was answered, and whose it is when the end of one side overtakes the beginning of the other.
class CallTimesTest {
    private static final TransportAddress CALLEE = new TransportAddress(Octets.ofHex("7f000003"), 13_030);
    private static final TransportAddress CALLEE_SIGNAL = new TransportAddress(CALLEE.ip(), 1720);
    private static final Octets ID = call(1).callIdentifier();

    private final GatekeeperMachine machine = RasPair.gatekeeper(Passwords.OPEN);
    private final EndpointMachine caller = RasPair.endpoint(Optional.empty());
    private final EndpointMachine callee = new EndpointMachine(EndpointConfig.of(List.of(Alias.of("bob")), CALLEE, CALLEE_SIGNAL,
            Optional.of(GATEKEEPER)), 7);
    private final List<GatekeeperEvent> told = new ArrayList<>();

    private static RasTime after(long millis) {
        return new RasTime(NOW.nanos() + Duration.ofMillis(millis).toNanos(), NOW.wallMillis() + millis);
    }

    private List<RasOutput> toGatekeeper(Octets datagram, TransportAddress from, RasTime now) {
        var outputs = machine.received(datagram, from, now);
        outputs.stream().filter(GatekeeperEvent.class::isInstance).map(GatekeeperEvent.class::cast).forEach(told::add);
        return outputs;
    }

    /// The answer to what an endpoint sends first comes back to it.
    private RasMessage talks(EndpointMachine endpoint, List<RasOutput> request, RasTime now) {
        var answer = only(toGatekeeper(only(request), endpoint == caller ? ENDPOINT : CALLEE, now));
        endpoint.received(answer, GATEKEEPER, now);
        return RasMessage.decode(answer);
    }

    private static Admission admission(int number, boolean answer) {
        var call = call(number);
        return new Admission(call.callIdentifier(), call.conferenceIdentifier(), number, answer, List.of(Alias.of("bob")), Optional.empty(),
                answer ? List.of() : List.of(Alias.of("alice")), Optional.empty(), 1280);
    }

    private List<GatekeeperEvent.CallEnded> records() {
        return told.stream().filter(GatekeeperEvent.CallEnded.class::isInstance).map(GatekeeperEvent.CallEnded.class::cast).toList();
    }

    @BeforeEach
    void register() {
        RasPair.register(caller, machine);
        var gcf = only(machine.received(only(callee.start(NOW)), CALLEE, NOW));
        callee.received(only(machine.received(only(callee.received(gcf, GATEKEEPER, NOW)), CALLEE, NOW)), GATEKEEPER, NOW);
        assertThat(callee.endpointIdentifier()).isPresent();
        talks(caller, caller.admit(admission(1, false), NOW), NOW);
    }

    @Test
    void anEndpointTellsAtTheEndWhenTheCallWasAnswered() {
        caller.answered(ID, after(7_900));
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(20_000)), after(20_000));

        assertThat(records()).singleElement().satisfies(r -> {
            assertThat(r.answeredMillis()).hasValue(NOW.wallMillis() + 7_000);
            assertThat(r.endedMillis()).isEqualTo(NOW.wallMillis() + 20_000);
        });
    }

    /// In its answer, when it is the gatekeeper that ends the call.
    @Test
    void theGatekeeperThatEndsACallHearsOfItsBeginning() {
        talks(callee, callee.admit(admission(1, true), NOW), NOW);
        caller.answered(ID, after(7_900));
        var demands = RasPair.sent(machine.drop(ID, after(20_000))).stream().map(RasOutput.Send::datagram).toList();
        assertThat(machine.drop(ID, after(20_000))).as("once is enough").isEmpty();
        assertThat(demands).hasSize(2);
        assertThat(records()).isEmpty();

        toGatekeeper(only(caller.received(demands.get(0), GATEKEEPER, after(20_100))), ENDPOINT, after(20_100));
        assertThat(records()).as("the callee has not answered").isEmpty();
        toGatekeeper(only(callee.received(demands.get(1), GATEKEEPER, after(20_200))), CALLEE, after(20_200));

        assertThat(records()).singleElement().satisfies(r -> {
            assertThat(r.answeredMillis()).hasValue(NOW.wallMillis() + 7_000);
            assertThat(r.endedMillis()).isEqualTo(NOW.wallMillis() + 20_200);
            assertThat(r.reason()).isEqualTo("forcedDrop");
            assertThat(r.bandwidth()).isEqualTo(1280);
        });
    }

    /// It tells its own end before it answers, or never answers: the gatekeeper asks three times, three seconds each.
    @Test
    void aCallThatTheGatekeeperEndsIsRecordedWhateverItsEndsAnswer() {
        talks(callee, callee.admit(admission(1, true), NOW), NOW);
        machine.drop(ID, NOW);
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(1_000)), after(1_000));
        for (long at : List.of(3_000L, 6_000L)) {
            machine.tick(after(at));
        }
        assertThat(machine.calls()).isOne();
        machine.tick(after(9_000)).stream().filter(GatekeeperEvent.class::isInstance).map(GatekeeperEvent.class::cast).forEach(told::add);

        assertThat(machine.calls()).isZero();
        assertThat(records()).extracting(GatekeeperEvent.CallEnded::reason).containsExactly("forcedDrop");
    }

    @Test
    void andInBetweenWhenItIsAsked() {
        caller.answered(ID, after(7_900));
        var irr = message(caller.received(only(machine.inquire(ID, after(9_000))), GATEKEEPER, after(9_000)));

        assertThat(irr.body().listAt("perCallInfo").getFirst().numberAt("usageInformation/connectTime"))
                .hasValue(NOW.wallMillis() / 1000 + 7);
        toGatekeeper(irr.encode(), ENDPOINT, after(9_000));
        toGatekeeper(RasMessage.of("disengageRequest", 77).with("endpointIdentifier", Value.text(caller.endpointIdentifier().orElseThrow()))
                .with("conferenceID", ID).with("callReferenceValue", 1).with("disengageReason", Value.choice("normalDrop"))
                .with("callIdentifier", RasMessage.callIdentifier(ID)).with("answeredCall", false).encode(), ENDPOINT, after(10_000));
        assertThat(records()).extracting(GatekeeperEvent.CallEnded::answeredMillis).containsExactly(Optional.of(NOW.wallMillis() + 7_000));
    }

    /// The admission of the called side is no answer.
    @Test
    void whatNobodyTellsIsLeftOut() {
        talks(callee, callee.admit(admission(1, true), NOW), NOW);
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, NOW), NOW);
        talks(callee, callee.disengage(ID, DisengageReason.NORMAL_DROP, NOW), NOW);

        assertThat(records()).extracting(GatekeeperEvent.CallEnded::answeredMillis).containsExactly(Optional.empty());
    }

    @Test
    void aConnectThatPassesIsTheAnswerWhateverEndpointsTell() {
        machine.answered(ID, after(3_333));
        machine.answered(ID, after(4_444));
        caller.answered(ID, after(9_000));
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(20_000)), after(20_000));

        assertThat(records()).extracting(GatekeeperEvent.CallEnded::answeredMillis).containsExactly(Optional.of(NOW.wallMillis() + 3_333));
    }

    /// By a clock five minutes behind the gatekeeper's and five minutes before it, and one second more; the call lasts ten seconds.
    @ParameterizedTest
    @CsvSource({"-300, 0", "-301, ", "310, 10", "311, ", "0, 0", "10, 10", "4, 4"})
    void timesOfAnotherClockAreBroughtIntoTheCall(long told, Long answered) {
        var usage = Value.struct().with("usageInformation", Usage.information(NOW.wallMillis() / 1000 + told));

        assertThat(Usage.connectedMillis(usage, NOW.wallMillis(), after(10_000)))
                .isEqualTo(Optional.ofNullable(answered).map(a -> NOW.wallMillis() + 1000 * a));
    }

    @Test
    void onlyWhoCanTellIsAsked() {
        var request = RasMessage.of("registrationRequest", 1);
        var confirm = RasMessage.of("registrationConfirm", 1);

        assertThat(Usage.of(Usage.wanted(request, confirm))).isEqualTo(Usage.NONE);
        assertThat(Usage.of(Usage.wanted(Usage.capable(request), confirm))).isEqualTo(new Usage(true, true));
    }

    /// Its own end, too: the call that it comes to is over.
    @Test
    void theEndOfTheCallerMayOvertakeTheAdmissionOfTheCallee() {
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(1_000)), after(1_000));
        var answer = talks(callee, callee.admit(admission(1, true), after(1_100)), after(1_100));
        assertThat(machine.calls()).isOne();
        talks(callee, callee.disengage(ID, DisengageReason.NORMAL_DROP, after(1_200)), after(1_200));

        assertThat(answer.name()).isEqualTo("admissionConfirm");
        assertThat(records()).singleElement().satisfies(r -> {
            assertThat(r.from()).isEqualTo("alice");
            assertThat(r.to()).isEqualTo("bob");
            assertThat(r.endedMillis()).isEqualTo(NOW.wallMillis() + 1_000);
        });
        assertThat(told.stream().filter(GatekeeperEvent.CallAdmitted.class::isInstance)).hasSize(1);
        assertThat(machine.calls()).isZero();
        // And once more.
        talks(callee, callee.admit(admission(1, true), after(1_300)), after(1_300));
        talks(callee, callee.disengage(ID, DisengageReason.NORMAL_DROP, after(1_400)), after(1_400));
        assertThat(records()).hasSize(1);
    }

    /// As after a call was sent on: it has the identifier that it had.
    @Test
    void aCallerThatAsksAgainBeginsAnotherRecord() {
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(1_000)), after(1_000));
        talks(caller, caller.admit(admission(1, false), after(2_000)), after(2_000));
        talks(callee, callee.admit(admission(1, true), after(2_100)), after(2_100));
        talks(callee, callee.disengage(ID, DisengageReason.NORMAL_DROP, after(3_000)), after(3_000));
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, after(3_000)), after(3_000));

        assertThat(records()).hasSize(2).extracting(GatekeeperEvent.CallEnded::from).containsOnly("alice");
    }

    /// So many calls are remembered after their end; of the one before them a late callee begins a record of its own.
    @Test
    void theLastCallsAreRemembered() {
        talks(caller, caller.disengage(ID, DisengageReason.NORMAL_DROP, NOW), NOW);
        for (int number = 2; number <= 1 + Calls.MOST_ENDED; number++) {
            talks(caller, caller.admit(admission(number, false), NOW), NOW);
            talks(caller, caller.disengage(call(number).callIdentifier(), DisengageReason.NORMAL_DROP, NOW), NOW);
        }
        assertThat(records()).hasSize(1 + Calls.MOST_ENDED);

        talks(callee, callee.admit(admission(2, true), NOW), NOW);
        talks(callee, callee.disengage(call(2).callIdentifier(), DisengageReason.NORMAL_DROP, NOW), NOW);
        assertThat(records()).hasSize(1 + Calls.MOST_ENDED);
        talks(callee, callee.admit(admission(1, true), NOW), NOW);
        talks(callee, callee.disengage(ID, DisengageReason.NORMAL_DROP, NOW), NOW);
        assertThat(records()).hasSize(2 + Calls.MOST_ENDED);
    }
}
