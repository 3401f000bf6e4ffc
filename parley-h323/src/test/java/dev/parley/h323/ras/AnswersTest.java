package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.config;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose answers are taken: those of whoever was asked, under the number of the request.
class AnswersTest {
    static List<TransportAddress> others() {
        return List.of(new TransportAddress(Octets.ofHex("7f000008"), 1719), new TransportAddress(GATEKEEPER.ip(), 1718));
    }

    /// The whole life of an endpoint; each answer comes from somebody else first, who changes nothing.
    @ParameterizedTest
    @MethodSource("others")
    void onlyWhoWasAskedIsHeard(TransportAddress other) {
        var machine = gatekeeper(Passwords.OPEN);
        var endpoint = endpoint(Optional.empty());
        var id = call(1).callIdentifier();

        var rrq = answered(endpoint, machine, endpoint.start(NOW), other);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERING);
        answered(endpoint, machine, rrq, other);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(answered(endpoint, machine, endpoint.admit(call(1), NOW), other)).hasSize(1);
        assertThat(answered(endpoint, machine, endpoint.bandwidth(id, 640, NOW), other)).hasSize(1);
        assertThat(answered(endpoint, machine, endpoint.disengage(id, DisengageReason.NORMAL_DROP, NOW), other)).hasSize(1);
        assertThat(endpoint.calls()).isEmpty();
        answered(endpoint, machine, endpoint.unregister(NOW), other);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.IDLE);
    }

    private static List<RasOutput> answered(EndpointMachine endpoint, GatekeeperMachine machine, List<RasOutput> request, TransportAddress other) {
        var answer = only(machine.received(only(request), ENDPOINT, NOW));
        assertThat(endpoint.received(answer, other, NOW)).isEmpty();
        return endpoint.received(answer, GATEKEEPER, NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"requestInProgress", "unknownMessageResponse", "registrationReject"})
    void neitherADelayNorARefusalIsTakenFromOthers(String name) {
        var endpoint = endpoint(Optional.empty());
        var gcf = only(gatekeeper(Passwords.OPEN).received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rrq = message(endpoint.received(gcf, GATEKEEPER, NOW));
        var answer = switch (name) {
            case "requestInProgress" -> RasMessage.of(name, rrq.sequence()).with("delay", 20_000);
            case "unknownMessageResponse" -> RasMessage.of(name, rrq.sequence()).with("messageNotUnderstood", Octets.ofHex("00"));
            default -> GatekeeperAnswers.reject(rrq, "securityDenial");
        };
        long due = endpoint.nextTick();

        others().forEach(other -> assertThat(endpoint.received(answer.encode(), other, NOW)).isEmpty());

        assertThat(endpoint.nextTick()).isEqualTo(due);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERING);
        endpoint.received(answer.encode(), GATEKEEPER, NOW);
        assertThat(endpoint.nextTick() == due && endpoint.state() == EndpointMachine.State.REGISTERING).isFalse();
    }

    /// By multicast everybody is asked: whoever knows the number may answer, and one that does not is not heard.
    @Test
    void aSearchIsAnsweredByAnybodyUnderItsNumber() {
        var c = config();
        var endpoint = new EndpointMachine(EndpointConfig.of(c.aliases(), ENDPOINT, SIGNAL, Optional.empty()), 1);
        var grq = ((RasOutput.Discover) endpoint.start(NOW).getFirst()).datagram();
        var gcf = RasMessage.decode(only(gatekeeper(Passwords.OPEN).received(grq, ENDPOINT, NOW)));
        var other = others().getFirst();

        assertThat(endpoint.received(new RasMessage(gcf.name(), gcf.sequence() + 1, gcf.body().with("requestSeqNum", gcf.sequence() + 1)).encode(),
                other, NOW)).isEmpty();
        var refusal = GatekeeperAnswers.reject(RasMessage.decode(grq), "terminalExcluded");
        assertThat(endpoint.received(refusal.encode(), other, NOW)).as("one that refuses says nothing about the others").isEmpty();
        assertThat(message(endpoint.received(gcf.encode(), other, NOW)).name()).isEqualTo("registrationRequest");
        assertThat(endpoint.gatekeeper()).hasValue(GATEKEEPER);
    }

    /// The gatekeeper asks, too.
    @ParameterizedTest
    @MethodSource("others")
    void aGatekeepersDemandIsAnsweredByTheEndpointThatItAsked(TransportAddress other) {
        var machine = gatekeeper(Passwords.OPEN);
        var endpoint = endpoint(Optional.empty());
        register(endpoint, machine);
        var urq = only(machine.unregister(machine.registrations().getFirst().identifier(), "maintenance", NOW));
        var ucf = only(endpoint.received(urq, GATEKEEPER, NOW));
        long due = machine.nextTick();

        machine.received(ucf, other, NOW);
        assertThat(machine.nextTick()).isEqualTo(due);
        machine.received(ucf, ENDPOINT, NOW);
        assertThat(machine.nextTick()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theNumbersOfRequestsBeginWhereChanceWantsAndStayWithin16Bits() {
        var numbers = Stream.of(1L, 0xFFFE_0000_0000L, 0x1234_5678_9ABCL, -1L).map(random -> {
            var first = message(new EndpointMachine(config(), random).start(NOW)).sequence();
            assertThat(message(new EndpointMachine(config(), random).start(NOW)).sequence()).as("the same chance, the same number").isEqualTo(first);
            return first;
        }).toList();

        assertThat(numbers).containsExactly(1, 0xFFFF, 0x1235, 1);
        var requests = new Requests<Optional<Octets>>(0xFFFE_0000_0000L);
        assertThat(List.of(requests.nextSequence(), requests.nextSequence())).containsExactly(0xFFFF, 1);
    }

    @Test
    void aThousandRequestsWaitAndNoMore() {
        var requests = new Requests<Optional<Octets>>(1);
        for (int i = 1; i <= Requests.MOST; i++) {
            requests.requireRoom();
            requests.send(requests.nextSequence(), new Requests.Open<>("admissionRequest", Optional.empty(), Optional.of(GATEKEEPER),
                    Octets.ofHex("00"), config().answerWithin(), 0, 0));
        }

        assertThat(Requests.MOST).isEqualTo(1_000);
        assertThatThrownBy(requests::requireRoom).isInstanceOf(SessionException.LimitReached.class)
                .hasMessageContaining("1000 requests wait");
        assertThat(requests.answered(RasMessage.of("admissionReject", 500), GATEKEEPER)).isPresent();
        requests.requireRoom();
        assertThat(requests.nextSequence()).isEqualTo(1_001);
    }

    /// A keep-alive waits at the gatekeeper that dies; its late answer is not the next one's.
    @Test
    void aLateAnswerOfALostGatekeeperIsNotHeard() {
        var second = new TransportAddress(Octets.ofHex("7f00000a"), 1719);
        var first = new GatekeeperMachine(GatekeeperConfig.of("GK", GATEKEEPER, SIGNAL, Passwords.OPEN).alternates(List.of(second)), 1);
        var endpoint = endpoint(Optional.empty());
        register(endpoint, first);
        var keepAlive = endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis()));
        endpoint.admit(call(1), NOW);
        endpoint.admit(call(2), NOW);

        List<RasOutput> moved = List.of();
        while (moved.stream().noneMatch(EndpointEvent.GatekeeperLost.class::isInstance)) {
            moved = endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis()));
        }
        assertThat(endpoint.received(only(first.received(only(keepAlive), ENDPOINT, NOW)), GATEKEEPER, NOW)).isEmpty();

        var other = new GatekeeperMachine(GatekeeperConfig.of("second", second, SIGNAL, Passwords.OPEN), 2);
        var rrq = RasPair.sent(moved).getLast();
        assertThat(rrq.to()).isEqualTo(second);
        var asked = RasPair.sent(endpoint.received(only(other.received(rrq.datagram(), ENDPOINT, NOW)), second, NOW));
        assertThat(asked).as("both calls that the first one did not answer for").hasSize(2)
                .allSatisfy(s -> assertThat(RasMessage.decode(s.datagram()).name()).isEqualTo("admissionRequest"));
    }

    @Test
    void aChangeOfBandwidthThatNobodyAnswersEndsWithTheOldOne() {
        var endpoint = endpoint(Optional.empty());
        var machine = gatekeeper(Passwords.OPEN);
        register(endpoint, machine);
        endpoint.received(only(machine.received(only(endpoint.admit(call(1), NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);
        endpoint.bandwidth(call(1).callIdentifier(), 640, NOW);

        var last = List.<RasOutput>of();
        for (int i = 0; i < 3; i++) {
            last = endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis()));
        }

        assertThat(last).containsExactly(new EndpointEvent.BandwidthSet(call(1).callIdentifier(), 1280, false));
    }
}
