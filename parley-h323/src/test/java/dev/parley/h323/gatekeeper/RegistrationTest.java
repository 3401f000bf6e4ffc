package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.ras.Registration;
import dev.parley.h323.wire.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Discovery, registration and its end, in virtual time.
class RegistrationTest {
    private static UnaryOperator<EndpointConfig> proving(String user, String password, Credentials.Scheme scheme) {
        return c -> c.with(new Credentials(user, password, scheme));
    }

    @Test
    void anEndpointRegistersAndStaysRegisteredByKeepingAlive() throws IOException {
        var ras = new RasWorld(1, Passwords.OPEN, c -> c.timeToLive(Duration.ofSeconds(60)));
        var alice = ras.endpoint(c -> c, "alice", "1001");

        var registered = ras.await(alice.registered());
        ras.run(Duration.ofMinutes(10));

        assertThat(registered.timeToLive()).isEqualTo(Duration.ofSeconds(60));
        assertThat(ras.await(ras.gatekeeper.registrations())).extracting(Registration::identifier).containsExactly(registered.endpointIdentifier());
        assertThat(ras.events(GatekeeperEvent.Registered.class)).hasSize(1);
        assertThat(ras.events(alice, EndpointEvent.Registered.class)).hasSize(1);
        assertThat(ras.network.sent()).isBetween(30L, 40L);
    }

    @Test
    void aGatekeeperIsFoundByMulticast() throws IOException {
        var ras = new RasWorld(2, Passwords.OPEN, c -> c);

        var registered = ras.await(ras.endpoint(RasWorld::byMulticast, "alice").registered());

        assertThat(registered.gatekeeper()).isEqualTo(RasWorld.address("10.0.0.1", 1719));
    }

    @Test
    void onALineThatLosesAndDoublesItWorksAllTheSame() throws IOException {
        long seed = new Random().nextLong();
        var ras = new RasWorld(seed, RasWorld.TWO_USERS, c -> c.timeToLive(Duration.ofSeconds(60)));
        ras.network.loss(0.25).doubling(0.25);
        var alice = ras.endpoint(proving("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96), "alice");

        ras.await(alice.registered());
        ras.run(Duration.ofMinutes(30));

        assertThat(ras.await(ras.gatekeeper.registrations())).as("seed %d", seed).hasSizeLessThanOrEqualTo(1);
        assertThat(ras.events(alice, EndpointEvent.Registered.class)).as("seed %d", seed).isNotEmpty();
        assertThat(ras.events(GatekeeperEvent.Refused.class)).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Credentials.Scheme.class)
    void theRightPasswordOpensAndAWrongOneDoesNot(Credentials.Scheme scheme) throws IOException {
        var ras = new RasWorld(3, RasWorld.TWO_USERS, c -> c);
        var alice = ras.endpoint(proving("alice", "wonderland", scheme), "alice");
        var mallory = ras.endpoint(proving("alice", "guess", scheme), "mallory");
        var nobody = ras.endpoint(proving("nobody", "wonderland", scheme), "nobody");
        var silent = ras.endpoint(c -> c, "silent");

        assertThat(ras.await(alice.registered()).endpointIdentifier()).startsWith("ep-");
        for (var refused : List.of(mallory, nobody, silent)) {
            assertThatThrownBy(() -> ras.await(refused.registered())).hasMessageContaining(Reason.words("securityDenial"));
        }
        assertThat(ras.await(ras.gatekeeper.registrations())).extracting(r -> r.user().orElse("")).containsExactly("alice");
    }

    @Test
    void aNameBelongsToOneEndpointAndCanBeTakenAgainByItself() throws IOException {
        var ras = new RasWorld(4, Passwords.OPEN, c -> c);
        var first = ras.endpoint(c -> c, "alice", "1001");
        ras.await(first.registered());

        assertThatThrownBy(() -> ras.await(ras.endpoint(c -> c, "bob", "1001").registered())).hasMessageContaining(Reason.words("duplicateAlias"));
        ras.await(first.unregister());
        ras.await(ras.endpoint(c -> c, "bob", "1001").registered());

        assertThat(ras.await(ras.gatekeeper.registrations())).extracting(r -> r.aliases().getFirst().text()).containsExactly("bob");
    }

    @Test
    void anotherUserCannotTakeOverARegistration() throws IOException {
        var ras = new RasWorld(4, RasWorld.TWO_USERS, c -> c);
        var alice = ras.endpoint(proving("alice", "wonderland", Credentials.Scheme.MD5), "alice");
        ras.await(alice.registered());
        var address = RasWorld.address("10.0.1.1", Addresses.SIGNALLING_PORT);
        var bob = ras.endpoint(c -> new EndpointConfig(c.aliases(), c.rasAddress(), List.of(address), c.gatekeeper(), c.gatekeeperIdentifier(),
                List.of(), Optional.of(new Credentials("bob", "builder", Credentials.Scheme.MD5)), c.timeToLive(), c.answerWithin(),
                c.tries(), c.retryAfter()), "robert");

        assertThatThrownBy(() -> ras.await(bob.registered())).hasMessageContaining(Reason.words("securityDenial"));
    }

    @Test
    void anEndpointThatFallsSilentExpires() throws IOException {
        var ras = new RasWorld(5, Passwords.OPEN, c -> c.timeToLive(Duration.ofSeconds(60)));
        ras.await(ras.endpoint(c -> c, "alice").registered());
        var alice = ras.endpoint(c -> c, "bob");
        ras.await(alice.registered());

        alice.close();
        // A quarter of its time is granted on top.
        ras.run(Duration.ofSeconds(74));
        assertThat(ras.events(GatekeeperEvent.Unregistered.class)).isEmpty();
        ras.run(Duration.ofSeconds(2));

        assertThat(ras.events(GatekeeperEvent.Unregistered.class)).extracting(u -> u.registration().aliases().getFirst().text() + " " + u.reason())
                .containsExactly("bob expired");
        assertThat(ras.await(ras.gatekeeper.registrations())).hasSize(1);
    }

    @Test
    void theGatekeeperMayEndARegistrationForGoodOrAskForANewOne() throws IOException {
        var ras = new RasWorld(6, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        var bob = ras.endpoint(c -> c, "bob");
        var aliceIs = ras.await(alice.registered()).endpointIdentifier();
        var bobIs = ras.await(bob.registered()).endpointIdentifier();

        ras.gatekeeper.unregister(aliceIs, "reregistrationRequired");
        ras.gatekeeper.unregister(bobIs, "securityDenial");
        ras.run(Duration.ofMinutes(1));

        assertThat(ras.events(alice, EndpointEvent.Registered.class)).hasSize(2);
        assertThat(ras.events(bob, EndpointEvent.Unregistered.class)).extracting(EndpointEvent.Unregistered::reason)
                .containsExactly("securityDenial");
        assertThat(ras.await(ras.gatekeeper.registrations())).extracting(r -> r.aliases().getFirst().text()).containsExactly("alice");
    }

    /// The gatekeeper is killed and comes back without its memory.
    @Test
    void aGatekeeperThatForgotGetsAFullRegistration() throws IOException {
        var ras = new RasWorld(7, Passwords.OPEN, c -> c.timeToLive(Duration.ofSeconds(60)));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.gatekeeper.close();
        ras.run(Duration.ofSeconds(1));
        var second = ras.open(ras.world.process("second"), "10.0.0.1", Passwords.OPEN, c -> c);

        ras.run(Duration.ofMinutes(2));

        assertThat(ras.await(second.registrations())).hasSize(1);
        assertThat(ras.events(alice, EndpointEvent.Registered.class)).hasSize(2);
    }

    @Test
    void aSilentGatekeeperIsToldOfAndLookedForAgain() throws IOException {
        var ras = new RasWorld(8, Passwords.OPEN, c -> c.timeToLive(Duration.ofSeconds(60)));
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        ras.gatekeeperProcess.kill();
        ras.run(Duration.ofMinutes(5));
        assertThat(ras.events(alice, EndpointEvent.GatekeeperLost.class)).isNotEmpty();

        ras.gatekeeper.close();
        ras.network.loss(1);
        ras.run(Duration.ofSeconds(1));
        ras.network.loss(0);
        var second = ras.open(ras.world.process("second"), "10.0.0.2", Passwords.OPEN, c -> c);
        var found = ras.endpoint(RasWorld::byMulticast, "carol");

        assertThat(ras.await(found.registered()).gatekeeper()).isEqualTo(RasWorld.address("10.0.0.2", 1719));
        assertThat(ras.await(second.registrations())).hasSize(1);
    }

    @Test
    void theLimitOfRegistrationsHolds() throws IOException {
        var ras = new RasWorld(9, Passwords.OPEN, c -> c.limits(2, 10, 10_000, 10_000));
        ras.await(ras.endpoint(c -> c, "a").registered());
        ras.await(ras.endpoint(c -> c, "b").registered());
        var third = ras.endpoint(c -> c, "c");

        ras.run(Duration.ofSeconds(5));

        assertThat(third.registered().toCompletableFuture()).isNotDone();
        assertThat(ras.events(third, EndpointEvent.GatekeeperLost.class)).extracting(EndpointEvent.GatekeeperLost::what)
                .containsExactly("resourceUnavailable");
        assertThat(ras.events(GatekeeperEvent.Refused.class)).extracting(GatekeeperEvent.Refused::reason).containsOnly("resourceUnavailable");
    }

    /// More endpoints than may be asked at once.
    @Test
    void aGatekeeperThatStopsTellsEverybody() throws IOException {
        var ras = new RasWorld(10, Passwords.OPEN, c -> c.alternates(List.of(RasWorld.address("10.0.0.9", 1719))));
        var endpoints = new ArrayList<RasEndpoint>();
        for (int i = 0; i < 1_010; i++) {
            endpoints.add(ras.endpoint(c -> c, "e" + i));
        }
        for (var endpoint : endpoints) {
            ras.await(endpoint.registered());
        }
        ras.await(endpoints.getFirst().admit(ras.call("e1")));
        var left = ras.gatekeeper.leave("maintenance", Duration.ofSeconds(30)).toCompletableFuture();
        ras.await(left);

        assertThat(endpoints).allSatisfy(e -> assertThat(ras.events(e, EndpointEvent.Unregistered.class))
                .containsExactly(new EndpointEvent.Unregistered(true, "maintenance")));
        assertThat(ras.await(ras.gatekeeper.registrations())).isEmpty();
        assertThat(ras.events(GatekeeperEvent.CallEnded.class)).hasSize(1);
        assertThat(ras.atGatekeeper).last().isNotInstanceOf(GatekeeperEvent.Registered.class);
    }

    @Test
    void whoeverIsSilentIsWaitedForNoLongerThanTheLimit() throws IOException {
        var ras = new RasWorld(11, Passwords.OPEN, c -> c);
        var alice = ras.endpoint(c -> c, "alice");
        ras.await(alice.registered());
        alice.close();
        ras.run(Duration.ofSeconds(1));
        var left = ras.gatekeeper.leave("maintenance", Duration.ofSeconds(4)).toCompletableFuture();

        ras.run(Duration.ofMillis(3_990));
        assertThat(left).isNotDone();
        ras.run(Duration.ofMillis(20));
        assertThat(left).isDone();
        // Nobody is taken any more.
        var late = ras.endpoint(c -> c, "late");
        ras.run(Duration.ofSeconds(1));
        assertThat(ras.events(late, EndpointEvent.GatekeeperLost.class)).extracting(EndpointEvent.GatekeeperLost::what)
                .containsExactly("resourceUnavailable");
    }
}
