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
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls at a gatekeeper that was started anew since the endpoint registered.
class ForgottenTest {
    private enum Password { NONE, MD5, HMAC_SHA1_96 }

    private static GatekeeperMachine gatekeeper(Password password, long random) {
        var users = password == Password.NONE ? Passwords.OPEN : (Passwords) user -> Optional.of("wonderland").filter(_ -> user.equals("alice"));
        return new GatekeeperMachine(GatekeeperConfig.of("GK", GATEKEEPER, SIGNAL, users), random);
    }

    private static EndpointMachine endpoint(Password password) {
        return RasPair.endpoint(password == Password.NONE ? Optional.empty()
                : Optional.of(new Credentials("alice", "wonderland", Credentials.Scheme.valueOf(password.name()))));
    }

    /// Every datagram reaches the other side, in order.
    ///
    /// @return what the endpoint tells
    private static List<EndpointEvent> exchange(List<RasOutput> begin, EndpointMachine endpoint, GatekeeperMachine gatekeeper) {
        var told = new ArrayList<EndpointEvent>();
        var next = new ArrayList<>(begin);
        while (!next.isEmpty()) {
            switch (next.removeFirst()) {
                case RasOutput.Send(_, var datagram) -> sent(gatekeeper.received(datagram, ENDPOINT, NOW))
                        .forEach(a -> next.addAll(endpoint.received(a.datagram(), GATEKEEPER, NOW)));
                case EndpointEvent event -> told.add(event);
                default -> throw new AssertionError();
            }
        }
        return told;
    }

    @ParameterizedTest
    @EnumSource
    void callsAreAskedForAgainOnceTheGatekeeperKnowsTheEndpoint(Password password) {
        var endpoint = endpoint(password);
        RasPair.register(endpoint, gatekeeper(password, 1));
        var anew = gatekeeper(password, 77);
        // The second one is asked for while the answer to the first one is under way.
        var both = new ArrayList<>(endpoint.admit(call(1), NOW));
        both.addAll(endpoint.admit(call(2), NOW));

        var told = exchange(both, endpoint, anew);

        assertThat(told).filteredOn(EndpointEvent.Admitted.class::isInstance).extracting(e -> ((EndpointEvent.Admitted) e).callIdentifier())
                .containsExactlyInAnyOrder(call(1).callIdentifier(), call(2).callIdentifier());
        assertThat(told).noneMatch(EndpointEvent.AdmissionRefused.class::isInstance);
        assertThat(anew.registrations()).hasSize(1);
        assertThat(anew.calls()).isEqualTo(2);
    }

    /// The keep-alive and the report of a call are both under way, so both are refused, in any order, before the new registration or after it.
    @ParameterizedTest
    @CsvSource({"0, 1, false", "1, 0, false", "0, 1, true", "1, 0, true"})
    void whatWasAskedBeforeIsRefusedInVain(int first, int second, boolean afterwards) {
        var endpoint = endpoint(Password.NONE);
        var old = gatekeeper(Password.NONE, 1);
        RasPair.register(endpoint, old);
        endpoint.received(only(old.received(only(endpoint.admit(call(1), NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);
        var asked = sent(endpoint.tick(new RasTime(Duration.ofSeconds(200).toNanos(), NOW.wallMillis())));
        assertThat(asked).extracting(a -> RasMessage.decode(a.datagram()).name())
                .containsExactlyInAnyOrder("registrationRequest", "infoRequestResponse");
        var anew = gatekeeper(Password.NONE, 77);
        var refusals = asked.stream().map(a -> only(anew.received(a.datagram(), ENDPOINT, NOW))).toList();

        var told = new ArrayList<EndpointEvent>();
        var registering = endpoint.received(refusals.get(first), GATEKEEPER, NOW);
        if (afterwards) {
            told.addAll(exchange(registering, endpoint, anew));
        }
        told.addAll(exchange(endpoint.received(refusals.get(second), GATEKEEPER, NOW), endpoint, anew));
        if (!afterwards) {
            told.addAll(exchange(registering, endpoint, anew));
        }

        assertThat(told).singleElement().isInstanceOf(EndpointEvent.Registered.class);
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(endpoint.calls()).containsExactly(call(1).callIdentifier());
    }

    /// A gatekeeper that takes the registration and forgets it at once is not asked for ever.
    @ParameterizedTest
    @ValueSource(strings = {"callerNotRegistered", "invalidEndpointIdentifier"})
    void aCallIsAskedForAgainOnlyOnce(String reason) {
        var endpoint = endpoint(Password.NONE);
        var gatekeeper = gatekeeper(Password.NONE, 1);
        RasPair.register(endpoint, gatekeeper);
        var asked = endpoint.admit(call(1), NOW);

        for (int i = 0; i < 2; i++) {
            asked = endpoint.received(refusal(asked, reason), GATEKEEPER, NOW);
            assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERING);
            if (i == 0) {
                assertThat(asked).noneMatch(EndpointEvent.AdmissionRefused.class::isInstance);
                asked = endpoint.received(only(gatekeeper.received(only(asked), ENDPOINT, NOW)), GATEKEEPER, NOW);
            }
        }

        assertThat(asked).contains(new EndpointEvent.AdmissionRefused(call(1).callIdentifier(), reason));
        assertThat(endpoint.calls()).isEmpty();
    }

    @Test
    void aCallThatIsOverMeanwhileIsNotAskedForAgain() {
        var endpoint = endpoint(Password.NONE);
        RasPair.register(endpoint, gatekeeper(Password.NONE, 1));
        var anew = gatekeeper(Password.NONE, 77);
        var registering = endpoint.received(refusal(endpoint.admit(call(1), NOW), "callerNotRegistered"), GATEKEEPER, NOW);
        endpoint.disengage(call(1).callIdentifier(), DisengageReason.NORMAL_DROP, NOW);

        exchange(registering, endpoint, anew);

        assertThat(anew.registrations()).hasSize(1);
        assertThat(anew.calls()).isZero();
    }

    private static Octets refusal(List<RasOutput> asked, String reason) {
        return RasMessage.of("admissionReject", RasMessage.decode(only(asked)).sequence()).with("rejectReason", Value.choice(reason)).encode();
    }
}
