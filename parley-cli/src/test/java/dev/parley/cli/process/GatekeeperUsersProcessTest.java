package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One `parley user add` for a server and for a gatekeeper.
@Tag("slow")
@Timeout(300)
class GatekeeperUsersProcessTest extends WithParleys {
    private static final int REFUSED = 5;

    private void user(String... arguments) throws InterruptedException {
        var all = new ArrayList<>(List.of("user"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--state", parleys.at("S")));
        var done = parleys.run(all.toArray(String[]::new));
        assertThat(done.exit()).as(done.toString()).isZero();
    }

    /// Calls somebody who is not there: whoever may register hears that, and whoever may not is refused before.
    private Running callsNobody(String gatekeeper, String user, String password, String... more) throws InterruptedException {
        var all = new ArrayList<>(List.of("call", "nobody", "--gatekeeper", gatekeeper, "--name", user, "--user", user, "--password-file",
                parleys.at(password), "--json"));
        all.addAll(List.of(more));
        var call = parleys.run(all.toArray(String[]::new));
        assertThat(call.exit()).as(call.toString()).isEqualTo(REFUSED);
        return call;
    }

    private static boolean mayCome(Running call) throws InterruptedException {
        assertThat(call.await("refused").path("reason").asText()).isIn("calledPartyNotRegistered", "securityDenial");
        return !call.told("registered").isEmpty();
    }

    @Test
    void usersOfAStateFolderProveTheirPasswordsAtAGatekeeper() throws Exception {
        user("add", "bob", "--password-file", parleys.at("pw"));
        assertThat(folder.resolve("S/server/h235.db")).as("nobody asked for a key").doesNotExist();
        user("add", "alice", "--password-file", parleys.at("pw"), "--h323");
        user("add", "carol", "--password-file", parleys.at("pw"), "--h323-md5");
        var gatekeeper = parleys.process("gatekeeper", "--listen", "127.0.0.1:0", "--no-multicast", "--state", parleys.at("S"), "--json");
        var ready = gatekeeper.await("ready");
        var there = "127.0.0.1:" + ready.path("port").asInt();
        assertThat(ready.path("passwords").asBoolean()).isTrue();

        var listed = parleys.run("user", "ls", "--json", "--state", parleys.at("S"));
        assertThat(listed.told("user")).extracting(u -> u.path("name").asText() + " " + u.path("h323").asBoolean())
                .containsExactly("alice true", "bob false", "carol true");
        assertThat(mayCome(callsNobody(there, "alice", "pw"))).isTrue();
        assertThat(mayCome(callsNobody(there, "alice", "wrong"))).isFalse();
        assertThat(mayCome(callsNobody(there, "alice", "pw", "--md5"))).as("only the key is kept").isFalse();
        assertThat(mayCome(callsNobody(there, "bob", "pw"))).as("without a key").isFalse();
        assertThat(mayCome(callsNobody(there, "carol", "pw", "--md5"))).isTrue();
        assertThat(mayCome(callsNobody(there, "carol", "pw"))).isTrue();
    }

    @Test
    void aGatekeeperWithoutAnyUserSaysSo() throws Exception {
        user("add", "bob", "--password-file", parleys.at("pw"));
        var gatekeeper = parleys.process("gatekeeper", "--listen", "127.0.0.1:0", "--no-multicast", "--state", parleys.at("S"), "--json");

        gatekeeper.await("ready");

        assertThat(gatekeeper.words()).contains("nobody may register yet", "parley user add NAME --h323");
    }

    /// The gatekeeper reads them again; a later command that finds its word is the sign that it has.
    @Test
    void aChangeIsSeenByAGatekeeperThatRuns() throws Exception {
        user("add", "alice", "--password-file", parleys.at("pw"), "--h323");
        var gatekeeper = parleys.process("gatekeeper", "--listen", "127.0.0.1:0", "--no-multicast", "--state", parleys.at("S"), "--json");
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
        assertThat(mayCome(callsNobody(there, "alice", "pw"))).isTrue();

        user("passwd", "alice", "--password-file", parleys.at("wrong"));
        while (!mayCome(callsNobody(there, "alice", "wrong"))) {
            assertThat(gatekeeper.isAlive()).isTrue();
        }
        assertThat(mayCome(callsNobody(there, "alice", "pw"))).as("the key follows the password").isFalse();

        user("rm", "alice");
        while (mayCome(callsNobody(there, "alice", "wrong"))) {
            assertThat(gatekeeper.isAlive()).isTrue();
        }
    }
}
