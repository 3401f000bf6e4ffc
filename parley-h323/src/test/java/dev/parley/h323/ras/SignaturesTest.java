package dev.parley.h323.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures of H.235.1 that are proven by the right password and are no good all the same, at both machines.
class SignaturesTest {
    private static final TransportAddress GATEKEEPER = new TransportAddress(Octets.ofHex("7f000009"), 1719);
    private static final TransportAddress ENDPOINT = new TransportAddress(Octets.ofHex("7f000002"), 13_030);
    private static final TransportAddress SIGNAL = new TransportAddress(Octets.ofHex("7f000002"), 1720);
    private static final String PASSWORD = "wonderland";
    private static final Octets KEY = PasswordTokens.key(PASSWORD);
    private static final long SECONDS = 1_800_000_000;
    private static final RasTime NOW = at(0);
    private static final Octets CALL = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final Optional<String> ALICE = Optional.of("alice");

    private final GatekeeperMachine gatekeeper = new GatekeeperMachine(GatekeeperConfig.of("GK", GATEKEEPER,
            new TransportAddress(GATEKEEPER.ip(), 1720), user -> Optional.ofNullable(Map.of("alice", PASSWORD, "mallory", "malice").get(user))), 1);
    private final EndpointMachine endpoint = new EndpointMachine(
            EndpointConfig.of(List.of(Alias.of("alice"), Alias.of("1001")), ENDPOINT, SIGNAL, Optional.of(GATEKEEPER))
                    .with(new Credentials("alice", PASSWORD, Credentials.Scheme.HMAC_SHA1_96)), 1);

    private static RasTime at(long seconds) {
        return new RasTime(seconds * 1_000_000_000L, (SECONDS + seconds) * 1_000);
    }

    private static List<Octets> sent(List<RasOutput> outputs) {
        return outputs.stream().filter(RasOutput.Send.class::isInstance).map(o -> ((RasOutput.Send) o).datagram()).toList();
    }

    private List<RasOutput> exchange(List<RasOutput> begin) {
        var outputs = begin;
        while (!sent(outputs).isEmpty()) {
            var answer = sent(gatekeeper.received(sent(outputs).getFirst(), ENDPOINT, NOW)).getFirst();
            outputs = endpoint.received(answer, GATEKEEPER, NOW);
        }
        return outputs;
    }

    private void registered() {
        exchange(endpoint.start(NOW));
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERED);
    }

    private void inACall() {
        exchange(endpoint.admit(new Admission(CALL, CALL, 77, false, List.of(Alias.of("1001")), Optional.empty(), List.of(), Optional.empty(), 1280),
                NOW));
        assertThat(endpoint.calls()).containsExactly(CALL);
    }

    /// A demand that every endpoint answers.
    private static Octets inquiry(String sender, Optional<String> recipient, long seconds, long random) {
        return PasswordTokens.signed(RasMessage.of("infoRequest", 9).with("callReferenceValue", 0), sender, recipient, KEY, SECONDS + seconds,
                random);
    }

    private boolean isAnswered(Octets demand, RasTime now) {
        return !sent(endpoint.received(demand, GATEKEEPER, now)).isEmpty();
    }

    @Test
    void aDemandIsTakenWithinFiveMinutesOnly() {
        registered();

        assertThat(isAnswered(inquiry("GK", ALICE, -300, 1), NOW)).isTrue();
        assertThat(isAnswered(inquiry("GK", ALICE, -301, 2), NOW)).isFalse();
        assertThat(isAnswered(inquiry("GK", ALICE, 300, 3), NOW)).isTrue();
        assertThat(isAnswered(inquiry("GK", ALICE, 301, 4), NOW)).isFalse();
    }

    @Test
    void aDemandMustBeForUsAndNotFromOurselves() {
        registered();

        assertThat(isAnswered(inquiry("GK", Optional.empty(), 0, 1), NOW)).isTrue();
        assertThat(isAnswered(inquiry("GK", endpoint.endpointIdentifier(), 0, 2), NOW)).isTrue();
        assertThat(isAnswered(inquiry("GK", Optional.of("1001"), 0, 3), NOW)).isTrue();
        assertThat(isAnswered(inquiry("GK", Optional.of("bob"), 0, 4), NOW)).isFalse();
        assertThat(isAnswered(inquiry("alice", Optional.empty(), 0, 5), NOW)).isFalse();
        assertThat(isAnswered(inquiry(endpoint.endpointIdentifier().orElseThrow(), Optional.empty(), 0, 6), NOW)).isFalse();
    }

    @Test
    void whatWeSentIsNoDemandWhenItIsThrownBack() {
        registered();
        inACall();
        var ours = sent(endpoint.bandwidth(CALL, 2_000, NOW)).getFirst();

        assertThat(endpoint.received(ours, GATEKEEPER, NOW)).isEmpty();
    }

    /// The answer to a demand may be lost: the same octets get the same answer for a while, and do nothing a second time.
    @Test
    void aDemandIsDoneOnceAndAnsweredAgainForAWhile() {
        registered();
        inACall();
        var demand = sent(gatekeeper.drop(CALL, NOW)).getFirst();

        var first = endpoint.received(demand, GATEKEEPER, NOW);
        assertThat(first).contains(new EndpointEvent.DisengageDemanded(CALL, "forcedDrop"));
        assertThat(endpoint.received(demand, GATEKEEPER, at(19))).isEqualTo(List.of(first.getFirst()));

        inACall();
        assertThat(endpoint.received(demand, GATEKEEPER, at(20))).isEmpty();
        assertThat(endpoint.calls()).containsExactly(CALL);
    }

    @Test
    void theGatekeeperTakesARequestOnceAndOnlyForItself() {
        var request = RasMessage.of("unregistrationRequest", 5).withList("callSignalAddress", List.of(SIGNAL.forH225()));
        var forUs = PasswordTokens.signed(request, "alice", Optional.of("GK"), KEY, SECONDS, 1);
        var forAnybody = PasswordTokens.signed(request, "alice", Optional.empty(), KEY, SECONDS, 2);
        var forAnother = PasswordTokens.signed(request, "alice", Optional.of("GK2"), KEY, SECONDS, 3);

        assertThat(reason(forUs, NOW)).isEqualTo("notCurrentlyRegistered");
        assertThat(reason(forAnybody, NOW)).isEqualTo("notCurrentlyRegistered");
        assertThat(reason(forAnother, NOW)).isEqualTo("securityDenial");
        assertThat(reason(forUs, at(20))).isEqualTo("securityDenial");
        assertThat(reason(forUs, at(300))).isEqualTo("securityDenial");
    }

    /// Mallory has a password of her own, and has read the identifiers of alice and of her call.
    @ParameterizedTest
    @ValueSource(strings = {"disengageRequest", "bandwidthRequest"})
    void nobodySpeaksForTheCallOfAnotherUser(String name) {
        registered();
        inACall();
        var request = RasMessage.of(name, 6).withText("endpointIdentifier", endpoint.endpointIdentifier()).with("conferenceID", CALL)
                .with("callReferenceValue", 77).with("callIdentifier", RasMessage.callIdentifier(CALL)).with("answeredCall", false);
        request = name.equals("bandwidthRequest") ? request.with("bandWidth", 1) : request.with("disengageReason", Value.choice("normalDrop"));
        var from = new TransportAddress(Octets.ofHex("7f000066"), 1719);

        var done = gatekeeper.received(PasswordTokens.signed(request, "mallory", Optional.of("GK"), PasswordTokens.key("malice"), SECONDS, 1),
                from, NOW);
        assertThat(RasMessage.decode(sent(done).getFirst()).body().chosenAt("rejectReason")).hasValue("securityDenial");
        assertThat(done).contains(new GatekeeperEvent.Refused(name, List.of(Alias.of("alice"), Alias.of("1001")), "securityDenial")).hasSize(2);
        assertThat(gatekeeper.calls()).isEqualTo(1);

        var alices = gatekeeper.received(PasswordTokens.signed(request, "alice", Optional.of("GK"), KEY, SECONDS, 2), ENDPOINT, NOW);
        assertThat(RasMessage.decode(sent(alices).getFirst()).name()).isEqualTo(name.replace("Request", "Confirm"));
        assertThat(gatekeeper.calls()).isEqualTo(name.equals("bandwidthRequest") ? 1 : 0);
    }

    private String reason(Octets request, RasTime now) {
        return RasMessage.decode(sent(gatekeeper.received(request, ENDPOINT, now)).getFirst()).body().chosenAt("rejectReason").orElse("");
    }

    /// A full memory refuses, since it could not tell what comes again. It is that of one user, and time makes room.
    @Test
    void theMemoryIsBoundedAndForgetsWhatIsTooOldToComeAgain() {
        var signatures = new Signatures(3);
        for (int random = 1; random <= 3; random++) {
            assertThat(fault(signatures, "alice", random % 2, random, NOW)).isEmpty();
        }

        assertThat(fault(signatures, "alice", 1, 4, NOW)).hasValueSatisfying(w -> assertThat(w).startsWith("too many"));
        assertThat(fault(signatures, "alice", 1, 3, NOW)).hasValue("a signature came twice");
        assertThat(fault(signatures, "bob", 1, 4, NOW)).isEmpty();

        var lastOfTheFirst = at(Duration.ofMinutes(5).toSeconds());
        assertThat(fault(signatures, "alice", 300, 5, lastOfTheFirst)).hasValueSatisfying(w -> assertThat(w).startsWith("too many"));
        assertThat(fault(signatures, "alice", 0, 2, lastOfTheFirst)).hasValue("a signature came twice");
        var after = at(301);
        assertThat(fault(signatures, "alice", 300, 5, after)).isEmpty();
        assertThat(fault(signatures, "alice", 1, 1, after)).hasValue("a signature came twice");
        assertThat(fault(signatures, "alice", 300, 6, after)).hasValueSatisfying(w -> assertThat(w).startsWith("too many"));
    }

    private static Optional<String> fault(Signatures signatures, String user, long seconds, long random, RasTime now) {
        var octets = inquiry(user, Optional.of("GK"), seconds, random);
        return signatures.fault(PasswordTokens.signature(RasMessage.decode(octets)).orElseThrow(), octets, user, Optional.of(KEY), Set.of("GK"),
                Set.of("GK"), now);
    }
}
