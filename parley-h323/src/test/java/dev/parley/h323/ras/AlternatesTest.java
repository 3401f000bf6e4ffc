package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.register;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where an endpoint goes that its gatekeeper leaves alone or sends elsewhere.
class AlternatesTest {
    private static final TransportAddress OTHER = at(10);
    private final EndpointMachine endpoint = endpoint(Optional.empty());

    private static TransportAddress at(int host) {
        return new TransportAddress(Octets.ofHex("7f0000%02x".formatted(host)), 1719);
    }

    private static GatekeeperMachine gatekeeperAt(TransportAddress address, String identifier) {
        return new GatekeeperMachine(GatekeeperConfig.of(identifier, address, SIGNAL, Passwords.OPEN), 1);
    }

    private static Value alternate(TransportAddress address, int priority, boolean needToRegister) {
        return Value.struct().with("rasAddress", address.forH225()).with("gatekeeperIdentifier", Value.text("GK-" + address.ip().at(3)))
                .with("needToRegister", needToRegister).with("priority", priority);
    }

    private static RasMessage sentOn(RasMessage refusal, boolean permanent, TransportAddress to, boolean needToRegister) {
        return refusal.with("altGKInfo", Value.struct().with("alternateGatekeeper", List.of(alternate(to, 1, needToRegister)))
                .with("altGKisPermanent", permanent));
    }

    private static RasMessage request(RasOutput.Send sent) {
        return RasMessage.decode(sent.datagram());
    }

    /// Registered, with others beside the gatekeeper.
    private void registerWith(List<Value> alternates) {
        var machine = gatekeeper(Passwords.OPEN);
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rcf = RasMessage.decode(only(machine.received(only(endpoint.received(gcf, GATEKEEPER, NOW)), ENDPOINT, NOW)));
        endpoint.received(rcf.withList("alternateGatekeeper", alternates).encode(), GATEKEEPER, NOW);
    }

    /// What leaves until somebody new is asked, or nobody is left.
    private List<RasOutput> silence() {
        var out = new ArrayList<RasOutput>();
        while (out.stream().noneMatch(EndpointEvent.GatekeeperLost.class::isInstance)) {
            out = new ArrayList<>(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())));
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17})
    void sixteenAreTriedInTheirOrderAndNoMore(int told) {
        registerWith(IntStream.range(0, told).mapToObj(i -> alternate(at(100 + i), told - i, true)).toList());

        var asked = new ArrayList<TransportAddress>();
        for (var out = silence(); !sent(out).isEmpty(); out = silence()) {
            asked.add(sent(out).getLast().to());
            assertThat(request(sent(out).getLast()).body().textAt("gatekeeperIdentifier"))
                    .hasValue("GK-" + sent(out).getLast().to().ip().at(3));
        }

        assertThat(asked).isEqualTo(IntStream.range(0, 16).mapToObj(i -> at(100 + told - 1 - i)).toList());
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.IDLE);
    }

    /// It knows us from the one that is lost.
    @Test
    void anAlternateThatKnowsUsIsNotRegisteredWith() {
        registerWith(List.of(alternate(OTHER, 1, false)));
        var identifier = endpoint.endpointIdentifier();
        endpoint.admit(call(1), NOW);

        var out = silence();

        assertThat(out).contains(new EndpointEvent.Registered(OTHER, identifier.orElseThrow(), java.time.Duration.ofSeconds(300)));
        assertThat(sent(out)).allSatisfy(s -> assertThat(s.to()).isEqualTo(OTHER))
                .extracting(s -> request(s).name()).containsExactly("admissionRequest", "registrationRequest");
        assertThat(request(sent(out).getLast()).body().flagAt("keepAlive")).isTrue();
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(endpoint.endpointIdentifier()).isEqualTo(identifier);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverIsSentAwayForGoodLooksThereAgain(boolean permanent) {
        var rrq = RasMessage.decode(only(endpoint.received(
                only(gatekeeper(Passwords.OPEN).received(only(endpoint.start(NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW)));

        var moved = endpoint.received(sentOn(GatekeeperAnswers.reject(rrq, "undefinedReason"), permanent, OTHER, true).encode(), GATEKEEPER, NOW);
        assertThat(sent(moved).getLast().to()).isEqualTo(OTHER);
        silence();
        var search = sent(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis()))).getFirst();

        assertThat(request(search).name()).isEqualTo("gatekeeperRequest");
        assertThat(search.to()).isEqualTo(permanent ? OTHER : GATEKEEPER);
    }

    @Test
    void aCallThatIsSentOnOnceIsAskedForThereAndTheNextOneHere() {
        var machine = gatekeeper(Passwords.OPEN);
        register(endpoint, machine);
        var arq = RasMessage.decode(only(endpoint.admit(call(1), NOW)));

        var there = sent(endpoint.received(sentOn(GatekeeperAnswers.reject(arq, "resourceUnavailable"), false, OTHER, false).encode(),
                GATEKEEPER, NOW)).getFirst();

        assertThat(there.to()).isEqualTo(OTHER);
        assertThat(request(there).name()).isEqualTo("admissionRequest");
        assertThat(request(there).body().textAt("gatekeeperIdentifier")).hasValue("GK-10");
        assertThat(endpoint.gatekeeper()).hasValue(GATEKEEPER);
        var acf = GatekeeperAnswers.admissionConfirm(
                request(there), ENDPOINT, GatekeeperConfig.of("GK-10", OTHER, SIGNAL, Passwords.OPEN), 1280, SIGNAL);
        assertThat(endpoint.received(acf.encode(), GATEKEEPER, NOW)).as("not from the one that was not asked").isEmpty();
        assertThat(endpoint.received(acf.encode(), OTHER, NOW)).hasSize(1).first().isInstanceOf(EndpointEvent.Admitted.class);
        assertThat(sent(endpoint.admit(call(2), NOW)).getFirst().to()).isEqualTo(GATEKEEPER);
    }

    @Test
    void aCallThatIsSentOnForGoodTakesTheRegistrationWithIt() {
        register(endpoint, gatekeeper(Passwords.OPEN));
        var arq = RasMessage.decode(only(endpoint.admit(call(1), NOW)));

        var rrq = sent(endpoint.received(sentOn(GatekeeperAnswers.reject(arq, "resourceUnavailable"), true, OTHER, true).encode(),
                GATEKEEPER, NOW)).getFirst();
        assertThat(rrq.to()).isEqualTo(OTHER);
        assertThat(request(rrq).name()).isEqualTo("registrationRequest");
        var again = sent(endpoint.received(only(gatekeeperAt(OTHER, "GK-10").received(rrq.datagram(), ENDPOINT, NOW)), OTHER, NOW)).getFirst();

        assertThat(again.to()).isEqualTo(OTHER);
        assertThat(request(again).callIdentifier()).hasValue(call(1).callIdentifier());
    }

    /// Two that name each other.
    @Test
    void aCallIsSentOnSixteenTimesAndThenRefused() {
        register(endpoint, gatekeeper(Passwords.OPEN));
        var out = endpoint.admit(call(1), NOW);
        int asked = 0;
        while (!sent(out).isEmpty()) {
            asked++;
            var arq = sent(out).getFirst();
            var to = arq.to().equals(GATEKEEPER) ? OTHER : GATEKEEPER;
            out = endpoint.received(sentOn(GatekeeperAnswers.reject(request(arq), "resourceUnavailable"), false, to, false).encode(), arq.to(), NOW);
        }

        assertThat(asked).isEqualTo(17);
        assertThat(out).containsExactly(new EndpointEvent.AdmissionRefused(call(1).callIdentifier(), "resourceUnavailable"));
        assertThat(endpoint.calls()).isEmpty();
    }

    @Test
    void aRegistrationIsSentOnSixteenTimesAndThenWaits() {
        var out = endpoint.received(only(gatekeeper(Passwords.OPEN).received(only(endpoint.start(NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);
        int asked = 0;
        while (!sent(out).isEmpty()) {
            asked++;
            var rrq = sent(out).getLast();
            var to = rrq.to().equals(GATEKEEPER) ? OTHER : GATEKEEPER;
            out = endpoint.received(sentOn(GatekeeperAnswers.reject(request(rrq), "resourceUnavailable"), false, to, true).encode(), rrq.to(), NOW);
        }

        assertThat(asked).isEqualTo(17);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.IDLE);
        assertThat(endpoint.nextTick()).isEqualTo(30_000_000_000L);
    }

    @Test
    void theAssignedGatekeeperIsRegisteredWithAndWhenItIsSilentTheOneThatNamedIt() {
        var gcf = RasMessage.decode(only(gatekeeper(Passwords.OPEN).received(only(endpoint.start(NOW)), ENDPOINT, NOW)));

        var first = sent(endpoint.received(gcf.with("assignedGatekeeper", alternate(OTHER, 0, true)).encode(), GATEKEEPER, NOW)).getFirst();
        var second = sent(silence()).getLast();

        assertThat(first.to()).isEqualTo(OTHER);
        assertThat(second.to()).isEqualTo(GATEKEEPER);
        assertThat(List.of(first, second)).extracting(s -> request(s).name()).containsOnly("registrationRequest");
    }

    @Test
    void whoeverIsSentToItsAssignedGatekeeperGoesThereBeforeAllOthers() {
        registerWith(List.of(alternate(at(11), 1, true), alternate(OTHER, 2, true)));
        var urq = RasMessage.of("unregistrationRequest", 9).with("callSignalAddress", new Value.Items(List.of(SIGNAL.forH225())))
                .with("reason", Value.choice("registerWithAssignedGK")).with("assignedGatekeeper", alternate(OTHER, 0, true));

        var out = sent(endpoint.received(urq.encode(), GATEKEEPER, NOW));

        assertThat(request(out.getFirst()).name()).isEqualTo("unregistrationConfirm");
        assertThat(out.getLast().to()).isEqualTo(OTHER);
        assertThat(sent(silence()).getLast().to()).isEqualTo(at(11));
    }
}
