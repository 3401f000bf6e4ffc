package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Calls that a registration allows beforehand.
class PreGrantTest {
    private static final TransportAddress THERE = new TransportAddress(Octets.ofHex("7f000003"), 1720);
    private static final TransportAddress ROUTER = new TransportAddress(GATEKEEPER.ip(), 1720);

    private final EndpointMachine endpoint = endpoint(Optional.empty());
    private final GatekeeperMachine machine = gatekeeper(Passwords.OPEN);

    private static Value.Struct grant(boolean make, boolean makeByGatekeeper, boolean answer, boolean answerFromGatekeeper) {
        return Value.struct().with("makeCall", make).with("useGKCallSignalAddressToMakeCall", makeByGatekeeper)
                .with("answerCall", answer).with("useGKCallSignalAddressToAnswer", answerFromGatekeeper);
    }

    private void register(UnaryOperator<Value.Struct> more, Value.Struct grant) {
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rcf = RasMessage.decode(only(machine.received(only(endpoint.received(gcf, GATEKEEPER, NOW)), ENDPOINT, NOW)));
        endpoint.received(rcf.with("preGrantedARQ", more.apply(grant))
                .with("callSignalAddress", new Value.Items(List.of(ROUTER.forH225()))).encode(), GATEKEEPER, NOW);
    }

    private static Admission to(int number, boolean answer, TransportAddress destination, TransportAddress source) {
        var c = call(number);
        return new Admission(c.callIdentifier(), c.conferenceIdentifier(), number, answer, c.destination(), Optional.of(destination), c.source(),
                Optional.of(source), 1280);
    }

    @Test
    void aCallToAnAddressIsMadeAndOneToANameIsAskedFor() {
        register(g -> g, grant(true, false, false, false));

        assertThat(endpoint.admit(to(1, false, THERE, ENDPOINT), NOW))
                .containsExactly(new EndpointEvent.Admitted(call(1).callIdentifier(), THERE, false, 1280));
        assertThat(message(endpoint.admit(call(2), NOW)).name()).isEqualTo("admissionRequest");
        assertThat(message(endpoint.admit(to(3, true, THERE, THERE), NOW)).name()).as("to take one is not granted").isEqualTo("admissionRequest");
    }

    @Test
    void throughTheGatekeeperANameIsEnough() {
        register(g -> g, grant(true, true, false, false));

        assertThat(endpoint.admit(call(1), NOW)).containsExactly(new EndpointEvent.Admitted(call(1).callIdentifier(), ROUTER, true, 1280));
    }

    @Test
    void aCallIsTakenAndFromTheGatekeeperOnlyWhenThatIsDemanded() {
        register(g -> g, grant(false, false, true, true));

        assertThat(endpoint.admit(to(1, true, THERE, new TransportAddress(GATEKEEPER.ip(), 40_000)), NOW)).hasSize(1).first()
                .isInstanceOf(EndpointEvent.Admitted.class);
        assertThat(message(endpoint.admit(to(2, true, THERE, THERE), NOW)).name()).isEqualTo("admissionRequest");
        assertThat(message(endpoint.admit(call(3), NOW)).name()).isEqualTo("admissionRequest");
    }

    @Test
    void theBandwidthOfAllOfThemHasALimit() {
        register(g -> g.with("totalBandwidthRestriction", 2 * 1280), grant(true, true, false, false));

        assertThat(sent(endpoint.admit(call(1), NOW))).isEmpty();
        assertThat(sent(endpoint.admit(call(2), NOW))).isEmpty();
        assertThat(sent(endpoint.admit(call(3), NOW))).hasSize(1);
    }

    @Test
    void theGatekeeperHearsOfThemWhatItWantsAndNotOfTheirEnd() {
        register(g -> g.with("irrFrequencyInCall", 20), grant(true, true, false, false));
        endpoint.admit(call(1), NOW);

        var irr = message(endpoint.tick(new RasTime(20_000_000_000L, NOW.wallMillis())));

        assertThat(irr.name()).isEqualTo("infoRequestResponse");
        assertThat(irr.body().listAt("perCallInfo")).hasSize(1)
                .allSatisfy(c -> assertThat(c.chosenAt("callModel")).hasValue("gatekeeperRouted"));
        assertThat(endpoint.disengage(call(1).callIdentifier(), DisengageReason.NORMAL_DROP, NOW)).isEmpty();
        assertThat(endpoint.calls()).isEmpty();
    }

    /// The answer to a keep-alive need not say it again, that to a full registration must.
    @Test
    void theGrantLivesAsLongAsTheRegistration() {
        register(g -> g, grant(true, true, false, false));
        var keepAlive = only(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())));
        endpoint.received(only(machine.received(keepAlive, ENDPOINT, NOW)), GATEKEEPER, NOW);
        assertThat(sent(endpoint.admit(call(1), NOW))).isEmpty();

        var urq = only(machine.unregister(endpoint.endpointIdentifier().orElseThrow(), "reregistrationRequired", NOW));
        var rrq = sent(endpoint.received(urq, GATEKEEPER, NOW)).getLast().datagram();
        endpoint.received(only(machine.received(rrq, ENDPOINT, NOW)), GATEKEEPER, NOW);

        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(sent(endpoint.admit(call(2), NOW))).hasSize(1);
    }

    /// What our own gatekeeper grants.
    @Test
    void aGatekeeperThatGrantsBeforehandIsAskedForNamesOnly() {
        var config = GatekeeperConfig.of("GK", GATEKEEPER, ROUTER, Passwords.OPEN).bandwidths(2_000, 100_000);
        RasPair.register(endpoint, new GatekeeperMachine(config.preGranting(), 1));

        assertThat(endpoint.admit(to(1, false, THERE, ENDPOINT), NOW))
                .containsExactly(new EndpointEvent.Admitted(call(1).callIdentifier(), THERE, false, 1280));
        assertThat(message(endpoint.admit(to(2, true, THERE, THERE), NOW)).name()).as("more than the bandwidth of a call")
                .isEqualTo("admissionRequest");
        assertThat(message(endpoint.admit(call(3), NOW)).name()).isEqualTo("admissionRequest");
        assertThatThrownBy(() -> config.preGranting().routing()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("routed");
    }
}
