package dev.parley.session.talk;

import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;

/// Where durable conversations begin: one side listens, the other connects. Both keep their state in a folder of their own; the users of a
/// listening side are those of the same folder, as for transfers.
public final class Conversations {
    private Conversations() {}

    /// What the listening application does with one conversation, on a virtual thread. It runs when the peer connects, goes on through lost
    /// connections, and runs again after a restart or after it ended without release or abort.
    @FunctionalInterface
    public interface Application {
        void converse(Conversation conversation) throws Exception;
    }

    /// Listens with TLS.
    public static ConversationServer listen(InetSocketAddress endpoint, Path state, Application application) throws IOException {
        return listen(endpoint, state, ConversationOptions.DEFAULT, false, application);
    }

    /// @param plainText without TLS
    public static ConversationServer listen(
            InetSocketAddress endpoint, Path state, ConversationOptions options, boolean plainText, Application application)
            throws IOException {
        return new ConversationServer(endpoint, StateFolder.open(state), options, plainText, application);
    }

    /// Adds a user of a listening side, or changes its password; with the right to send.
    public static void addUser(Path state, String name, char[] password) {
        try (var folder = StateFolder.open(state)) {
            folder.store().putUser(Credentials.derive(name, password, "", true, true, 0));
        }
    }

    /// Who connects with this certificate is the user.
    ///
    /// @throws IllegalArgumentException without such a user
    public static void addCertificate(Path state, String name, X509Certificate certificate) {
        try (var folder = StateFolder.open(state)) {
            if (folder.store().user(name).isEmpty()) {
                throw new IllegalArgumentException("there is no user " + name + " to give the certificate to");
            }
            folder.store().putCertificate(Identity.fingerprint(certificate), name);
        }
    }

    /// Connects, and goes on with the conversation of that name if this state folder has one with that server and user.
    ///
    /// @throws dev.parley.api.SessionException.Refused when the login, the server's identity or the conversation is refused
    /// @throws dev.parley.api.SessionException.ConnectionLost when there was no connection for the patience
    public static Conversation connect(InetSocketAddress address, Path state, Login login, String name) throws InterruptedException {
        return connect(address, state, login, name, ConversationOptions.DEFAULT);
    }

    public static Conversation connect(
            InetSocketAddress address, Path state, Login login, String name, ConversationOptions options) throws InterruptedException {
        if (name.isEmpty() || name.length() > 200) {
            throw new IllegalArgumentException("the name of a conversation has 1 to 200 characters");
        }
        return new Caller(address, StateFolder.open(state), login, name, options).connect();
    }

    /// Forgets what a connecting side knows of a conversation that cannot go on, because the server has lost it or it has expired. What
    /// was not delivered is lost. True when there was one.
    public static boolean forget(Path state, String name) {
        try (var folder = StateFolder.open(state)) {
            return folder.conversations().forget(name) > 0;
        }
    }
}
