package dev.parley.session.login;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.parley.api.SessionException;
import dev.parley.runtime.Security;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The client's side of the login (RFC 5802, 7677), with channel binding wherever the connection is encrypted. The first message and the
/// answer to the server's challenge each travel in a CONNECT.
public final class ClientLogin {
    /// More would keep this side busy for many seconds: 15 000 are usual.
    private static final int MOST_ITERATIONS = 1_000_000;
    /// RFC 7677, section 4. With fewer, whoever plays the server could try passwords on our answer quickly.
    public static final int FEWEST_ITERATIONS = 4_096;
    /// Iterations and, in the nonce, the fingerprint of the server ([ScramServer#nonce]).
    private static final Pattern SERVER_FIRST = Pattern.compile("r=[^,]*?(?:\\.(SHA256:[A-Za-z0-9+/]{43}))?,s=[^,]*,i=([0-9]{1,10})(?:,.*)?");

    private final ScramClient scram;
    private final int fewest;
    private Optional<String> server = Optional.empty();
    private boolean answered;

    public ClientLogin(Security security, String user, char[] password) {
        this(security, user, password, FEWEST_ITERATIONS);
    }

    /// @param fewest iterations that a server may want; only simulations, which log in thousands of times, have a reason for fewer
    public ClientLogin(Security security, String user, char[] password, int fewest) {
        this.fewest = fewest;
        var mechanisms = security.encrypted() ? List.of("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS") : List.of("SCRAM-SHA-256");
        var builder = ScramClient.builder().advertisedMechanisms(mechanisms).username(user).password(password);
        scram = security.encrypted() ? builder.channelBinding(security.bindingType(), security.bindingData()).build() : builder.build();
    }

    public String first() {
        return scram.clientFirstMessage().toString();
    }

    /// True once the challenge was answered: a further refusal is final.
    public boolean answered() {
        return answered;
    }

    public String answer(String serverFirst) {
        var first = SERVER_FIRST.matcher(serverFirst);
        if (!first.matches()) {
            throw new SessionException.Refused("the server's login message is malformed");
        }
        long iterations = Long.parseLong(first.group(2));
        if (iterations < fewest || iterations > MOST_ITERATIONS) {
            throw new SessionException.Refused("the server wants a login with " + iterations + " iterations, which is refused: "
                    + fewest + " to " + MOST_ITERATIONS + " are taken");
        }
        server = Optional.ofNullable(first.group(1));
        try {
            scram.serverFirstMessage(serverFirst);
            answered = true;
            return scram.clientFinalMessage().toString();
        } catch (ScramException | IllegalArgumentException e) {
            throw new SessionException.Refused("the server's login message is malformed: " + e.getMessage());
        }
    }

    /// The fingerprint under which the server goes, once the challenge was answered; proved by [#verify].
    public Optional<String> server() {
        return server;
    }

    /// The server must prove that it knows the user, too.
    public void verify(String serverFinal) {
        try {
            scram.serverFinalMessage(serverFinal);
        } catch (ScramException | IllegalArgumentException | IllegalStateException e) {
            throw new SessionException.Refused("the server could not prove that it knows the user: " + e.getMessage());
        }
    }
}
