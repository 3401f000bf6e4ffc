package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Calls at a gatekeeper: admission, routing, bandwidth, their end, and the record of them.
class AdmissionTest {
    private static final TransportAddress BOB = RasWorld.address("10.0.1.2", Addresses.SIGNALLING_PORT);

    @Test
    void aDirectCallGoesToTheOtherEndpointAndIsRecorded() throws IOException {
        var ras = new RasWorld(1, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        var bob = ras.endpoint(c -> c, "bob", "1002");
        ras.await(alice.registered());
        ras.await(bob.registered());
        var call = ras.call("1002");

        var there = ras.await(alice.admit(call));
        ras.run(Duration.ofSeconds(3));
        ras.await(bob.admit(RasWorld.answering(call)));
        ras.run(Duration.ofSeconds(7));
        alice.answered(call.callIdentifier());
        ras.run(Duration.ofSeconds(60));
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).isEmpty();
        ras.await(bob.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));

        assertThat(there.signalAddress()).isEqualTo(BOB);
        assertThat(there.routed()).isFalse();
        assertThat(there.bandwidth()).isEqualTo(1280);
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).satisfiesExactly(record -> {
            assertThat(record.from()).isEqualTo("alice");
            assertThat(record.to()).isEqualTo("bob");
            assertThat(record.reason()).isEqualTo("normalDrop");
            // An endpoint tells it in whole seconds.
            assertThat(record.answeredMillis().orElseThrow() - record.startedMillis()).isBetween(9_000L, 10_200L);
            assertThat(record.endedMillis() - record.answeredMillis().orElseThrow()).isBetween(60_000L, 61_200L);
        });
        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
        assertThat(ras.await(alice.calls())).isEmpty();
    }

    @Test
    void aRoutedCallGoesToTheGatekeeper() throws IOException {
        var ras = new RasWorld(2, Passwords.OPEN, c -> c.routing());
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.await(ras.endpoint(c -> c, "bob").registered());
        var call = ras.call("bob");

        var there = ras.await(alice.admit(call));

        assertThat(there.routed()).isTrue();
        assertThat(there.signalAddress()).isEqualTo(RasWorld.address("10.0.0.1", Addresses.SIGNALLING_PORT));
        assertThat(ras.await(ras.gatekeeper.destination(call.callIdentifier()))).hasValue(Addresses.of(BOB));
    }

    /// The called side's word that it is out of the call may come late, or never.
    @Test
    void aRoutedCallThatIsSentOnGoesToItsNewDestinationWhileTheOldOneIsStillInIt() throws IOException {
        var ras = new RasWorld(2, Passwords.OPEN, c -> c.routing());
        var alice = ras.endpoint(c -> c, "alice");
        var bob = ras.endpoint(c -> c, "bob");
        ras.await(alice.registered());
        ras.await(bob.registered());
        ras.await(ras.endpoint(c -> c, "carol").registered());
        var call = ras.call("bob");
        var onward = new Admission(call.callIdentifier(), call.conferenceIdentifier(), 5, false, ras.call("carol").destination(),
                Optional.empty(), call.source(), call.sourceAddress(), 1280);
        ras.await(alice.admit(call));
        ras.await(bob.admit(RasWorld.answering(call)));
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));

        ras.await(alice.admit(onward));
        assertThat(ras.await(ras.gatekeeper.destination(call.callIdentifier()))).hasValue(new InetSocketAddress("10.0.1.3", 1720));
        ras.await(bob.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        // It is the caller's to lead it elsewhere.
        ras.await(bob.admit(call));

        assertThat(ras.await(ras.gatekeeper.destination(call.callIdentifier()))).hasValue(new InetSocketAddress("10.0.1.3", 1720));
        assertThat(ras.events(GatekeeperEvent.CallAdmitted.class)).extracting(GatekeeperEvent.CallAdmitted::to).containsExactly("bob", "carol");
    }

    @Test
    void numbersBeyondAGatewayAreReachedByTheLongestPrefix() throws IOException {
        var ras = new RasWorld(3, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.await(ras.endpoint(c -> c.withPrefixes(List.of("0")), "gw0").registered());
        ras.await(ras.endpoint(c -> c.withPrefixes(List.of("0049", "0043")), "gw49").registered());

        assertThat(ras.await(alice.admit(ras.call("0039123"))).signalAddress()).isEqualTo(RasWorld.address("10.0.1.2", 1720));
        assertThat(ras.await(alice.admit(ras.call("0049123"))).signalAddress()).isEqualTo(RasWorld.address("10.0.1.3", 1720));
        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("1")))).hasMessageContaining(Reason.words("calledPartyNotRegistered"));
    }

    @Test
    void aNumberOfAPlanIsReachedByItsDigitsAndAnAddressByItself() throws IOException {
        var ras = new RasWorld(3, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice", "party:e164Number.internationalNumber:4912345");
        ras.await(alice.registered());
        ras.await(ras.endpoint(c -> c, "bob", "1002", "mobile:gsm-uim:imsi=262011234567890").registered());
        ras.await(ras.endpoint(c -> c.withPrefixes(List.of("43")), "gateway").registered());
        var reached = List.of("4912345", "party:e164Number.internationalNumber:4912345", "party:e164Number.subscriberNumber:4912345",
                "party:privateNumber.unknown:1002", "mobile:gsm-uim:imsi=262011234567890", "party:e164Number.internationalNumber:43999",
                "transport:10.9.9.9:1720").stream().map(name -> ras.await(alice.admit(ras.call(name))).signalAddress().toString()).toList();

        assertThat(reached).containsExactly("10.0.1.1:1720", "10.0.1.1:1720", "10.0.1.1:1720", "10.0.1.2:1720", "10.0.1.2:1720", "10.0.1.3:1720",
                "10.9.9.9:1720");
        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("party:telexPartyNumber:4912345"))))
                .hasMessageContaining(Reason.words("calledPartyNotRegistered"));
    }

    @Test
    void unknownNamesAreRefusedAndKnownAddressesAreNot() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        var call = ras.call("x");
        var byAddress = new Admission(call.callIdentifier(), call.conferenceIdentifier(), 5, false, List.of(),
                Optional.of(RasWorld.address("10.9.9.9", 1720)), List.of(), Optional.empty(), 1280);

        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("nobody")))).hasMessageContaining(Reason.words("calledPartyNotRegistered"));
        assertThat(ras.await(alice.admit(byAddress)).signalAddress()).isEqualTo(RasWorld.address("10.9.9.9", 1720));
    }

    /// `h323:bob@GATEKEEPER` without a port; with a port, or without a name, it is a place.
    @Test
    void aNameAtTheGatekeepersHostIsOneThatItKnows() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        var nameless = ras.call("x");
        var place = new Admission(nameless.callIdentifier(), nameless.conferenceIdentifier(), 5, false, List.of(),
                Optional.of(RasWorld.address("10.0.0.1", 1720)), List.of(), Optional.empty(), 1280);

        assertThatThrownBy(() -> ras.await(alice.admit(at(ras.call("nobody"), "10.0.0.1", 1720))))
                .hasMessageContaining(Reason.words("calledPartyNotRegistered"));
        assertThat(ras.await(alice.admit(at(ras.call("alice"), "10.0.0.1", 1720))).signalAddress()).isEqualTo(RasWorld.address("10.0.1.1", 1720));
        assertThat(ras.await(alice.admit(at(ras.call("nobody"), "10.0.0.1", 1721))).signalAddress())
                .isEqualTo(RasWorld.address("10.0.0.1", 1721));
        assertThat(ras.await(alice.admit(place)).signalAddress()).isEqualTo(RasWorld.address("10.0.0.1", 1720));
    }

    /// Nobody but the called side asks for it.
    @Test
    void aCallOfAStrangerIsRecordedUnderItsNameOrItsAddress() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN, c -> c);
        var bob = ras.endpoint(c -> c, "bob");
        ras.await(bob.registered());
        var from = Optional.of(RasWorld.address("10.9.9.9", 33_000));

        for (var names : List.of(List.of(Alias.of("stranger"), Alias.of("1001")), List.<Alias>of())) {
            var call = ras.call("bob");
            ras.await(bob.admit(new Admission(call.callIdentifier(), call.conferenceIdentifier(), 5, true, List.of(), Optional.empty(), names, from,
                    1280)));
        }

        assertThat(ras.events(GatekeeperEvent.CallAdmitted.class)).extracting(GatekeeperEvent.CallAdmitted::from)
                .containsExactly("stranger", "10.9.9.9:33000");
    }

    private static Admission at(Admission call, String host, int port) {
        return new Admission(call.callIdentifier(), call.conferenceIdentifier(), call.callReference(), false, call.destination(),
                Optional.of(RasWorld.address(host, port)), call.source(), call.sourceAddress(), call.bandwidth());
    }

    /// The gatekeeper's own host is no place to call: people write `bob@GATEKEEPER`, and Facility sends calls there.
    @Test
    void anAddressGoesBeforeANameUnlessItIsTheGatekeepers() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN, c -> c.routing());
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.await(ras.endpoint(c -> c, "bob").registered());
        var goTo = Map.of(
                at(ras.call("bob"), "10.9.9.9", 1720), RasWorld.address("10.9.9.9", 1720),
                at(ras.call("nobody"), "10.9.9.9", 1720), RasWorld.address("10.9.9.9", 1720),
                at(ras.call("nobody"), "10.0.1.2", 1720), BOB,
                at(ras.call("bob"), "10.0.0.1", 1720), BOB,
                at(ras.call("nobody"), "10.0.0.1", 1721), RasWorld.address("10.0.0.1", 1721));

        goTo.forEach((call, address) -> {
            ras.await(alice.admit(call));
            assertThat(ras.await(ras.gatekeeper.destination(call.callIdentifier()))).as("%s", call).hasValue(Addresses.of(address));
        });
        assertThatThrownBy(() -> ras.await(alice.admit(at(ras.call("nobody"), "10.0.0.1", 1720)))).as("it would come back for ever")
                .hasMessageContaining(Reason.words("calledPartyNotRegistered"));
    }

    @Test
    void bandwidthIsCutToTheLimitOfACallAndRefusedBeyondTheTotal() throws IOException {
        var ras = new RasWorld(5, Passwords.OPEN, c -> c.limits(10, 10, 1000, 1500));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.await(ras.endpoint(c -> c, "bob").registered());
        var call = needing(ras.call("bob"), 1000);

        assertThat(ras.await(alice.admit(call)).bandwidth()).isEqualTo(1000);
        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("bob")))).hasMessageContaining(Reason.words("requestDenied"));
        assertThat(ras.await(alice.bandwidth(call.callIdentifier(), 1001))).isEqualTo(
                new EndpointEvent.BandwidthSet(call.callIdentifier(), 1000, false));
        assertThat(ras.await(alice.bandwidth(call.callIdentifier(), 500))).isEqualTo(
                new EndpointEvent.BandwidthSet(call.callIdentifier(), 500, true));
        assertThat(ras.await(alice.admit(needing(ras.call("bob"), 1000))).bandwidth()).isEqualTo(1000);
    }

    private static Admission needing(Admission call, long least) {
        return new Admission(call.callIdentifier(), call.conferenceIdentifier(), call.callReference(), false, call.destination(),
                call.destinationAddress(), call.source(), call.sourceAddress(), call.bandwidth(), least);
    }

    /// The gatekeeper admits it for less: it must not go on counting it.
    @Test
    void aCallThatGetsLessThanItNeedsIsNotMade() throws IOException {
        var ras = new RasWorld(5, Passwords.OPEN, c -> c.limits(10, 10, 1000, 1500));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        var call = needing(ras.call("alice"), 1001);

        assertThatThrownBy(() -> ras.await(alice.admit(call))).hasMessageContaining(Reason.words("insufficientResources"));
        ras.run(Duration.ofSeconds(1));

        assertThat(ras.await(alice.calls())).isEmpty();
        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
    }

    @Test
    void theBandwidthOfACallIsThatOfItsFormatsBothWays() {
        var alaw = Capability.audio(Codec.G711_ALAW, 60);
        var g729 = Capability.audio(Codec.G729, 6);
        var video = Capability.h264(64, 71, 20_000);

        assertThat(Admission.bandwidth(List.of(alaw, Capability.audio(Codec.G711_ULAW, 60)))).isEqualTo(1_280);
        assertThat(Admission.bandwidth(List.of(g729))).isEqualTo(160);
        assertThat(Admission.bandwidth(List.of(g729, alaw, Capability.h263(5_000), video))).isEqualTo(41_280);
    }

    /// What goes one way only counts once: pictures that come, then a film with what they leave.
    @Test
    void oneWayPicturesNeedHalf() {
        var alaw = Capability.audio(Codec.G711_ALAW, 20);
        var film = Capability.h264(64, 71, 7_000).used(Capability.Use.RECORDED);
        var screen = Capability.h264(64, 71, 20_000).used(Capability.Use.RECEIVE);
        var all = List.of(alaw, film, screen);

        assertThat(Admission.bandwidth(all)).isEqualTo(28_280);
        assertThat(Admission.within(all, 28_280)).isEqualTo(all);
        assertThat(Admission.within(all, 28_279)).containsExactly(alaw, screen);
        assertThat(Admission.within(all, 21_279)).containsExactly(alaw, film);
        assertThat(Admission.within(all, 8_279)).containsExactly(alaw);
    }

    @Test
    void lessBandwidthLeavesTheFormatsThatFit() {
        var alaw = Capability.audio(Codec.G711_ALAW, 60);
        var g729 = Capability.audio(Codec.G729, 6);
        var video = Capability.h264(64, 71, 20_000);
        var all = List.of(alaw, g729, video);

        assertThat(Admission.lowestBandwidth(all)).isEqualTo(160);
        assertThat(Admission.lowestBandwidth(List.of(video))).isEqualTo(40_000);
        assertThat(Admission.within(all, 41_280)).isEqualTo(all);
        assertThat(Admission.within(all, 41_279)).containsExactly(alaw, g729);
        assertThat(Admission.within(all, 1_280)).containsExactly(alaw, g729);
        assertThat(Admission.within(all, 1_279)).containsExactly(g729);
        assertThat(Admission.within(all, 159)).isEmpty();
    }

    @Test
    void theLimitOfCallsHolds() throws IOException {
        var ras = new RasWorld(6, Passwords.OPEN, c -> c.limits(10, 1, 10_000, 100_000));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        var call = ras.call("alice");
        ras.await(alice.admit(call));

        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("alice")))).hasMessageContaining(Reason.words("resourceUnavailable"));
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        ras.await(alice.admit(ras.call("alice")));
    }

    @Test
    void theGatekeeperEndsACallAtBothEnds() throws IOException {
        var ras = new RasWorld(7, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        var bob = ras.endpoint(c -> c, "bob");
        ras.await(alice.registered());
        ras.await(bob.registered());
        var call = ras.call("bob");
        ras.await(alice.admit(call));
        ras.await(bob.admit(RasWorld.answering(call)));

        ras.gatekeeper.drop(call.callIdentifier());
        ras.run(Duration.ofSeconds(1));

        for (var endpoint : List.of(alice, bob)) {
            assertThat(ras.events(endpoint, EndpointEvent.DisengageDemanded.class))
                    .containsExactly(new EndpointEvent.DisengageDemanded(call.callIdentifier(), "forcedDrop"));
        }
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).extracting(GatekeeperEvent.CallEnded::reason).containsExactly("forcedDrop");
    }

    @Test
    void theCallsOfAnEndpointThatIsGoneEnd() throws IOException {
        var ras = new RasWorld(8, Passwords.OPEN, c -> c.timeToLive(Duration.ofSeconds(30)));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.await(alice.admit(ras.call("alice")));

        alice.close();
        ras.run(Duration.ofSeconds(41));

        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).extracting(GatekeeperEvent.CallEnded::reason).containsExactly("unregistered");
    }

    @Test
    void withoutAnAnswerACallIsRefusedAndItsEndNeedsNone() throws IOException {
        var ras = new RasWorld(9, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        var call = ras.call("alice");
        ras.await(alice.admit(call));
        ras.gatekeeperProcess.kill();

        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("alice")))).hasMessageContaining(Reason.words("noAnswer"));
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
    }

    @Test
    void beforeTheRegistrationNoCallCanBeAskedFor() throws IOException {
        var ras = new RasWorld(10, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");

        assertThatThrownBy(() -> ras.await(alice.admit(ras.call("alice")))).hasMessageContaining("not registered");
    }

    /// With H.235.1 every message is signed, both ways, over a line that loses and doubles.
    @Test
    void signedCallsWorkOnABadLine() throws IOException {
        var ras = new RasWorld(11, RasWorld.TWO_USERS, c -> c);
        ras.network.loss(0.2).doubling(0.2);
        var alice = ras.endpoint(c -> c.with(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96)), "alice");
        ras.await(alice.registered());

        for (int i = 0; i < 20; i++) {
            var call = ras.call("alice");
            var admitted = alice.admit(call).toCompletableFuture();
            ras.world.run(admitted::isDone, Duration.ofMinutes(1));
            if (!admitted.isCompletedExceptionally()) {
                ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
            }
        }

        assertThat(ras.events(GatekeeperEvent.Refused.class)).isEmpty();
        assertThat(ras.events(GatekeeperEvent.CallEnded.class).size()).isGreaterThan(15);
    }
}
