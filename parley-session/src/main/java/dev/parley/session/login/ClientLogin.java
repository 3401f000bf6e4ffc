package dev.parley.session.login;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.parley.api.SessionException;
import dev.parley.runtime.Security;
import java.util.List;

/// The client's side of the login (RFC 5802, 7677), with channel binding wherever the connection is encrypted. The first message and the
/// answer to the server's challenge each travel in a CONNECT.
public final class ClientLogin {
    private final ScramClient scram;
    private boolean answered;

    public ClientLogin(Security security, String user, char[] password) {
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
        try {
            scram.serverFirstMessage(serverFirst);
            answered = true;
            return scram.clientFinalMessage().toString();
        } catch (ScramException | IllegalArgumentException e) {
            throw new SessionException.Refused("the server's login message is malformed: " + e.getMessage());
        }
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
