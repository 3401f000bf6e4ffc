package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom a gatekeeper is asked for: addresses, names of every kind, and those whom a call is sent on to.
@Timeout(300)
class GatekeeperTargetsTest extends WithParleys {
    private static final String ANY = "127.0.0.1:0";

    private Running gatekeeper(String... more) {
        var all = new ArrayList<>(List.of("gatekeeper", "--listen", ANY, "--signalling-port", "0", "--no-multicast", "--json"));
        all.addAll(List.of(more));
        return parleys.thread(all.toArray(String[]::new));
    }

    private static String address(Running gatekeeper) throws InterruptedException {
        return "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
    }

    /// Of somebody whom the gatekeeper does not know.
    private Running stranger() {
        return parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--calls", "1", "--json");
    }

    private Running call(String to, String gatekeeper) throws InterruptedException {
        return parleys.run("call", to, "--gatekeeper", gatekeeper, "--name", "alice", "--play", "tone", "--duration", "100ms", "--json");
    }

    @ParameterizedTest
    @CsvSource({"--id=direct, ''", "--id=direct, bob@", "--id=direct, h323:bob@", "--routed, ''", "--routed, bob@"})
    void anAddressIsAskedForAndCalled(String mode, String name) throws Exception {
        var gatekeeper = gatekeeper(mode);
        var there = address(gatekeeper);
        var bob = stranger();
        var at = address(bob);

        var call = call(name + at, there);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(gatekeeper.await("call").path("to").asText()).isEqualTo(at);
        assertThat(gatekeeper.await("call-ended").path("to").asText()).isEqualTo(at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob@"})
    void anAddressIsNotAskedForWhenThatIsGrantedBefore(String name) throws Exception {
        var gatekeeper = gatekeeper("--pre-grant");
        var there = address(gatekeeper);
        var bob = stranger();

        var call = call(name + address(bob), there);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        gatekeeper.await("unregistered");
        assertThat(gatekeeper.told("call")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tel:+4912345", "bob@example.invalid", "sip:bob@example.invalid", "party:e164Number.internationalNumber:4912345", "1002"})
    void aNameOfAnyKindIsCalledAsItIsRegistered(String name) throws Exception {
        var gatekeeper = gatekeeper();
        var there = address(gatekeeper);
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", name, "--gatekeeper", there, "--calls", "1", "--json");
        gatekeeper.await("registered");

        var call = call(name, there);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(gatekeeper.await("call-ended").path("to").asText()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"bob, localhost, bob@localhost", "bob@localhost, localhost, bob@localhost", "bob, 127.0.0.1, bob@localhost",
        "bob@localhost, 127.0.0.1, bob@localhost", "bob, 127.0.0.1, h323:bob@localhost", "bob, localhost, bob@127.0.0.1"})
    void theGatekeepersHostIsWhereItsNamesAre(String registered, String host, String target) throws Exception {
        var gatekeeper = gatekeeper();
        int port = gatekeeper.await("ready").path("port").asInt();
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", registered, "--gatekeeper", "127.0.0.1:" + port, "--calls", "1",
                "--json");
        bob.await("registered");

        var unknown = call(target.replace("bob@", "nobody@"), host + ":" + port);
        assertThat(unknown.exit()).as(unknown.toString()).isEqualTo(5);
        assertThat(unknown.await("refused").path("reason").asText()).isEqualTo("calledPartyNotRegistered");
        var call = call(target, host + ":" + port);
        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    @Test
    void aCallThatComesPastTheGatekeeperIsRecordedWithItsCaller() throws Exception {
        var gatekeeper = gatekeeper();
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--gatekeeper", address(gatekeeper), "--calls", "1", "--json");
        bob.await("registered");

        var call = parleys.run("call", address(bob), "--name", "stranger", "--play", "tone", "--duration", "100ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(gatekeeper.await("call").path("from").asText()).isEqualTo("stranger");
        assertThat(gatekeeper.await("call-ended").path("from").asText()).isEqualTo("stranger");
    }

    /// The gatekeeper does not know where the call goes, and hears of it all the same.
    @ParameterizedTest
    @ValueSource(strings = {"--id=direct", "--routed"})
    void aCallThatIsSentOnToAnAddressIsAskedForAgain(String mode) throws Exception {
        var gatekeeper = gatekeeper(mode);
        var there = address(gatekeeper);
        var bob = stranger();
        var at = address(bob);
        parleys.thread("answer", "--listen", ANY, "--name", "frank", "--gatekeeper", there, "--forward", "bob@" + at, "--json");
        gatekeeper.await("registered");

        var call = call("frank", there);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        gatekeeper.await(2, e -> e.path("type").asText().equals("call-ended"));
        assertThat(gatekeeper.told("call")).extracting(e -> e.path("to").asText()).containsExactly("frank", at);
        assertThat(gatekeeper.told("call-ended")).extracting(e -> e.path("to").asText()).containsExactly("frank", at);
    }

    @Test
    void aCallThatIsSentOnGoesNowhereWhenTheGatekeeperDoesNotAdmitIt() throws Exception {
        var gatekeeper = gatekeeper();
        var there = address(gatekeeper);
        parleys.thread("answer", "--listen", ANY, "--name", "frank", "--gatekeeper", there, "--forward", "nobody", "--json");
        gatekeeper.await("registered");

        var call = call("frank", there);

        assertThat(call.exit()).as(call.toString()).isEqualTo(5);
        assertThat(call.await("refused").path("reason").asText()).isEqualTo("calledPartyNotRegistered");
    }
}
