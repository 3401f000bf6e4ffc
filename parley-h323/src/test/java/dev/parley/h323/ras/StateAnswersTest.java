package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// IRQ and IRR octet for octet: which answers end a call in the records and which do not.
class StateAnswersTest {
    private final GatekeeperMachine machine = gatekeeper(Passwords.OPEN);
    private final EndpointMachine endpoint = endpoint(Optional.empty());

    @BeforeEach
    void begin() {
        register(endpoint, machine);
        endpoint.received(only(machine.received(only(endpoint.admit(call(1), NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);
    }

    private Octets inquiry() {
        return only(machine.inquire(call(1).callIdentifier(), NOW));
    }

    private RasMessage withoutCalls(RasMessage irr) {
        return irr.with("perCallInfo", new Value.Items(List.of()));
    }

    @Test
    void anEndpointTellsOfTheCallThatItIsAskedFor() {
        var irr = message(endpoint.received(inquiry(), GATEKEEPER, NOW));

        assertThat(irr.body().chosenAt("irrStatus")).hasValue("complete");
        assertThat(irr.body().listAt("perCallInfo")).hasSize(1)
                .allSatisfy(c -> assertThat(c.octetsAt("callIdentifier/guid")).hasValue(call(1).callIdentifier()));
        machine.received(irr.encode(), ENDPOINT, NOW);
        assertThat(machine.calls()).isEqualTo(1);
    }

    @Test
    void anAnswerWithoutTheCallEndsIt() {
        var irr = withoutCalls(message(endpoint.received(inquiry(), GATEKEEPER, NOW)));

        assertThat(machine.received(irr.encode(), ENDPOINT, NOW)).contains(
                new GatekeeperEvent.PartyLeft(call(1).callIdentifier(), endpoint.endpointIdentifier().orElseThrow(), "notInCall"));
        assertThat(machine.calls()).isZero();
    }

    @Test
    void aPartOfAnAnswerOneThatNobodyAskedForAndThatOfAnotherEndNothing() {
        var irr = withoutCalls(message(endpoint.received(inquiry(), GATEKEEPER, NOW)));

        machine.received(irr.with("unsolicited", true).encode(), ENDPOINT, NOW);
        machine.received(irr.encode(), new TransportAddress(ENDPOINT.ip(), 9), NOW);
        machine.received(irr.withText("endpointIdentifier", Optional.of("ep-9")).encode(), ENDPOINT, NOW);
        assertThat(machine.calls()).isEqualTo(1);
        machine.received(irr.with("irrStatus", Value.choice("incomplete")).encode(), ENDPOINT, NOW);
        assertThat(machine.calls()).isEqualTo(1);
    }

    @Test
    void anEndpointThatDoesNotKnowTheQuestionIsThere() {
        var irq = RasMessage.decode(inquiry());

        machine.received(EndpointMessages.notUnderstood(irq, irq.encode()).encode(), ENDPOINT, NOW);

        assertThat(machine.calls()).isEqualTo(1);
        assertThat(machine.nextTick()).as("nothing waits but the sweep").isEqualTo(60_000_000_000L);
    }

    @Test
    void ofACallThatNobodyKnowsTheEndpointSaysSo() {
        var irq = RasMessage.decode(inquiry()).with("callIdentifier", RasMessage.callIdentifier(call(2).callIdentifier()));

        assertThat(message(endpoint.received(irq.encode(), GATEKEEPER, NOW)).body().chosenAt("irrStatus")).hasValue("invalidCall");
    }

    @Test
    void aReportThatWantsAnAnswerGetsOneAndFromStrangersARefusal() {
        var irr = message(endpoint.received(inquiry(), GATEKEEPER, NOW)).with("needResponse", true);

        assertThat(message(machine.received(irr.encode(), ENDPOINT, NOW)).name()).isEqualTo("infoRequestAck");
        var stranger = message(machine.received(irr.withText("endpointIdentifier", Optional.of("ep-9")).encode(), ENDPOINT, NOW));
        assertThat(stranger.name()).isEqualTo("infoRequestNak");
        assertThat(stranger.body().chosenAt("nakReason")).hasValue("notRegistered");
    }

    /// 400 calls fit one datagram; of more it says that there are more.
    @Test
    void ofManyCallsAnAnswerIsAPart() {
        for (int i = 2; i <= EndpointMessages.MOST_REPORTED; i++) {
            endpoint.admit(call(i), NOW);
        }
        var all = RasMessage.decode(inquiry()).with("callReferenceValue", 0);

        var whole = message(endpoint.received(all.encode(), GATEKEEPER, NOW));
        endpoint.admit(call(EndpointMessages.MOST_REPORTED + 1), NOW);
        var part = message(endpoint.received(new RasMessage(all.name(), 7, all.body().with("requestSeqNum", 7)).encode(), GATEKEEPER, NOW));

        assertThat(whole.body().chosenAt("irrStatus")).hasValue("complete");
        assertThat(part.body().chosenAt("irrStatus")).hasValue("incomplete");
        assertThat(List.of(whole, part)).allSatisfy(m -> {
            assertThat(m.body().listAt("perCallInfo")).hasSize(EndpointMessages.MOST_REPORTED);
            assertThat(m.encode().size()).isLessThan(65_507);
        });
    }
}
