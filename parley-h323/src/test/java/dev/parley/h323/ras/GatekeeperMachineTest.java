package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ALICE;
import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.SIGNAL;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.testkit.Tshark;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The machines octet for octet: what other stacks send, what comes twice, what is broken, and what tshark reads.
class GatekeeperMachineTest {
    /// What ooh323c 0.9.4 sends.
    private static final Octets GRQ = Octets.ofHex("0020 0000 06 0008914a0004 00 7f000002 32e6 22c0 b5000036 05 6f626a737973 05 76302e392e34 00 01"
            + "4002 0062006f0062");
    private static final Octets RRQ = Octets.ofHex("0ec0 0001 06 0008914a0004 80 01 00 7f000002 06b8 01 00 7f000002 32e6 22c0 b5000036"
            + "05 6f626a737973 05 76302e392e34 00 01 4002 0062006f0062 02 0047004b 60 b5000036 05 6f626a737973 05 76302e392e34"
            + "34 8a000000 0340012b 0100 0100");

    @Test
    void theRegistrationOfAnotherStackIsTaken() {
        var machine = gatekeeper(Passwords.OPEN);

        var gcf = RasMessage.decode(only(machine.received(GRQ, ENDPOINT, NOW)));
        var rcf = RasMessage.decode(only(machine.received(RRQ, ENDPOINT, NOW)));

        assertThat(gcf.name()).isEqualTo("gatekeeperConfirm");
        assertThat(gcf.sequence()).isEqualTo(1);
        assertThat(rcf.name()).isEqualTo("registrationConfirm");
        assertThat(rcf.sequence()).isEqualTo(2);
        assertThat(machine.registrations()).satisfiesExactly(r -> {
            assertThat(r.aliases()).containsExactly(Alias.of("bob"));
            assertThat(r.signalAddresses()).containsExactly(SIGNAL);
            assertThat(r.timeToLive()).isEqualTo(Duration.ofSeconds(300));
        });
    }

    /// What ooh323c 0.9.4 does: its keep-alive leaves when the time to live is over, not before. The grace is a quarter, ten seconds at least.
    @ParameterizedTest
    @CsvSource({"12, 22", "40, 50", "41, 51.25", "300, 375"})
    void aRegistrationOutlivesItsTimeByTheGraceAndNoLonger(long life, BigDecimal end) {
        var config = GatekeeperConfig.of("GK", GATEKEEPER, new TransportAddress(GATEKEEPER.ip(), 1720), Passwords.OPEN);
        var machine = new GatekeeperMachine(config.timeToLive(Duration.ofSeconds(life)), 1);
        var identifier = RasMessage.decode(only(machine.received(RRQ, ENDPOINT, NOW))).body().textAt("endpointIdentifier").orElseThrow();
        long expires = end.movePointRight(9).longValueExact();

        assertThat(machine.nextTick()).isEqualTo(expires);
        machine.tick(new RasTime(expires - 1, NOW.wallMillis()));
        assertThat(machine.registrations()).hasSize(1);
        var alive = RasMessage.decode(RRQ).withText("endpointIdentifier", Optional.of(identifier)).with("keepAlive", true).encode();
        var answer = only(machine.received(alive, ENDPOINT, new RasTime(expires - 1, NOW.wallMillis())));
        assertThat(RasMessage.decode(answer).name()).isEqualTo("registrationConfirm");
        machine.tick(new RasTime(2 * expires - 2, NOW.wallMillis()));
        assertThat(machine.registrations()).hasSize(1);
        machine.tick(new RasTime(2 * expires - 1, NOW.wallMillis()));
        assertThat(machine.registrations()).isEmpty();
    }

    /// The answer was lost; the same octets come again, with a token that is good once.
    @Test
    void aRequestThatComesAgainGetsTheSameAnswer() {
        var machine = gatekeeper(ALICE);
        var endpoint = endpoint(Optional.of(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96)));
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rrq = only(endpoint.received(gcf, GATEKEEPER, NOW));

        var first = machine.received(rrq, ENDPOINT, NOW);
        var again = machine.received(rrq, ENDPOINT, NOW);
        var elsewhere = machine.received(rrq, new TransportAddress(ENDPOINT.ip(), 9), NOW);

        assertThat(only(again)).isEqualTo(only(first));
        assertThat(again).hasSize(1);
        assertThat(RasMessage.decode(only(elsewhere)).body().chosenAt("rejectReason")).hasValue("securityDenial");
    }

    /// As ooh323c does when it is stopped and started again: its requests are the same octets as before.
    @Test
    void whoLeavesAndComesBackWithTheSameOctetsIsRegistered() {
        var machine = gatekeeper(Passwords.OPEN);
        var rcf = RasMessage.decode(only(machine.received(RRQ, ENDPOINT, NOW)));
        var urq = RasMessage.of("unregistrationRequest", 3).with("callSignalAddress", new Value.Items(List.of(SIGNAL.forH225())))
                .withText("endpointIdentifier", rcf.body().textAt("endpointIdentifier")).encode();
        var ucf = machine.received(urq, ENDPOINT, NOW);
        assertThat(machine.registrations()).isEmpty();
        assertThat(only(machine.received(urq, ENDPOINT, NOW))).isEqualTo(only(ucf));

        var again = RasMessage.decode(only(machine.received(RRQ, ENDPOINT, NOW)));

        assertThat(again.name()).isEqualTo("registrationConfirm");
        assertThat(machine.registrations()).hasSize(1);
    }

    @Test
    void anOldTokenIsNoProof() {
        var machine = gatekeeper(ALICE);
        for (var scheme : Credentials.Scheme.values()) {
            var endpoint = endpoint(Optional.of(new Credentials("alice", "wonderland", scheme)));
            var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
            var rrq = only(endpoint.received(gcf, GATEKEEPER, NOW));

            var late = new RasTime(0, NOW.wallMillis() + Signatures.WINDOW.toMillis() + 1000);
            assertThat(RasMessage.decode(only(machine.received(rrq, ENDPOINT, late))).name()).isEqualTo("registrationReject");
        }
    }

    /// Without the gatekeeper's signature a confirmation may be anybody's.
    @Test
    void anUnsignedConfirmationIsNotBelieved() {
        var machine = gatekeeper(Passwords.OPEN);
        var endpoint = endpoint(Optional.of(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96)));
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rcf = only(machine.received(only(endpoint.received(gcf, GATEKEEPER, NOW)), ENDPOINT, NOW));

        assertThat(endpoint.received(rcf, GATEKEEPER, NOW)).isEmpty();
        assertThat(endpoint.state()).isEqualTo(EndpointMachine.State.REGISTERING);
    }

    @Test
    void messagesFromElsewhereAreNotTheGatekeepers() {
        var machine = gatekeeper(Passwords.OPEN);
        var endpoint = endpoint(Optional.empty());
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rcf = only(machine.received(only(endpoint.received(gcf, GATEKEEPER, NOW)), ENDPOINT, NOW));

        assertThat(endpoint.received(rcf, new TransportAddress(Octets.ofHex("7f000008"), 1719), NOW)).isEmpty();
        assertThat(endpoint.received(rcf, GATEKEEPER, NOW)).hasSize(1);
    }

    @Test
    void anAlternateGatekeeperIsTriedWhenTheOwnSendsUsAway() {
        var other = new TransportAddress(Octets.ofHex("7f00000a"), 1719);
        var endpoint = endpoint(Optional.empty());
        endpoint.start(NOW);
        var alternate = Value.struct().with("rasAddress", other.forH225()).with("needToRegister", true).with("priority", 1);
        var reject = RasMessage.of("gatekeeperReject", 1).with("protocolIdentifier", Value.oid(RasMessage.PROTOCOL))
                .with("rejectReason", Value.choice("resourceUnavailable"))
                .with("altGKInfo", Value.struct().with("alternateGatekeeper", List.of(alternate)).with("altGKisPermanent", false));

        var outputs = endpoint.received(reject.encode(), GATEKEEPER, NOW);

        assertThat(outputs).anySatisfy(o -> assertThat(o).isInstanceOfSatisfying(RasOutput.Send.class, s -> assertThat(s.to()).isEqualTo(other)));
        assertThat(endpoint.gatekeeper()).hasValue(other);
    }

    /// Whoever is there by then may have another name, and would refuse a search for the lost one.
    @Test
    void aLostGatekeeperIsNotLookedForByItsName() {
        var endpoint = endpoint(Optional.empty());
        var gcf = only(gatekeeper(Passwords.OPEN).received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        endpoint.received(gcf, GATEKEEPER, NOW);
        var sent = new ArrayList<RasMessage>();

        for (int i = 0; i < 10; i++) {
            endpoint.tick(new RasTime(endpoint.nextTick(), NOW.wallMillis())).stream().filter(RasOutput.Send.class::isInstance)
                    .forEach(o -> sent.add(RasMessage.decode(((RasOutput.Send) o).datagram())));
        }

        assertThat(sent).filteredOn(m -> m.name().equals("gatekeeperRequest")).isNotEmpty()
                .allSatisfy(m -> assertThat(m.body().textAt("gatekeeperIdentifier")).isEmpty());
    }

    @Test
    void aGatekeeperThatNeedsMoreTimeGetsIt() {
        var endpoint = endpoint(Optional.empty());
        var machine = gatekeeper(Passwords.OPEN);
        var gcf = only(machine.received(only(endpoint.start(NOW)), ENDPOINT, NOW));
        var rrq = RasMessage.decode(only(endpoint.received(gcf, GATEKEEPER, NOW)));

        endpoint.received(RasMessage.of("requestInProgress", rrq.sequence()).with("delay", 20_000).encode(), GATEKEEPER, NOW);

        assertThat(endpoint.nextTick()).isEqualTo(20_000_000_000L);
    }

    /// Every message of a registration and a call, as tshark reads it.
    @Test
    void tsharkReadsEveryMessage() throws Exception {
        Tshark.needed();
        var credentials = Optional.of(new Credentials("alice", "wonderland", Credentials.Scheme.HMAC_SHA1_96));
        var sent = new ArrayList<Octets>();
        var machine = gatekeeper(ALICE);
        var endpoint = endpoint(credentials);
        exchange(endpoint, machine, endpoint.start(NOW), sent);
        var id = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
        var call = new Admission(id, id, 77, false, List.of(Alias.of("1001")), Optional.empty(), List.of(Alias.of("alice")),
                Optional.of(SIGNAL), 1280);
        exchange(endpoint, machine, endpoint.admit(call, NOW), sent);
        exchange(endpoint, machine, endpoint.bandwidth(id, 640, NOW), sent);
        exchange(endpoint, machine, endpoint.disengage(id, DisengageReason.NORMAL_DROP, NOW), sent);
        exchange(endpoint, machine, endpoint.unregister(NOW), sent);

        var lines = Tshark.fields(sent.stream().map(o -> ByteBuffer.wrap(o.toArray())).toList(), 1719, "h225", "h225.RasMessage",
                "h225.requestSeqNum", "_ws.malformed");

        assertThat(lines).extracting(l -> l.split("\t")[0]).containsExactly("0", "1", "3", "4", "9", "10", "12", "13", "15", "16", "6", "7");
        assertThat(lines).extracting(l -> l.split("\t")[1]).containsExactly("1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "6", "6");
        assertThat(lines).allSatisfy(l -> assertThat(l).doesNotContain("alformed"));
    }

    private static void exchange(EndpointMachine endpoint, GatekeeperMachine machine, List<RasOutput> begin, List<Octets> sent) {
        for (var outputs = begin; outputs.stream().anyMatch(RasOutput.Send.class::isInstance); ) {
            var request = only(outputs);
            var answer = only(machine.received(request, ENDPOINT, NOW));
            sent.addAll(List.of(request, answer));
            outputs = endpoint.received(answer, GATEKEEPER, NOW);
        }
    }

    /// Damaged messages of every kind at both machines: an answer, an event or a refusal to read them, and no other way out.
    @Test
    void damagedMessagesNeverDoMoreThanBeRefused() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var sent = new ArrayList<Octets>();
        var machine = gatekeeper(Passwords.OPEN);
        var endpoint = endpoint(Optional.empty());
        exchange(endpoint, machine, endpoint.start(NOW), sent);
        var id = Octets.ofHex("000102030405060708090a0b0c0d0e0f");
        exchange(endpoint, machine, endpoint.admit(new Admission(id, id, 77, false, List.of(Alias.of("1001")), Optional.empty(),
                List.of(), Optional.empty(), 1280), NOW), sent);
        exchange(endpoint, machine, endpoint.bandwidth(id, 640, NOW), sent);
        sent.add(GRQ);
        sent.add(RRQ);
        sent.add(only(machine.drop(id, NOW)));
        for (int i = 0; i < 20_000; i++) {
            var octets = sent.get(random.nextInt(sent.size())).toArray();
            for (int hits = random.nextInt(1, 5); hits > 0; hits--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            var damaged = Octets.of(Arrays.copyOf(octets, random.nextInt(octets.length / 2, octets.length + 1)));
            try {
                machine.received(damaged, ENDPOINT, NOW);
                endpoint.received(damaged, GATEKEEPER, NOW);
            } catch (ProtocolViolation expected) {
                continue;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + damaged, e);
            }
        }
    }
}
