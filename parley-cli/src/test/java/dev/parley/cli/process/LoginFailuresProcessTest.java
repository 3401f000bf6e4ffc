package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `parley serve --login-failures N`: N wrong passwords a minute are borne, and the next one is not even tried.
@Timeout(120)
class LoginFailuresProcessTest extends WithParleys {
    private String asked(String address, String password) throws Exception {
        var asked = parleys.run("ls", "--at", "alice@" + address, "--password-file", parleys.at(password), "--state", parleys.at("C"));
        return asked.exit() + " " + asked.words();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void soManyAreBorneAndTheNextOneIsNotTried(int most) throws Exception {
        parleys.addUser("alice");
        var address = parleys.serve("127.0.0.1:0", "--login-failures", String.valueOf(most)).await("ready").path("address").asText();

        for (int i = 0; i < most; i++) {
            assertThat(asked(address, "wrong")).as("failure %s", i + 1).startsWith("5 ").contains("the user name or the password is wrong");
        }

        assertThat(asked(address, "pw")).as("even the right one").startsWith("5 ").contains("too many");
    }

    @Test
    void itsLimitsAreSaid() throws Exception {
        for (var wrong : new String[] {"0", "1001"}) {
            var refused = parleys.run("serve", parleys.at("inbox"), "--listen", "127.0.0.1:0", "--state", parleys.at("S"), "--login-failures", wrong);
            assertThat(refused.exit()).as(wrong).isEqualTo(2);
            assertThat(refused.words()).contains("1 to 1000 failed logins a minute, not " + wrong);
        }
    }
}
