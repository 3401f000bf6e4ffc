package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.Security;
import dev.parley.session.store.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLoginTest {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Store.User ALICE = Credentials.derive("alice", PASSWORD, "", true, true, 0);

    @TempDir
    Path folder;

    private final ClientLogin client = new ClientLogin(Security.NONE, "alice", PASSWORD);
    private final String first = client.first();
    private final String nonce = first.replaceFirst(".*,r=", "");

    @Test
    void theClientLearnsWhoTheServerIsAlsoWithoutACertificate() {
        var identity = Identity.in(folder);
        var server = new ScramServer(
                first, Security.NONE, _ -> Optional.of(ALICE), new byte[] {7}, ScramServer.nonce(new SecureRandom(), identity));

        var answer = client.answer(server.serverFirst());
        client.verify(server.finish(answer).orElseThrow().serverFinal());

        assertThat(client.server()).contains(identity.fingerprint());
    }

    /// Somebody on the way who puts another fingerprint there has changed what both sides prove.
    @Test
    void anotherFingerprintOnTheWayIsNoticed() {
        var server = new ScramServer(first, Security.NONE, _ -> Optional.of(ALICE), new byte[] {7},
                ScramServer.nonce(new SecureRandom(), Identity.in(folder.resolve("one"))));
        var other = Identity.in(folder.resolve("other")).fingerprint();

        var answer = client.answer(server.serverFirst().replaceFirst("SHA256:[^,]*", other));

        assertThat(server.finish(answer)).isEmpty();
    }

    @Test
    void aServerWithoutAFingerprintInItsNonceIsOnlyUnknown() {
        client.answer(challenge("15000"));

        assertThat(client.server()).isEmpty();
    }

    private String challenge(String iterations) {
        return "r=" + nonce + "server,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=" + iterations;
    }

    /// A hostile server could keep the client busy for hours, or get an answer on which passwords are tried quickly.
    @Test
    void theIterationsThatAServerMayWantHaveLimits() {
        for (var wrong : new String[] {"0", "1", "4095", "1000001", "2147483647", "9999999999"}) {
            assertThatThrownBy(() -> client.answer(challenge(wrong))).as(wrong).isInstanceOf(SessionException.Refused.class)
                    .hasMessageContaining(" " + wrong + " iterations").hasMessageContaining("4096 to 1000000");
        }
        for (var none : new String[] {"99999999999", "x", "", "-1"}) {
            assertThatThrownBy(() -> client.answer(challenge(none))).as(none).isInstanceOf(SessionException.Refused.class)
                    .hasMessageContaining("malformed");
        }
        assertThat(client.answered()).isFalse();
        client.answer(challenge("1000000"));
        assertThat(client.answered()).isTrue();
    }

    @Test
    void theFewestIterationsAreThoseOfTheStandard() {
        client.answer(challenge("4096"));

        assertThat(client.answered()).isTrue();
    }
}
