package dev.parley.h323.fuzz;

import static dev.parley.h323.fuzz.Shots.check;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointMachine;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperMachine;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.ras.RasOutput;
import dev.parley.h323.ras.RasTime;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.util.List;
import java.util.Optional;

/// A fuzz target: datagrams to a gatekeeper, open or with passwords, and to an endpoint that registers. Only what is declared is
/// thrown, no datagram calls forth many, and what is registered is forgotten when nothing more comes. The first octet says who asks for passwords.
public final class RasTarget {
    private static final int MOST_OUTPUTS = 20;
    private static final int MOST_DATAGRAM = 65_507;
    private static final TransportAddress GATEKEEPER = new TransportAddress(Octets.ofHex("7f000009"), 1719);
    private static final TransportAddress ENDPOINT = new TransportAddress(Octets.ofHex("7f000002"), 13_030);
    private static final TransportAddress SIGNAL = new TransportAddress(Octets.ofHex("7f000002"), 1720);
    private static final Passwords ALICE = user -> user.equals("alice") ? Optional.of("wonderland") : Optional.empty();

    private RasTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        var open = GatekeeperConfig.of("GK", GATEKEEPER, new TransportAddress(GATEKEEPER.ip(), 1720), (input[0] & 1) == 0 ? Passwords.OPEN : ALICE);
        var gatekeeper = new GatekeeperMachine((input[0] & 2) == 0 ? open : open.routing(), 1);
        var config = EndpointConfig.of(List.of(Alias.of("alice"), Alias.of("1001")), ENDPOINT, SIGNAL, Optional.of(GATEKEEPER));
        var endpoint = new EndpointMachine(
                (input[0] & 1) == 0 ? config : config.with(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96)), 1);
        sane(endpoint.start(at(0)));
        long now = 0;
        for (var shot : Shots.of(input, 1)) {
            now += (shot.kind() >> 1) * 100_000_000L;
            Shots.readsWhatItWrites(Pdu.RAS, shot.octets());
            boolean toGatekeeper = (shot.kind() & 1) == 0;
            try {
                sane(toGatekeeper ? gatekeeper.received(shot.octets(), ENDPOINT, at(now)) : endpoint.received(shot.octets(), GATEKEEPER, at(now)));
            } catch (ProtocolViolation e) {
                check(e.getMessage() != null, "a violation without words");
            }
            sane(gatekeeper.tick(at(now)));
            sane(endpoint.tick(at(now)));
        }
        // The longest life that a registration may ask for is over by then, with whatever is asked before it is forgotten.
        for (int hour = 1; hour <= 100; hour++) {
            sane(gatekeeper.tick(at(now + hour * 3_600_000_000_000L)));
        }
        check(gatekeeper.registrations().isEmpty() && gatekeeper.calls() == 0, "a registration or a call lives for ever");
    }

    private static RasTime at(long nanos) {
        return new RasTime(nanos, 1_800_000_000_000L + nanos / 1_000_000);
    }

    private static void sane(List<RasOutput> outputs) {
        check(outputs.size() <= MOST_OUTPUTS, outputs.size() + " outputs of one datagram");
        for (var output : outputs) {
            if (output instanceof RasOutput.Send send) {
                check(send.datagram().size() <= MOST_DATAGRAM, "a datagram of " + send.datagram().size() + " octets");
                Pdu.RAS.decode(send.datagram());
            }
        }
    }
}
