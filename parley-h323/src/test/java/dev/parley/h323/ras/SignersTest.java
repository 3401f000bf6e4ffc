package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.only;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// By which names H.235.1 is signed (sendersID), and for whom (generalID): the user's name until there is an endpoint identifier, and the
/// gatekeeper's identifier. So H323Plus does as an endpoint and as a gatekeeper, and takes nothing else; GnuGk signs as a gatekeeper so, and as a
/// client with its first alias, for nobody, all the time.
class SignersTest {
    private static final Octets KEY = PasswordTokens.key("wonderland");
    private static final Passwords TWO = user -> Optional.ofNullable(Map.of("alice", "wonderland", "mallory", "malice").get(user));

    private final EndpointMachine endpoint =
            RasPair.endpoint(Optional.of(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96)));
    private GatekeeperMachine machine = gatekeeper(TWO);
    private long random = 100;

    private static PasswordTokens.Signature signature(Octets datagram) {
        return PasswordTokens.signature(RasMessage.decode(datagram)).orElseThrow();
    }

    private static void assertSigned(Octets datagram, String sender, String recipient) {
        assertThat(signature(datagram).sender()).isEqualTo(sender);
        assertThat(signature(datagram).recipient()).hasValue(recipient);
    }

    private String identifier() {
        return endpoint.endpointIdentifier().orElseThrow();
    }

    private Octets signed(RasMessage message, String sender, Optional<String> recipient) {
        return PasswordTokens.signed(message, sender, recipient, KEY, NOW.seconds(), ++random);
    }

    private List<RasOutput> ask(Octets request) {
        return machine.received(request, ENDPOINT, NOW);
    }

    private RasMessage admission(String identifier) {
        return new EndpointMessages(RasPair.config()).admission(7, Optional.of("GK"), identifier, call((int) ++random));
    }

    /// What H323Plus demands of every answer: its own identifier as it is then, and the gatekeeper's.
    @Test
    void aRegistrationIsSignedWithTheUserAndAllThatFollowsWithTheIdentifier() {
        var gcf = only(ask(only(endpoint.start(NOW))));
        var rrq = only(endpoint.received(gcf, GATEKEEPER, NOW));
        var rcf = only(ask(rrq));
        endpoint.received(rcf, GATEKEEPER, NOW);

        assertSigned(rrq, "alice", "GK");
        assertSigned(rcf, "GK", identifier());

        var arq = only(endpoint.admit(call(1), NOW));
        var acf = only(ask(arq));
        endpoint.received(acf, GATEKEEPER, NOW);
        assertSigned(arq, identifier(), "GK");
        assertSigned(acf, "GK", identifier());

        var keepAlive = only(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())));
        assertSigned(keepAlive, identifier(), "GK");
        assertSigned(only(ask(keepAlive)), "GK", identifier());

        var demand = only(machine.drop(call(1).callIdentifier(), NOW));
        var done = only(endpoint.received(demand, GATEKEEPER, NOW));
        assertSigned(demand, "GK", identifier());
        assertSigned(done, identifier(), "GK");

        var gone = identifier();
        var urq = only(endpoint.unregister(NOW));
        assertSigned(urq, gone, "GK");
        assertSigned(only(ask(urq)), "GK", gone);
        assertThat(endpoint.received(only(ask(urq)), GATEKEEPER, NOW)).containsExactly(new EndpointEvent.Unregistered(false, ""));
    }

    @ParameterizedTest
    @CsvSource({"true, GK", "true, ''", "false, GK", "false, ''"})
    void aRequestIsTakenFromTheUserAndFromItsIdentifier(boolean byIdentifier, String recipient) {
        RasPair.register(endpoint, machine);
        var signer = byIdentifier ? identifier() : "alice";

        var answer = only(ask(signed(admission(identifier()), signer, Optional.of(recipient).filter(r -> !r.isEmpty()))));

        assertThat(RasMessage.decode(answer).name()).isEqualTo("admissionConfirm");
        assertSigned(answer, "GK", signer);
    }

    @Test
    void nobodySignsWithTheIdentifierOfAnother() {
        RasPair.register(endpoint, machine);
        var key = PasswordTokens.key("malice");

        for (var signer : List.of(identifier(), "mallory", "alice", "nobody")) {
            var answer = message(ask(PasswordTokens.signed(admission(identifier()), signer, Optional.of("GK"), key, NOW.seconds(), ++random)));
            assertThat(answer.body().chosenAt("rejectReason")).as(signer).hasValue("securityDenial");
        }
        assertThat(machine.calls()).isZero();
    }

    /// A gatekeeper that was started anew knows no identifiers. It could not check what is signed with them, and does nothing but say so.
    @Test
    void anEndpointThatTheGatekeeperHasForgottenRegistersAgain() {
        RasPair.register(endpoint, machine);
        machine = new GatekeeperMachine(GatekeeperConfig.of("GK", GATEKEEPER, SIGNAL, TWO), 77);

        var rrj = only(ask(only(endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())))));
        assertThat(RasMessage.decode(rrj).body().chosenAt("rejectReason")).hasValue("fullRegistrationRequired");
        var rrq = only(endpoint.received(rrj, GATEKEEPER, NOW));
        assertSigned(rrq, "alice", "GK");
        endpoint.received(only(ask(rrq)), GATEKEEPER, NOW);

        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
        assertThat(identifier()).isEqualTo("ep-4d");
        assertThat(machine.registrations()).hasSize(1);
    }

    @Test
    void whatAForgottenEndpointAsksForIsNotDone() {
        RasPair.register(endpoint, machine);
        var messages = new EndpointMessages(RasPair.config());
        var none = Optional.of("ep-none");
        var location = RasMessage.of("locationRequest", 8).withList("destinationInfo", List.of(Alias.of("alice").toValue()))
                .with("replyAddress", ENDPOINT.forH225()).withText("endpointIdentifier", none);

        assertThat(reason(admission("ep-none"), "rejectReason")).isEqualTo("callerNotRegistered");
        assertThat(reason(RasMessage.of("disengageRequest", 9).withText("endpointIdentifier", none).with("conferenceID", call(1).callIdentifier())
                .with("callReferenceValue", 1).with("disengageReason", Value.choice("normalDrop")), "rejectReason")).isEqualTo("notRegistered");
        assertThat(reason(messages.registration(10, Optional.of("GK"), none, true), "rejectReason")).isEqualTo("fullRegistrationRequired");
        assertThat(reason(messages.registration(11, Optional.of("GK"), none, false), "rejectReason")).isEqualTo("securityDenial");
        assertThat(reason(messages.unregistration(12, Optional.of("GK"), none), "rejectReason")).isEqualTo("securityDenial");
        assertThat(reason(location, "rejectReason")).isEqualTo("securityDenial");
        assertThat(machine.registrations()).hasSize(1);
        assertThat(machine.calls()).isZero();
    }

    private String reason(RasMessage request, String field) {
        var answer = message(ask(signed(request, "ep-none", Optional.of("GK"))));
        assertThat(PasswordTokens.signature(answer)).as("nobody can sign it").isEmpty();
        return answer.body().chosenAt(field).orElse("");
    }

    /// Version 1 of H.235 has its own object identifiers; everything else is the same.
    @ParameterizedTest
    @ValueSource(strings = {"0.0.8.235.0.1.6", "0.0.8.235.0.2.6", "0.0.8.235.0.2.7"})
    void theAlgorithmHasTwoIdentifiers(String algorithm) {
        var token = RasMessage.decode(signed(RasMessage.of("disengageConfirm", 7), "alice", Optional.empty())).body().listAt("cryptoTokens")
                .getFirst();
        var hashed = token.structAt("nestedcryptoToken/cryptoHashedToken").orElseThrow();
        var other = hashed.with("token", hashed.structAt("token").orElseThrow().with("algorithmOID", Value.oid(algorithm)));
        var message = RasMessage.of("disengageConfirm", 7).withList("cryptoTokens",
                List.of(Value.choice("nestedcryptoToken", Value.choice("cryptoHashedToken", other))));

        assertThat(PasswordTokens.signature(message).isPresent()).isEqualTo(!algorithm.endsWith("7"));
    }

    /// Authentication codes made by openssl.
    @Test
    void opensslMakesTheSameCodes() throws IOException {
        int vectors = 0;
        try (var in = SignersTest.class.getResourceAsStream("h2351-vectors.txt")) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().filter(l -> !l.startsWith("#")).toList()) {
                var fields = line.split("\\|");
                var code = fields[4];
                var datagram = Octets.ofHex(fields[3]);
                var signature = signature(datagram);

                assertThat(signature.mac()).isEqualTo(Octets.ofHex(code));
                assertThat(PasswordTokens.proves(datagram, signature, PasswordTokens.key(fields[0]))).as(line).isTrue();
                assertThat(PasswordTokens.proves(datagram, signature, PasswordTokens.key(fields[0] + "x"))).as(line).isFalse();
                assertThat(signature.sender()).isEqualTo(fields[1]);
                assertThat(signature.recipient().orElse("-")).isEqualTo(fields[2]);
                vectors++;
            }
        }
        assertThat(vectors).isEqualTo(3);
    }
}
