package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.message;
import static dev.parley.h323.ras.RasPair.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A gatekeeper on all addresses of its machine: whoever asks hears of the one in its own network, and all of them are ours.
class SeveralNetworksTest {
    /// Our address in every network ends with 1.
    private static final OwnHost HOST = new OwnHost() {
        @Override
        public Octets toward(Octets peer) {
            var ours = peer.toArray();
            ours[ours.length - 1] = 1;
            return Octets.of(ours);
        }

        @Override
        public boolean has(Octets address) {
            return address.at(address.size() - 1) == 1;
        }
    };

    private static TransportAddress at(String text) {
        return TransportAddress.parse(text).orElseThrow();
    }

    private static GatekeeperConfig config(String host) {
        return GatekeeperConfig.of("GK", at(host + ":1719"), at(host + ":1730"), Passwords.OPEN);
    }

    private static GatekeeperMachine gatekeeper(String host, boolean routed) {
        var config = config(host).on(HOST);
        return new GatekeeperMachine(routed ? config.routing() : config, 1);
    }

    private static Optional<String> told(RasMessage answer, String field) {
        return answer.body().listAt(field).stream().findFirst().or(() -> answer.body().at(field)).flatMap(TransportAddress::fromH225)
                .map(TransportAddress::toString);
    }

    /// An endpoint with port 5000 for RAS and 1720 for calls.
    private record Endpoint(GatekeeperMachine gatekeeper, TransportAddress ras, EndpointMessages messages) {
        static Endpoint at(String host, String name, GatekeeperMachine gatekeeper) {
            var ras = SeveralNetworksTest.at(host + ":5000");
            return new Endpoint(gatekeeper, ras, new EndpointMessages(
                    EndpointConfig.of(List.of(Alias.of(name)), ras, new TransportAddress(ras.ip(), 1720), Optional.empty())));
        }

        List<RasOutput> asks(RasMessage request) {
            return gatekeeper.received(request.encode(), ras, NOW);
        }

        RasMessage registers() {
            return message(asks(messages.registration(2, Optional.empty(), Optional.empty(), false)));
        }

        RasMessage calls(String identifier, int number, List<Alias> names, Optional<TransportAddress> address) {
            var id = RasPair.call(number).callIdentifier();
            return message(asks(messages.admission(10 + number, Optional.empty(), identifier, new Admission(id, id, number, false, names, address,
                    List.of(), Optional.empty(), 1280))));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 10.1.0.7, 10.1.0.1", "0.0.0.0, 10.2.0.7, 10.2.0.1", "[::], 10.2.0.7, 10.2.0.1", "[::], [2001:db8::7], [2001:db8::1]",
        "0.0.0.0, [2001:db8::7], [2001:db8::1]", "10.9.0.9, 10.1.0.7, 10.9.0.9"})
    void whoeverAsksIsToldOurAddressOnTheWayToIt(String listen, String asker, String ours) {
        var routed = gatekeeper(listen, true);
        var alice = Endpoint.at(asker, "alice", routed);

        assertThat(told(message(alice.asks(alice.messages().discovery(1, Optional.empty()))), "rasAddress")).hasValue(ours + ":1719");
        var rcf = alice.registers();
        assertThat(told(rcf, "callSignalAddress")).hasValue(ours + ":1730");
        var identifier = rcf.body().textAt("endpointIdentifier").orElseThrow();
        assertThat(told(alice.calls(identifier, 1, List.of(Alias.of("alice")), Optional.empty()), "destCallSignalAddress")).hasValue(ours + ":1730");
        var lcf = message(alice.asks(RasMessage.of("locationRequest", 3).with("replyAddress", alice.ras().forH225())
                .withList("destinationInfo", List.of(Alias.of("alice").toValue()))));
        assertThat(told(lcf, "callSignalAddress")).hasValue(ours + ":1730");
        assertThat(told(lcf, "rasAddress")).hasValue(ours + ":1719");
        var irq = sent(routed.inquire(RasPair.call(1).callIdentifier(), NOW)).getFirst();
        assertThat(irq.to()).isEqualTo(alice.ras());
        assertThat(told(RasMessage.decode(irq.datagram()), "replyAddress")).hasValue(ours + ":1719");
    }

    /// The same names as `bob@10.1.0.1`, `bob@10.2.0.1` or by the routing port; another host is somewhere else.
    @ParameterizedTest
    @CsvSource({"false, 10.1.0.1:1720, 10.2.0.7:1720", "false, 10.2.0.1:1720, 10.2.0.7:1720", "false, [2001:db8::1]:1720, 10.2.0.7:1720",
        "false, 10.2.0.8:1720, 10.2.0.8:1720", "true, 10.1.0.1:1720, 10.1.0.1:1730", "true, 10.2.0.1:1730, 10.1.0.1:1730"})
    void allOfOurAddressesAreWhereOurNamesAre(boolean routed, String address, String there) {
        var machine = gatekeeper("0.0.0.0", routed);
        Endpoint.at("10.2.0.7", "bob", machine).registers();
        var alice = Endpoint.at("10.1.0.7", "alice", machine);
        var identifier = alice.registers().body().textAt("endpointIdentifier").orElseThrow();

        var acf = alice.calls(identifier, 1, List.of(Alias.of("bob")), Optional.of(at(address)));

        assertThat(told(acf, "destCallSignalAddress")).hasValue(there);
        if (routed) {
            assertThat(machine.destination(RasPair.call(1).callIdentifier())).hasValue(at("10.2.0.7:1720"));
        }
        var nobody = alice.calls(identifier, 2, List.of(Alias.of("nobody")), Optional.of(at("10.2.0.1:1720")));
        assertThat(nobody.body().chosenAt("rejectReason")).hasValue("calledPartyNotRegistered");
    }

    /// It would come back to us for ever.
    @Test
    void aCallIsRoutedToNoneOfOurAddresses() {
        var machine = gatekeeper("0.0.0.0", true);
        var alice = Endpoint.at("10.1.0.7", "alice", machine);
        var identifier = alice.registers().body().textAt("endpointIdentifier").orElseThrow();

        for (var ours : List.of("10.1.0.1:1730", "10.2.0.1:1730", "0.0.0.0:1730", "[::]:1730")) {
            var answer = alice.calls(identifier, 1, List.of(), Optional.of(at(ours)));
            assertThat(answer.body().chosenAt("rejectReason")).as(ours).hasValue("calledPartyNotRegistered");
        }
        assertThat(alice.calls(identifier, 1, List.of(), Optional.of(at("10.2.0.1:1731"))).name()).isEqualTo("admissionConfirm");
    }

    @Test
    void allAddressesOfNoMachineAreAnErrorOfOurs() {
        var machine = new GatekeeperMachine(config("0.0.0.0"), 1);
        var alice = Endpoint.at("10.1.0.7", "alice", machine);

        assertThatThrownBy(() -> alice.asks(alice.messages().discovery(1, Optional.empty()))).isInstanceOf(IllegalStateException.class);
    }
}
