package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.Vendor;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a registration, an answer and a configuration may hold, at each limit and one beyond it.
class LimitsTest {
    private static TransportAddress address(int number) {
        return new TransportAddress(SIGNAL.ip(), number);
    }

    private static RasMessage registration() {
        return RasMessage.of("registrationRequest", 7).with("protocolIdentifier", Value.oid(RasMessage.PROTOCOL)).with("discoveryComplete", true)
                .with("callSignalAddress", new Value.Items(List.of(SIGNAL.forH225())))
                .with("rasAddress", new Value.Items(List.of(ENDPOINT.forH225())))
                .with("terminalType", RasPair.config().terminalType()).with("endpointVendor", Vendor.identifier());
    }

    /// What is beyond is not registered, and the answer says which names are.
    @ParameterizedTest
    @CsvSource({"100, 100", "101, 100"})
    void anEndpointHasAHundredAliases(int told, int taken) {
        var machine = gatekeeper(Passwords.OPEN);
        var names = IntStream.range(0, told).mapToObj(i -> Alias.of("name" + i)).toList();

        var rcf = message(machine.received(registration().withList("terminalAlias", Alias.toValues(names)).encode(), ENDPOINT, NOW));

        assertThat(machine.registrations().getFirst().aliases()).isEqualTo(names.subList(0, taken));
        assertThat(rcf.body().listAt("terminalAlias")).hasSize(taken);
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "9, 8"})
    void anEndpointHasEightAddresses(int told, int taken) {
        var machine = gatekeeper(Passwords.OPEN);
        var addresses = IntStream.rangeClosed(1, told).mapToObj(LimitsTest::address).toList();

        machine.received(registration().with("callSignalAddress",
                new Value.Items(addresses.stream().map(TransportAddress::forH225).toList())).encode(), ENDPOINT, NOW);

        assertThat(machine.registrations().getFirst().signalAddresses()).isEqualTo(addresses.subList(0, taken));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "1001, 1000"})
    void aGatewayHasAThousandPrefixes(int told, int taken) {
        var machine = gatekeeper(Passwords.OPEN);
        var prefixes = IntStream.range(0, told).mapToObj(i -> String.valueOf(10_000 + i)).toList();

        machine.received(registration().with("terminalType", RasPair.config().withPrefixes(prefixes).terminalType()).encode(), ENDPOINT, NOW);

        assertThat(machine.registrations().getFirst().prefixes()).isEqualTo(prefixes.subList(0, taken));
    }

    @Test
    void fourThousandAndNinetySixAnswersAreRemembered() {
        var answers = new GivenAnswers();
        for (int i = 0; i < GivenAnswers.MOST; i++) {
            answers.keep(Octets.ofHex("%08x".formatted(i)), ENDPOINT, new RasOutput.Send(ENDPOINT, Octets.ofHex("00")), NOW);
        }

        assertThat(GivenAnswers.MOST).isEqualTo(4_096);
        assertThat(answers.to(Octets.ofHex("00000000"), ENDPOINT, NOW)).isPresent();
        answers.keep(Octets.ofHex("ffffffff"), ENDPOINT, new RasOutput.Send(ENDPOINT, Octets.ofHex("00")), NOW);
        assertThat(answers.to(Octets.ofHex("00000000"), ENDPOINT, NOW)).isEmpty();
        assertThat(answers.to(Octets.ofHex("00000001"), ENDPOINT, NOW)).isPresent();
    }

    @Test
    void aConfigurationHoldsWhatTheMessagesHold() {
        var config = GatekeeperConfig.of("x".repeat(128), GATEKEEPER, SIGNAL, Passwords.OPEN);

        assertThat(config.alternates(Collections.nCopies(16, GATEKEEPER)).alternates()).hasSize(16);
        assertThatThrownBy(() -> config.alternates(Collections.nCopies(17, GATEKEEPER))).hasMessageContaining("16 others at most");
        assertThatThrownBy(() -> GatekeeperConfig.of("x".repeat(129), GATEKEEPER, SIGNAL, Passwords.OPEN)).hasMessageContaining("1..128");
        assertThatThrownBy(() -> GatekeeperConfig.of("", GATEKEEPER, SIGNAL, Passwords.OPEN)).hasMessageContaining("1..128");
        assertThatThrownBy(() -> config.timeToLive(Duration.ofMillis(999))).hasMessageContaining("a second at least");
        assertThat(config.stateEvery(Duration.ofSeconds(65_535)).stateEvery()).isEqualTo(Duration.ofSeconds(65_535));
        for (var wrong : List.of(Duration.ofMillis(999), Duration.ofSeconds(65_536), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> config.stateEvery(wrong)).hasMessageContaining("1..65,535 seconds");
        }
    }
}
