package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.runtime.Datagrams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a gatekeeper demands by itself, and what becomes of its endpoints when it is gone.
class DemandsTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final List<Value> answers = new ArrayList<>();
    private final AtomicReference<TransportAddress> aliceAt = new AtomicReference<>();

    private RasEndpoint alice(RasWorld ras) throws IOException {
        return ras.endpoint(c -> {
            aliceAt.set(c.rasAddress());
            return c;
        }, "alice");
    }

    /// Somebody at the gatekeeper's address.
    private Datagrams voice(RasWorld ras) throws IOException {
        return ras.network.open(RasWorld.at("10.0.0.1", 7777), ras.gatekeeperProcess.loop(),
                (_, datagram) -> answers.add(Pdu.RAS.decode(Addresses.octets(datagram))));
    }

    private void demand(RasWorld ras, Datagrams voice, Value message) {
        voice.send(Addresses.of(aliceAt.get()), ByteBuffer.wrap(Pdu.RAS.encode(message).toArray()));
        ras.run(SHORT);
    }

    private static Value bandwidthRequest(Octets call, long bandwidth) {
        return Value.choice("bandwidthRequest", Value.struct().with("requestSeqNum", 9).with("endpointIdentifier", Value.text("ep"))
                .with("conferenceID", call).with("callReferenceValue", 1).with("bandWidth", bandwidth)
                .with("callIdentifier", Value.struct().with("guid", call)).with("answeredCall", false));
    }

    private static Value disengageRequest(Octets call, int sequence) {
        return Value.choice("disengageRequest", Value.struct().with("requestSeqNum", sequence).with("endpointIdentifier", Value.text("ep"))
                .with("conferenceID", call).with("callReferenceValue", 1).with("disengageReason", Value.choice("forcedDrop"))
                .with("callIdentifier", Value.struct().with("guid", call)).with("answeredCall", false));
    }

    @Test
    void lessBandwidthThanACallNeedsIsRefusedAndAsMuchIsTaken() throws IOException {
        var ras = new RasWorld(1, Passwords.OPEN, c -> c);
        var alice = alice(ras);
        ras.await(alice.registered());
        var c = ras.call("alice");
        ras.await(alice.admit(new Admission(c.callIdentifier(), c.conferenceIdentifier(), c.callReference(), false, c.destination(),
                c.destinationAddress(), c.source(), c.sourceAddress(), 5_000, 1_280)));
        var voice = voice(ras);

        demand(ras, voice, bandwidthRequest(c.callIdentifier(), 1_279));
        demand(ras, voice, bandwidthRequest(c.callIdentifier(), 1_280));
        demand(ras, voice, bandwidthRequest(ras.call("x").callIdentifier(), 1_280));

        assertThat(answers).hasSize(3);
        assertThat(answers.get(0).chosenAt("bandwidthReject/rejectReason")).hasValue("insufficientResources");
        assertThat(answers.get(0).numberAt("bandwidthReject/allowedBandWidth")).hasValue(1_280L);
        assertThat(answers.get(1).numberAt("bandwidthConfirm/bandWidth")).hasValue(1_280L);
        assertThat(answers.get(2).chosenAt("bandwidthReject/rejectReason")).hasValue("invalidConferenceID");
        assertThat(ras.events(alice, EndpointEvent.BandwidthSet.class))
                .containsExactly(new EndpointEvent.BandwidthSet(c.callIdentifier(), 1_280, false));
    }

    @Test
    void anEndThatBothTellAtOnceIsTheEnd() throws IOException {
        var ras = new RasWorld(2, Passwords.OPEN, c -> c);
        var alice = alice(ras);
        ras.await(alice.registered());
        var call = ras.call("alice");
        ras.await(alice.admit(call));

        ras.gatekeeper.drop(call.callIdentifier());
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        ras.run(SHORT);

        assertThat(ras.await(alice.calls())).isEmpty();
        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maintenance", "undefinedReason"})
    void whoeverIsSentAwayForATimeComesBack(String reason) throws IOException {
        var ras = new RasWorld(3, Passwords.OPEN, c -> c);
        var alice = alice(ras);
        var is = ras.await(alice.registered()).endpointIdentifier();

        ras.gatekeeper.unregister(is, reason);
        ras.run(Duration.ofSeconds(29));
        assertThat(ras.await(ras.gatekeeper.registrations())).isEmpty();
        ras.run(Duration.ofSeconds(3));

        assertThat(ras.await(ras.gatekeeper.registrations())).hasSize(1);
        assertThat(ras.events(alice, EndpointEvent.Unregistered.class)).containsExactly(new EndpointEvent.Unregistered(true, reason));
    }

    /// The first one dies without a word; its endpoints know the second one from it.
    @Test
    void theAlternateGatekeeperIsUsedWhenTheFirstOneDies() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN,
                c -> c.timeToLive(Duration.ofSeconds(60))
                        .alternates(List.of(RasWorld.address("10.0.0.9", 1719), RasWorld.address("10.0.0.2", 1719))));
        var second = ras.open(ras.world.process("second"), "10.0.0.2", Passwords.OPEN, c -> c);
        var alice = alice(ras);
        ras.await(alice.registered());

        ras.gatekeeperProcess.kill();
        ras.run(Duration.ofMinutes(2));

        assertThat(ras.events(alice, EndpointEvent.Registered.class)).extracting(EndpointEvent.Registered::gatekeeper)
                .containsExactly(RasWorld.address("10.0.0.1", 1719), RasWorld.address("10.0.0.2", 1719));
        ras.await(alice.admit(ras.call("alice")));
        assertThat(ras.await(second.calls())).isEqualTo(1);
    }

    @Test
    void aCallThatTheDeadOneDoesNotAnswerForIsAskedOfTheNext() throws IOException {
        var ras = new RasWorld(5, Passwords.OPEN, c -> c.alternates(List.of(RasWorld.address("10.0.0.2", 1719))));
        var second = ras.open(ras.world.process("second"), "10.0.0.2", Passwords.OPEN, c -> c);
        var alice = alice(ras);
        ras.await(alice.registered());

        ras.gatekeeperProcess.kill();
        var admitted = ras.await(alice.admit(ras.call("alice")));

        assertThat(admitted.signalAddress()).isEqualTo(RasWorld.address("10.0.1.1", 1720));
        assertThat(ras.await(second.calls())).isEqualTo(1);
        assertThat(ras.events(alice, EndpointEvent.GatekeeperLost.class)).hasSize(1);
    }

    @Test
    void aCallThatNoGatekeeperAnswersForIsRefused() throws IOException {
        var ras = new RasWorld(6, Passwords.OPEN, c -> c.alternates(List.of(RasWorld.address("10.0.0.2", 1719))));
        var alice = alice(ras);
        ras.await(alice.registered());

        ras.gatekeeperProcess.kill();

        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("alice")))).hasMessageContaining(Reason.words("noAnswer"));
        assertThat(ras.await(alice.calls())).isEmpty();
    }

    @Test
    void withH2351ADemandWithoutAProofIsNotHeard() throws IOException {
        var ras = new RasWorld(7, RasWorld.TWO_USERS, c -> c);
        var alice = ras.endpoint(c -> {
            aliceAt.set(c.rasAddress());
            return c.with(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96));
        }, "alice");
        ras.await(alice.registered());
        var call = ras.call("alice");
        ras.await(alice.admit(call));

        demand(ras, voice(ras), disengageRequest(call.callIdentifier(), 9));
        assertThat(answers).isEmpty();
        assertThat(ras.await(alice.calls())).hasSize(1);

        ras.gatekeeper.drop(call.callIdentifier());
        ras.run(SHORT);
        assertThat(ras.events(alice, EndpointEvent.DisengageDemanded.class)).hasSize(1);
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).hasSize(1);
    }

    @Test
    void withoutPasswordsADemandIsDoneAndConfirmed() throws IOException {
        var ras = new RasWorld(8, Passwords.OPEN, c -> c);
        var alice = alice(ras);
        ras.await(alice.registered());
        var call = ras.call("alice");
        ras.await(alice.admit(call));
        var voice = voice(ras);

        demand(ras, voice, disengageRequest(call.callIdentifier(), 9));
        demand(ras, voice, disengageRequest(call.callIdentifier(), 9));
        demand(ras, voice, disengageRequest(call.callIdentifier(), 10));

        assertThat(answers.get(0).has("disengageConfirm")).isTrue();
        assertThat(answers.get(1)).as("our answer was lost").isEqualTo(answers.get(0));
        assertThat(answers.get(2).chosenAt("disengageReject/rejectReason")).hasValue("requestToDropOther");
        assertThat(ras.events(alice, EndpointEvent.DisengageDemanded.class)).hasSize(1);
    }
}
