package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Whether a server is who it should be: it has the fingerprint that was given, or a certificate of an authority that was given, or the
/// fingerprint under which it was known before. The first one seen is kept, as ssh does it; a changed one is refused.
final class ServerTrust {
    private final Store store;
    private final Remote remote;
    private final Optional<String> fingerprint;
    private final Optional<Path> authorities;
    private final Consumer<String> say;
    private volatile String refusal = "";

    ServerTrust(Store store, Remote remote, Optional<String> fingerprint, Optional<Path> authorities, Consumer<String> say) {
        this.store = store;
        this.remote = remote;
        this.fingerprint = fingerprint;
        this.authorities = authorities;
        this.say = say;
    }

    /// Why the last server was refused; empty when none was.
    String refusal() {
        return refusal;
    }

    boolean accepts(X509Certificate certificate) {
        var shown = Identity.fingerprint(certificate);
        refusal = authorities.isPresent() ? refusalOf(certificate, authorities.get()) : refusalOf(shown);
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

    private String refusalOf(X509Certificate certificate, Path file) {
        try (var in = Files.newInputStream(file)) {
            var factory = CertificateFactory.getInstance("X.509");
            Set<TrustAnchor> anchors = factory.generateCertificates(in).stream()
                    .map(c -> new TrustAnchor((X509Certificate) c, null)).collect(Collectors.toSet());
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(List.of(certificate)), parameters);
            return isFor(certificate, remote.host())
                    ? ""
                    : "the certificate of the server at " + remote.server() + " is for another name than " + remote.host();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "the authorities in " + file + " cannot be read: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            return "the certificate of the server at " + remote.server() + " is not signed by the authorities in " + file + ": " + e.getMessage();
        }
    }

    /// RFC 6125: the name stands among the alternative names; a star stands for one label.
    private static boolean isFor(X509Certificate certificate, String host) throws CertificateParsingException {
        var names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        var wanted = host.toLowerCase(Locale.ROOT);
        for (var name : names) {
            var kind = (Integer) name.get(0);
            var text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            if ((kind == 2 || kind == 7) && text.equals(wanted)
                    || kind == 2 && text.startsWith("*.") && wanted.indexOf('.') > 0
                            && wanted.substring(wanted.indexOf('.')).equals(text.substring(1))) {
                return true;
            }
        }
        return false;
    }
}
