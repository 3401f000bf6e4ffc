package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server's sessions, seen and ended from another machine.
@Timeout(300)
class AdminProcessTest {
    @TempDir
    Path folder;

    @Test
    void aUserSeesAndCancelsAnUnfinishedSessionAtTheServer() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var address = ready.path("address").asText();
            var fingerprint = ready.path("fingerprint").asText();
            parleys.file("data.img", 1_000_000, 21);
            String session;
            try (var gate = new Gate(address, 500_000)) {
                var sender = parleys.process(parleys.send("data.img", gate.address(), "--fingerprint", fingerprint));
                session = sender.await("connected").path("session").asText();
                sender.awaitOffset(200_000);
                sender.kill();
            }

            var listed = ask(parleys, address, fingerprint, "pw", "ls");
            assertThat(listed.exit()).as(listed.toString()).isZero();
            assertThat(listed.told("session")).anyMatch(e -> e.path("session").asText().equals(session));
            var shown = ask(parleys, address, fingerprint, "pw", "show", session);
            assertThat(shown.await("session").path("files").path(0).path("bytes").asLong()).isGreaterThanOrEqualTo(200_000);
            assertThat(ask(parleys, address, fingerprint, "wrong", "cancel", session).exit()).isEqualTo(5);
            assertThat(ask(parleys, address, fingerprint, "pw", "cancel", session).exit()).isZero();
            assertThat(ask(parleys, address, fingerprint, "pw", "show", session).exit()).isNotZero();
            assertThat(ask(parleys, address, fingerprint, "pw", "purge", "--pcap", parleys.at("purge.pcapng")).exit()).isZero();
            var traced = parleys.run("trace", parleys.at("purge.pcapng"), "--json");
            assertThat(traced.exit()).as(traced.toString()).isZero();
            assertThat(traced.toString()).contains("CONNECT", "FINISH");
        }
    }

    private static Running ask(Parleys parleys, String address, String fingerprint, String password, String... command) throws Exception {
        var line = new ArrayList<>(List.of(command));
        line.addAll(List.of("--at", "alice@" + address, "--password-file", parleys.at(password),
                "--fingerprint", fingerprint, "--state", parleys.at("C"), "--json"));
        return parleys.run(line.toArray(String[]::new));
    }
}
