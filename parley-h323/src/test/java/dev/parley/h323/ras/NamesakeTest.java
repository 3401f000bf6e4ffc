package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A user who is called as the gatekeeper is, so that both sign with the same name and the same key (H.235.1): all works, and nothing that is
/// thrown back is taken.
class NamesakeTest {
    private static final Passwords USERS = user -> Optional.ofNullable(Map.of("GK", "wonderland", "ep-2", "malice").get(user));

    private final EndpointMachine endpoint = RasPair.endpoint(Optional.of(new Credentials("GK", "wonderland", Credentials.Scheme.HMAC_SHA1_96)));
    private final GatekeeperMachine machine = RasPair.gatekeeper(USERS);
    private final List<Octets> ofEndpoint = new ArrayList<>();
    private final List<Octets> ofGatekeeper = new ArrayList<>();

    private void exchange(List<RasOutput> begin) {
        var outputs = begin;
        while (!sent(outputs).isEmpty()) {
            ofEndpoint.add(only(outputs));
            var answers = sent(machine.received(only(outputs), ENDPOINT, NOW));
            if (answers.isEmpty()) {
                return;
            }
            ofGatekeeper.add(answers.getFirst().datagram());
            outputs = endpoint.received(answers.getFirst().datagram(), GATEKEEPER, NOW);
        }
    }

    private void demanded(List<RasOutput> demand) {
        ofGatekeeper.add(only(demand));
        var done = endpoint.received(only(demand), GATEKEEPER, NOW);
        assertThat(sent(done)).as("%s", RasMessage.decode(only(demand))).isNotEmpty();
        exchange(done);
    }

    @Test
    void itRegistersCallsObeysAndLeaves() {
        exchange(endpoint.start(NOW));
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        exchange(endpoint.admit(call(1), NOW));
        assertThat(endpoint.calls()).containsExactly(call(1).callIdentifier());
        exchange(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())));
        demanded(machine.drop(call(1).callIdentifier(), NOW));
        assertThat(endpoint.calls()).isEmpty();
        exchange(endpoint.unregister(NOW));

        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.IDLE);
        assertThat(machine.registrations()).isEmpty();
    }

    /// Calls would be told and recorded as those of the other one.
    @ParameterizedTest
    @CsvSource({"GK, true", "gk, true", "alice, false", "ALICE, false", "ep-2, false", "anything, true"})
    void theNameOfAUserIsForThatUserAlone(String alias, boolean taken) {
        var users = RasPair.gatekeeper(user -> Optional.ofNullable(Map.of("GK", "wonderland", "alice", "looking", "ep-2", "malice").get(user)));
        var credentials = new Credentials("GK", "wonderland", Credentials.Scheme.HMAC_SHA1_96);
        var asking = RasPair.endpoint(Optional.of(credentials), alias);
        var outputs = asking.start(NOW);
        while (!sent(outputs).isEmpty()) {
            var answers = sent(users.received(only(outputs), ENDPOINT, NOW));
            outputs = asking.received(answers.getFirst().datagram(), GATEKEEPER, NOW);
        }

        assertThat(users.registrations().size()).isEqualTo(taken ? 1 : 0);
        assertThat(asking.state()).isEqualTo(taken ? EndpointMachine.State.REGISTERED : EndpointMachine.State.REFUSED);
    }

    @Test
    void nothingThatIsThrownBackIsTaken() {
        exchange(endpoint.start(NOW));
        exchange(endpoint.admit(call(1), NOW));
        exchange(endpoint.admit(call(2), NOW));
        demanded(machine.inquire(call(1).callIdentifier(), NOW));
        demanded(machine.limit(call(1).callIdentifier(), 1_280, NOW));
        demanded(machine.drop(call(2).callIdentifier(), NOW));
        var undelivered = only(machine.limit(call(1).callIdentifier(), 640, NOW));
        var unsent = only(endpoint.disengage(call(1).callIdentifier(), DisengageReason.NORMAL_DROP, NOW));

        ofEndpoint.forEach(ours -> assertThat(endpoint.received(ours, GATEKEEPER, NOW)).as("%s", RasMessage.decode(ours)).isEmpty());
        assertThat(endpoint.received(unsent, GATEKEEPER, NOW)).isEmpty();
        ofGatekeeper.add(undelivered);
        for (var theirs : ofGatekeeper) {
            var outputs = machine.received(theirs, ENDPOINT, NOW);
            assertThat(outputs).as("%s", RasMessage.decode(theirs)).allMatch(o -> o instanceof GatekeeperEvent.Refused
                    || o instanceof RasOutput.Send s && RasMessage.decode(s.datagram()).name().endsWith("Reject"));
        }
        assertThat(machine.registrations()).hasSize(1);
        assertThat(machine.calls()).isEqualTo(1);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(endpoint.calls()).containsExactly(call(1).callIdentifier());
    }

    /// Otherwise the gatekeeper's demands of such an endpoint would look as if it had made them.
    @Test
    void noEndpointIsGivenTheNameOfTheGatekeeperOrOfAUser() {
        var gatekeeper = new GatekeeperMachine(GatekeeperConfig.of("ep-1", GATEKEEPER, SIGNAL, USERS), 1);
        var another = RasPair.endpoint(Optional.of(new Credentials("GK", "wonderland", Credentials.Scheme.HMAC_SHA1_96)));

        RasPair.register(another, gatekeeper);

        assertThat(another.endpointIdentifier()).hasValue("ep-3");
    }
}
