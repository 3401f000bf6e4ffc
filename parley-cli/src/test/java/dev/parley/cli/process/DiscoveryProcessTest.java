package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A gatekeeper that is found by multicast, on another host of the network.
@Tag("slow")
@Timeout(300)
class DiscoveryProcessTest {
    @TempDir
    Path folder;

    private TwoHosts hosts;
    private Parleys parleys;

    @BeforeEach
    void open() throws IOException {
        hosts = TwoHosts.open();
        parleys = new Parleys(folder);
    }

    @AfterEach
    void close() throws IOException {
        if (parleys != null) {
            parleys.close();
            hosts.close();
        }
    }

    @Test
    void whoeverLooksForAGatekeeperFindsItAndIsCalledThroughIt() throws Exception {
        var gatekeeper = parleys.inSpace(TwoHosts.FIRST, "gatekeeper", "--json");
        gatekeeper.await("ready");
        var bob = parleys.inSpace(TwoHosts.SECOND, "answer", "--auto", "--name", "bob", "--gatekeeper", "discover", "--calls", "1", "--json");
        assertThat(bob.await("registered").path("gatekeeper").asText()).isEqualTo(TwoHosts.FIRST_ADDRESS + ":1719");

        var call = parleys.inSpace(TwoHosts.SECOND, "call", "bob", "--gatekeeper", "discover", "--name", "alice", "--play", "tone", "--duration",
                "200ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).isZero();
        assertThat(gatekeeper.await("call-ended").path("to").asText()).isEqualTo("bob");
    }

    @Test
    void aGatekeeperThatIsNotInTheGroupIsNotFound() throws Exception {
        var gatekeeper = parleys.inSpace(TwoHosts.FIRST, "gatekeeper", "--no-multicast", "--json");
        gatekeeper.await("ready");

        var call = parleys.inSpace(TwoHosts.SECOND, "call", "bob", "--gatekeeper", "discover", "--json");

        assertThat(call.exit()).as(call.toString()).isEqualTo(4);
        assertThat(gatekeeper.told("registered")).isEmpty();
    }
}
