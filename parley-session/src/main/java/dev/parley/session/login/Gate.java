package dev.parley.session.login;

import dev.parley.session.store.Store;
import java.security.SecureRandom;
import java.util.function.Consumer;

/// What the logins of all connections of one server share: its users, its identity and how often somebody may fail. Thread safe.
public final class Gate {
    private final Store store;
    private final Identity identity;
    private final Consumer<String> log;
    private final AttemptLimiter attempts;
    private final SecureRandom random = new SecureRandom();
    private final byte[] secret;

    /// @param log what an operator should know of logins that fail
    public Gate(Store store, Identity identity, Consumer<String> log) {
        this(store, identity, AttemptLimiter.DEFAULT_FAILURES, log);
    }

    /// @param failures so many a minute are borne of one user from one address
    public Gate(Store store, Identity identity, int failures, Consumer<String> log) {
        this.attempts = new AttemptLimiter(failures);
        this.store = store;
        this.identity = identity;
        this.log = log;
        secret = identity.key().getEncoded();
    }

    Store store() {
        return store;
    }

    AttemptLimiter attempts() {
        return attempts;
    }

    byte[] secret() {
        return secret.clone();
    }

    String nonce() {
        return ScramServer.nonce(random, identity);
    }

    void log(String words) {
        log.accept(words);
    }
}
