package dev.parley.cli.transfer;

import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Consumer;

/// Whether a server is who it should be: it has the fingerprint that was given, or the one under which it was known before. The first one seen
/// is kept, as ssh does it; a changed one is refused.
final class ServerTrust {
    private final Store store;
    private final Remote remote;
    private final Optional<String> fingerprint;
    private final Consumer<String> say;
    private volatile String refusal = "";

    ServerTrust(Store store, Remote remote, Optional<String> fingerprint, Consumer<String> say) {
        this.store = store;
        this.remote = remote;
        this.fingerprint = fingerprint;
        this.say = say;
    }

    /// Why the last server was refused; empty when none was.
    String refusal() {
        return refusal;
    }

    boolean accepts(X509Certificate certificate) {
        refusal = refusalOf(Identity.fingerprint(certificate));
        return refusal.isEmpty();
    }

    private String refusalOf(String shown) {
        var name = remote.server();
        if (fingerprint.isPresent()) {
            if (!fingerprint.get().equals(shown)) {
                return "the server at " + name + " has the fingerprint " + shown + ", expected was " + fingerprint.get();
            }
            store.putServer(name, shown);
            return "";
        }
        var known = store.server(name);
        if (known.isEmpty()) {
            store.putServer(name, shown);
            say.accept("first visit to " + name + ": its fingerprint " + shown + " is kept; compare it with what the server shows");
            return "";
        }
        return known.get().equals(shown)
                ? ""
                : "the server at " + name + " has another key than before: " + shown + ", known was " + known.get()
                        + ". Somebody may be in the middle. If the server really has a new key, say so once with --fingerprint " + shown;
    }
}
