package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a gatekeeper hears of calls while they are on, and what it changes about them, in virtual time.
class StateOfCallsTest {
    private final RasWorld ras;
    private final RasEndpoint alice;
    private final RasEndpoint bob;
    private final Admission call;

    StateOfCallsTest() throws IOException {
        ras = new RasWorld(1, Passwords.OPEN, c -> c.timeToLive(Duration.ofHours(1)).stateEvery(Duration.ofSeconds(60)));
        alice = ras.endpoint(c -> c, "alice");
        bob = ras.endpoint(c -> c, "bob");
        ras.await(alice.registered());
        ras.await(bob.registered());
        call = least(ras.call("bob"), 1280);
    }

    private static Admission least(Admission c, long bandwidth) {
        return new Admission(c.callIdentifier(), c.conferenceIdentifier(), c.callReference(), c.answer(), c.destination(), c.destinationAddress(),
                c.source(), c.sourceAddress(), 5_000, bandwidth);
    }

    private void begin() {
        ras.await(alice.admit(call));
        ras.await(bob.admit(least(RasWorld.answering(call), 2_000)));
    }

    private List<String> left() {
        return ras.events(GatekeeperEvent.PartyLeft.class).stream().map(GatekeeperEvent.PartyLeft::reason).toList();
    }

    @Test
    void aCallThatGoesOnIsToldOfEveryMinuteAndStays() {
        begin();
        long before = ras.network.sent();

        // The first keep-alive comes after 200 s.
        ras.run(Duration.ofSeconds(190));

        assertThat(ras.network.sent() - before).as("a report and its acknowledgement a minute from each end; nobody is asked").isEqualTo(12);
        ras.run(Duration.ofMinutes(30));
        assertThat(ras.await(ras.gatekeeper.calls())).isEqualTo(1);
        assertThat(left()).isEmpty();
    }

    /// The end of it was told into a dead line; the endpoints and their registrations live.
    @Test
    void aCallWhoseEndWasLostLeavesTheRecords() {
        begin();
        ras.network.loss(1);
        ras.await(alice.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        ras.await(bob.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        ras.network.loss(0);
        assertThat(ras.await(ras.gatekeeper.calls())).isEqualTo(1);

        ras.run(Duration.ofMinutes(3));

        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
        assertThat(left()).containsExactly("notInCall", "notInCall");
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).extracting(GatekeeperEvent.CallEnded::reason).containsExactly("notInCall");
        assertThat(ras.await(ras.gatekeeper.registrations())).hasSize(2);
    }

    @Test
    void anEndpointThatDoesNotAnswerIsOutOfItsCall() {
        begin();
        ras.run(Duration.ofSeconds(61));
        alice.close();
        bob.close();

        ras.run(Duration.ofMinutes(3));

        assertThat(left()).containsExactly("noAnswer", "noAnswer");
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).extracting(GatekeeperEvent.CallEnded::bandwidth).containsExactly(5_000L);
        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
    }

    /// As an endpoint that does not know the question (ooh323c 0.9.4): its silence is not the end, the end of its registration is.
    @Test
    void theCallOfAnEndpointThatNeverTellsStaysAsLongAsItIsRegistered() {
        begin();
        alice.close();
        bob.close();
        ras.run(Duration.ofMinutes(3));
        long asked = ras.network.sent();
        // 300 s to live and a quarter of it.
        ras.run(Duration.ofSeconds(190));
        assertThat(ras.await(ras.gatekeeper.calls())).isEqualTo(1);
        assertThat(ras.network.sent()).as("nobody is asked again").isEqualTo(asked);

        ras.run(Duration.ofSeconds(10));

        assertThat(left()).containsExactly("unregistered", "unregistered");
        assertThat(ras.await(ras.gatekeeper.calls())).isZero();
    }

    @Test
    void onALineThatLosesEveryThirdDatagramTheCallStays() {
        begin();
        ras.network.loss(0.33);

        ras.run(Duration.ofMinutes(5));

        assertThat(ras.await(ras.gatekeeper.calls())).isEqualTo(1);
    }

    @Test
    void whoeverIsAskedTellsAtOnce() {
        begin();
        ras.gatekeeper.inquire(call.callIdentifier());
        ras.run(Duration.ofSeconds(1));
        assertThat(left()).isEmpty();

        ras.network.loss(1);
        ras.await(bob.disengage(call.callIdentifier(), DisengageReason.NORMAL_DROP));
        ras.network.loss(0);
        ras.gatekeeper.inquire(call.callIdentifier());
        ras.run(Duration.ofSeconds(1));

        assertThat(ras.events(GatekeeperEvent.PartyLeft.class)).containsExactly(new GatekeeperEvent.PartyLeft(call.callIdentifier(),
                ras.await(bob.registered()).endpointIdentifier(), "notInCall"));
        assertThat(ras.await(ras.gatekeeper.calls())).isEqualTo(1);
    }

    /// The gatekeeper comes back without its memory; the keep-alive is far away, but the next report says it.
    @Test
    void aReportThatIsRefusedMakesANewRegistration() throws IOException {
        begin();
        ras.gatekeeper.close();
        ras.run(Duration.ofSeconds(1));
        var second = ras.open(ras.world.process("second"), "10.0.0.1", Passwords.OPEN, c -> c);

        ras.run(Duration.ofSeconds(62));

        assertThat(ras.await(second.registrations())).hasSize(2);
        assertThat(ras.events(alice, EndpointEvent.Registered.class)).hasSize(2);
    }

    @Test
    void whereNoStateIsWantedNobodyTellsAndNobodyAsks() throws IOException {
        var quiet = new RasWorld(2, Passwords.OPEN, c -> c.timeToLive(Duration.ofHours(1)).stateEvery(Duration.ZERO));
        var carol = quiet.endpoint(c -> c, "carol");
        quiet.await(carol.registered());
        quiet.await(carol.admit(quiet.call("carol")));
        long before = quiet.network.sent();

        // The first keep-alive comes after 200 s.
        quiet.run(Duration.ofSeconds(190));

        assertThat(quiet.network.sent()).isEqualTo(before);
        assertThat(quiet.await(quiet.gatekeeper.calls())).isEqualTo(1);
    }

    @Test
    void aLowerLimitIsDemandedOfBothEndsAndEachSaysWhatItCan() {
        begin();
        var bobIs = ras.await(bob.registered()).endpointIdentifier();
        var aliceIs = ras.await(alice.registered()).endpointIdentifier();

        ras.gatekeeper.limitCalls(1_500);
        ras.run(Duration.ofSeconds(1));

        assertThat(ras.events(alice, EndpointEvent.BandwidthSet.class))
                .containsExactly(new EndpointEvent.BandwidthSet(call.callIdentifier(), 1_500, false));
        assertThat(ras.events(bob, EndpointEvent.BandwidthSet.class)).isEmpty();
        assertThat(ras.events(GatekeeperEvent.BandwidthChanged.class))
                .containsExactly(new GatekeeperEvent.BandwidthChanged(call.callIdentifier(), aliceIs, 1_500));
        assertThat(ras.events(GatekeeperEvent.BandwidthRefused.class))
                .containsExactly(new GatekeeperEvent.BandwidthRefused(call.callIdentifier(), bobIs, "insufficientResources", 2_000));
        assertThat(ras.await(alice.admit(least(ras.call("bob"), 1))).bandwidth()).as("of a new call").isEqualTo(1_500);
    }

    @Test
    void aLimitOfOneCallIsItsOwn() {
        begin();
        ras.gatekeeper.limit(call.callIdentifier(), 2_000);
        ras.run(Duration.ofSeconds(1));

        assertThat(ras.events(GatekeeperEvent.BandwidthChanged.class)).extracting(GatekeeperEvent.BandwidthChanged::bandwidth)
                .containsExactly(2_000L, 2_000L);
        alice.close();
        ras.gatekeeper.limit(call.callIdentifier(), 1_900);
        ras.run(Duration.ofSeconds(10));
        assertThat(ras.events(GatekeeperEvent.BandwidthRefused.class)).extracting(GatekeeperEvent.BandwidthRefused::reason)
                .containsExactlyInAnyOrder("noAnswer", "insufficientResources");
    }
}
