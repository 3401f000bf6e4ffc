package dev.parley.session.login;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import java.security.cert.CertificateException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The login of one connection at the server: SCRAM in two CONNECTs on one transport, or a client certificate in one. Wrong credentials count
/// against the user and the address; a connection that ends before its proof does not.
public final class ServerLogin {
    /// The reason of REFUSE for every refusal of ours: by the called SS-user, with user data (8.3.5.6).
    public static final int USER_REFUSES = 2;

    /// Who it is. `serverFinal` is empty after a certificate.
    public record Entered(Store.User user, Optional<String> serverFinal) {}

    private static final String TOO_MANY = "too many failed logins: try again in a minute";

    private final Gate gate;
    private final Loop loop;
    private final SessionService service;
    private final String address;
    private @Nullable ScramServer scram;

    public ServerLogin(Gate gate, Loop loop, SessionService service) {
        this.gate = gate;
        this.loop = loop;
        this.service = service;
        address = service.peer().replaceFirst(":\\d+$", "");
    }

    /// Without its port.
    public String address() {
        return address;
    }

    /// One CONNECT. Empty when the client was asked for its proof, which comes with the next one.
    ///
    /// @throws SessionException.Refused when the login failed, with words for the client
    public Optional<Entered> connect(JsonNode words) {
        var begun = scram;
        if (begun != null) {
            return Optional.of(prove(begun, Json.text(words, "scram")));
        }
        if (!words.has("scram")) {
            return Optional.of(certificate());
        }
        var first = new ScramServer(
                Json.text(words, "scram"), service.security(), gate.store()::user, gate.secret(), gate.nonce());
        check(first.userName());
        scram = first;
        service.request(new Request.Refuse(
                ConnectionIdentifier.NONE, USER_REFUSES, true, Json.encode(Json.object().put("scram", first.serverFirst()))));
        service.flush();
        return Optional.empty();
    }

    private Entered prove(ScramServer begun, String proof) {
        claim(begun.userName());
        var result = begun.finish(proof).orElseThrow(() -> failed(begun.userName(), "the user name or the password is wrong"));
        gate.attempts().succeeded(begun.userName(), address);
        return new Entered(result.user(), Optional.of(result.serverFinal()));
    }

    private Entered certificate() {
        var certificate = service.security().peerCertificate()
                .orElseThrow(() -> new SessionException.Refused("log in with a password, or over TLS with a client certificate"));
        var fingerprint = Identity.fingerprint(certificate);
        claim(fingerprint);
        try {
            certificate.checkValidity(java.util.Date.from(java.time.Instant.ofEpochMilli(loop.wallMillis())));
        } catch (CertificateException e) {
            throw failed(fingerprint, "the client certificate is not valid now: " + e.getMessage());
        }
        var user = gate.store().userOfCertificate(fingerprint)
                .orElseThrow(() -> failed(fingerprint, "the client certificate belongs to no user of this server"));
        gate.attempts().succeeded(fingerprint, address);
        return new Entered(user, Optional.empty());
    }

    private void check(String who) {
        if (!gate.attempts().allows(who, address, loop.nanoTime())) {
            throw new SessionException.Refused(TOO_MANY);
        }
    }

    /// Counts as a failure until it is none. Many connections may have begun before the first one failed.
    private void claim(String who) {
        if (!gate.attempts().claim(who, address, loop.nanoTime())) {
            throw new SessionException.Refused(TOO_MANY);
        }
    }

    private SessionException.Refused failed(String who, String words) {
        gate.log("login failed for " + who + " from " + address);
        return new SessionException.Refused(words);
    }
}
