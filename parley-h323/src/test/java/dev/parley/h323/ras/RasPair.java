package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;

/// An endpoint's machine and a gatekeeper's, without a network between them.
final class RasPair {
    static final TransportAddress GATEKEEPER = new TransportAddress(Octets.ofHex("7f000009"), 1719);
    static final TransportAddress ENDPOINT = new TransportAddress(Octets.ofHex("7f000002"), 13_030);
    static final TransportAddress SIGNAL = new TransportAddress(Octets.ofHex("7f000002"), 1720);
    static final RasTime NOW = new RasTime(0, 1_800_000_000_000L);
    static final Passwords ALICE = user -> user.equals("alice") ? Optional.of("wonderland") : Optional.empty();

    private RasPair() {}

    static GatekeeperMachine gatekeeper(Passwords passwords) {
        return new GatekeeperMachine(GatekeeperConfig.of("GK", GATEKEEPER, new TransportAddress(GATEKEEPER.ip(), 1720), passwords), 1);
    }

    static EndpointConfig config() {
        return EndpointConfig.of(List.of(Alias.of("alice"), Alias.of("1001")), ENDPOINT, SIGNAL, Optional.of(GATEKEEPER));
    }

    static EndpointMachine endpoint(Optional<Credentials> credentials) {
        return new EndpointMachine(credentials.map(config()::with).orElse(config()), 1);
    }

    static EndpointMachine endpoint(Optional<Credentials> credentials, String alias) {
        var config = EndpointConfig.of(List.of(Alias.of(alias)), ENDPOINT, SIGNAL, Optional.of(GATEKEEPER));
        return new EndpointMachine(credentials.map(config::with).orElse(config), 1);
    }

    static Admission call(int number) {
        var id = Octets.ofHex("0001020304050607%016x".formatted(number));
        return new Admission(id, id, number, false, List.of(Alias.of("1001")), Optional.empty(), List.of(Alias.of("alice")),
                Optional.of(SIGNAL), 1280);
    }

    static Octets only(List<RasOutput> outputs) {
        return sent(outputs).getFirst().datagram();
    }

    static List<RasOutput.Send> sent(List<RasOutput> outputs) {
        return outputs.stream().filter(RasOutput.Send.class::isInstance).map(RasOutput.Send.class::cast).toList();
    }

    static RasMessage message(List<RasOutput> outputs) {
        return RasMessage.decode(only(outputs));
    }

    /// Registers the endpoint.
    static void register(EndpointMachine endpoint, GatekeeperMachine machine) {
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        endpoint.received(only(machine.received(only(endpoint.received(gcf, GATEKEEPER, NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);
    }
}
