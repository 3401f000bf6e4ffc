package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.Credentials;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointMachine;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperMachine;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.ras.RasOutput;
import dev.parley.h323.ras.RasTime;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import dev.parley.testkit.Tshark;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every message of RAS that an endpoint or a gatekeeper may send, with the tokens of both kinds of passwords, as tshark reads it.
class SentRasTest {
    private static final int ASKED = 1_000;
    private static final TransportAddress GATEKEEPER = new TransportAddress(Octets.ofHex("7f000009"), 1719);
    private static final TransportAddress ENDPOINT = new TransportAddress(Octets.ofHex("7f000002"), 13_030);
    private static final TransportAddress SIGNAL = new TransportAddress(Octets.ofHex("7f000002"), 1720);
    private static final Octets CALL = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final RasTime NOW = new RasTime(0, 1_800_000_000_000L);
    private static final List<TransportAddress> ALTERNATES = List.of(
            new TransportAddress(Octets.ofHex("7f00000a"), 1719), new TransportAddress(Octets.ofHex("7f00000b"), 2719));
    private static final Set<Octets> KEPT = new LinkedHashSet<>();
    /// Names of messages that the gatekeeper sent by itself or in answer.
    private static final Set<String> GATEKEEPERS = new TreeSet<>();

    @BeforeAll
    static void conversations() {
        conversation(Optional.empty(), c -> c);
        conversation(Optional.empty(), c -> c.routing().alternates(ALTERNATES));
        for (var scheme : Credentials.Scheme.values()) {
            conversation(Optional.of(new Credentials("alice", "wonderland", scheme)), c -> c);
            conversation(Optional.of(new Credentials("alice", "wonderland", scheme)), c -> c.routing().alternates(ALTERNATES));
        }
    }

    /// A registration with a call, ended by either side; then whatever others may ask.
    private static void conversation(Optional<Credentials> credentials, UnaryOperator<GatekeeperConfig> manner) {
        Passwords passwords = credentials.isPresent() ? user -> user.equals("alice") ? Optional.of("wonderland") : Optional.empty() : Passwords.OPEN;
        var gatekeeper = new GatekeeperMachine(
                manner.apply(GatekeeperConfig.of("GK", GATEKEEPER, new TransportAddress(GATEKEEPER.ip(), 1720), passwords)), 1);
        var config = EndpointConfig.of(List.of(Alias.of("alice"), Alias.of("1001")), ENDPOINT, SIGNAL, Optional.of(GATEKEEPER));
        var endpoint = new EndpointMachine(credentials.map(config::with).orElse(config), 1);
        exchange(endpoint, gatekeeper, endpoint.start(NOW));
        var identifier = endpoint.endpointIdentifier().orElseThrow();
        var call = new Admission(CALL, CALL, 77, false, List.of(Alias.of("1001")), Optional.empty(), List.of(Alias.of("alice")),
                Optional.of(SIGNAL), 1280);
        exchange(endpoint, gatekeeper, endpoint.admit(call, NOW));
        exchange(endpoint, gatekeeper, endpoint.bandwidth(CALL, 640, NOW));
        exchange(endpoint, gatekeeper, gatekeeper.inquire(CALL, NOW));
        exchange(endpoint, gatekeeper, gatekeeper.limit(CALL, 320, NOW));
        located(gatekeeper, "1001");
        located(gatekeeper, "nobody");
        for (int i = 0; i < ASKED; i++) {
            asked(endpoint, gatekeeper, credentials, new ValueGenerator(i).generate(Pdu.RAS.type()), identifier);
        }
        exchange(endpoint, gatekeeper, endpoint.disengage(CALL, DisengageReason.NORMAL_DROP, NOW));
        exchange(endpoint, gatekeeper, endpoint.admit(call, NOW));
        exchange(endpoint, gatekeeper, gatekeeper.drop(CALL, NOW));
        exchange(endpoint, gatekeeper, endpoint.unregister(NOW));
        exchange(endpoint, gatekeeper, endpoint.start(NOW));
        exchange(endpoint, gatekeeper, gatekeeper.unregister(endpoint.endpointIdentifier().orElse(""), "maintenance", NOW));
    }

    /// A neighbour asks where somebody is; one whom nobody knows is told nothing where passwords are needed.
    private static void located(GatekeeperMachine gatekeeper, String alias) {
        var request = Value.choice("locationRequest", Value.struct().with("requestSeqNum", 4242)
                .with("destinationInfo", List.of(Alias.of(alias).toValue())).with("replyAddress", ENDPOINT.forH225()));
        gatekeeper.received(Pdu.RAS.encode(request), ENDPOINT, NOW).forEach(SentRasTest::keep);
    }

    /// Without a password an answer is mostly one; with one it is a refusal.
    private static void asked(EndpointMachine endpoint, GatekeeperMachine gatekeeper, Optional<Credentials> credentials, Value message,
            String identifier) {
        var octets = Pdu.RAS.encode(ours((Value.Chosen) message, identifier));
        try {
            gatekeeper.received(octets, ENDPOINT, NOW).forEach(SentRasTest::keep);
            if (credentials.isEmpty() && !((Value.Chosen) message).name().startsWith("unregistration")) {
                endpoint.received(octets, GATEKEEPER, NOW).forEach(SentRasTest::keep);
            }
        } catch (ProtocolViolation _) {
            // It fits the syntax, but no more.
            return;
        }
    }

    private static Value ours(Value.Chosen message, String identifier) {
        if (message.value() instanceof Value.Struct body && body.fields().containsKey("endpointIdentifier")
                && !message.name().equals("unregistrationRequest")) {
            return Value.choice(message.name(), body.with("endpointIdentifier", Value.text(identifier)));
        }
        return message;
    }

    private static void exchange(EndpointMachine endpoint, GatekeeperMachine gatekeeper, List<RasOutput> begin) {
        for (var outputs = begin; !outputs.isEmpty(); ) {
            var next = new ArrayList<RasOutput>();
            for (var output : outputs) {
                keep(output);
                if (output instanceof RasOutput.Send(var to, var datagram)) {
                    next.addAll(to.equals(GATEKEEPER) ? gatekeeper.received(datagram, ENDPOINT, NOW) : endpoint.received(datagram, GATEKEEPER, NOW));
                }
            }
            outputs = next;
        }
    }

    private static void keep(RasOutput output) {
        if (output instanceof RasOutput.Send(var to, var datagram)) {
            KEPT.add(datagram);
            if (to.equals(ENDPOINT)) {
                GATEKEEPERS.add(((Value.Chosen) Pdu.RAS.decode(datagram)).name());
            }
        }
    }

    @Test
    void tsharkReadsRas() throws Exception {
        Tshark.needed();
        var sent = List.copyOf(KEPT);
        var shown = PdmlField.of(Tshark.details(sent.stream().map(Octets::toArray).toList(), "h225.ras"));

        assertThat(shown).hasSameSizeAs(sent);
        var names = new TreeSet<String>();
        var models = new TreeSet<String>();
        var withAlternates = new TreeSet<String>();
        for (int i = 0; i < sent.size(); i++) {
            var message = Pdu.RAS.decode(sent.get(i));
            assertThat(Told.difference(Told.of(Pdu.RAS, message), shown.get(i))).as("%s", message).isEmpty();
            var name = ((Value.Chosen) message).name();
            names.add(name);
            message.chosenAt(name + "/callModel").filter(_ -> name.equals("admissionConfirm")).ifPresent(models::add);
            if (!message.listAt(name + "/alternateGatekeeper").isEmpty()) {
                withAlternates.add(name);
            }
        }
        assertThat(models).containsExactly("direct", "gatekeeperRouted");
        assertThat(withAlternates).contains("gatekeeperConfirm", "registrationConfirm", "unregistrationRequest");
        assertThat(GATEKEEPERS).as("by itself").contains("infoRequest", "bandwidthRequest", "disengageRequest", "unregistrationRequest");
        assertThat(names).contains("gatekeeperRequest", "gatekeeperConfirm", "gatekeeperReject", "registrationRequest", "registrationConfirm",
                "registrationReject", "unregistrationRequest", "unregistrationConfirm", "unregistrationReject", "admissionRequest",
                "admissionConfirm", "admissionReject", "bandwidthRequest", "bandwidthConfirm", "bandwidthReject", "disengageRequest",
                "disengageConfirm", "disengageReject", "locationConfirm", "locationReject", "infoRequest", "infoRequestResponse",
                "infoRequestAck", "infoRequestNak",
                "resourcesAvailableConfirm", "unknownMessageResponse");
    }
}
