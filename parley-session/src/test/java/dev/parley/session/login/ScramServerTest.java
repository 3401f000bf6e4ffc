package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import dev.parley.api.SessionException;
import dev.parley.runtime.Security;
import dev.parley.session.store.Store;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server's side of SCRAM-SHA-256, first by the example of RFC 7677 section 3.
class ScramServerTest {
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String CLIENT_FINAL = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final Security SECURED = new Security(true, "tls-exporter", new byte[] {1, 2, 3}, Optional.empty(), "TLSv1.3");

    private static Optional<Store.User> user(String name) {
        if (!name.equals("user")) {
            return Optional.empty();
        }
        var mechanism = ScramMechanism.SCRAM_SHA_256;
        var salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        var salted = ScramFunctions.saltedPassword(mechanism, StringPreparation.SASL_PREPARATION, "pencil".toCharArray(), salt, 4096);
        return Optional.of(new Store.User("user", salt, 4096, ScramFunctions.storedKey(mechanism, ScramFunctions.clientKey(mechanism, salted)),
                ScramFunctions.serverKey(mechanism, salted), "", true, true, 0));
    }

    private static ScramServer server(String clientFirst, Security security) {
        return new ScramServer(clientFirst, security, ScramServerTest::user, new byte[] {7}, SERVER_NONCE);
    }

    @Test
    void theExampleOfTheStandardIsAccepted() {
        var server = server(CLIENT_FIRST, Security.NONE);

        assertThat(server.serverFirst()).isEqualTo(SERVER_FIRST);
        assertThat(server.finish(CLIENT_FINAL)).hasValueSatisfying(result -> {
            assertThat(result.serverFinal()).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
            assertThat(result.user().name()).isEqualTo("user");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k1,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p====",
        "c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        ""
    })
    void aWrongProofNonceOrBindingIsRefused(String clientFinal) {
        assertThat(server(CLIENT_FIRST, Security.NONE).finish(clientFinal)).isEmpty();
    }

    @Test
    void anUnknownUserGetsAnAnswerOfTheSameFormThatIsAlwaysTheSame() {
        var first = server("n,,n=nobody,r=rOprNGfwEbeRWgbNEkqO", Security.NONE);
        var again = server("n,,n=nobody,r=rOprNGfwEbeRWgbNEkqO", Security.NONE);

        assertThat(first.serverFirst()).isEqualTo(again.serverFirst()).matches("r=\\S+,s=[A-Za-z0-9+/=]{24},i=" + Credentials.ITERATIONS);
        assertThat(first.finish(CLIENT_FINAL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "n,,n=user", "n,,n=user,r=short", "n,a=admin,n=user,r=rOprNGfwEbeRWgbNEkqO", "n,,n=us,er,r=rOprNGfwEbeRWgbNEkqO",
        "n,,n=user,r=with space in it", "p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    })
    void aMalformedFirstMessageIsRefused(String clientFirst) {
        assertThatThrownBy(() -> server(clientFirst, SECURED)).isInstanceOf(SessionException.Refused.class);
    }

    @Test
    void nameAndNonceHaveALimit() {
        var nonce = "r".repeat(200);
        assertThat(server("n,,n=" + "u".repeat(200) + ",r=" + nonce, Security.NONE).serverFirst()).startsWith("r=" + nonce);
        assertThatThrownBy(() -> server("n,,n=" + "u".repeat(201) + ",r=" + nonce, Security.NONE))
                .isInstanceOf(SessionException.Refused.class);
        assertThatThrownBy(() -> server("n,,n=u,r=" + nonce + "r", Security.NONE)).isInstanceOf(SessionException.Refused.class);
    }

    @Test
    void aRemovedOfferOfChannelBindingIsNoticed() {
        assertThatThrownBy(() -> server("y,,n=user,r=rOprNGfwEbeRWgbNEkqO", SECURED)).hasMessageContaining("downgraded");
        assertThat(server("y,,n=user,r=rOprNGfwEbeRWgbNEkqO", Security.NONE).serverFirst()).isEqualTo(SERVER_FIRST);
    }
}
