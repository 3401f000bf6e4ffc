package dev.parley.cli.osi;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Identity;
import dev.parley.session.login.KeyFiles;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import picocli.CommandLine.Option;

/// TLS of the calling side, which says whom it trusts.
final class CallingTls {
    @Option(names = "--tls", description = "RFC 1006 inside TLS 1.3; say with --fingerprint or --ca whom you trust.")
    private boolean tls;

    @Option(names = "--fingerprint", paramLabel = "SHA256:...", description = "The called side's certificate must have this one.")
    private Optional<String> fingerprint = Optional.empty();

    @Option(names = "--ca", paramLabel = "FILE",
            description = "The called side's certificate must be for its name, and signed by one of these (PEM).")
    private Optional<Path> authorities = Optional.empty();

    private volatile String shown = "";

    OsiProtocol applied(OsiProtocol protocol, String host) {
        if (fingerprint.isPresent() && authorities.isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "give --fingerprint or --ca, not both");
        }
        if (authorities.isPresent()) {
            return protocol.over(Tls.client(KeyFiles.certificates(authorities.get()), host, Optional.empty()));
        }
        return tls || fingerprint.isPresent() ? protocol.over(Tls.client(this::trusted)) : protocol;
    }

    private boolean trusted(X509Certificate certificate) {
        shown = Identity.fingerprint(certificate);
        return fingerprint.filter(shown::equals).isPresent();
    }

    /// What to say when the connection failed: perhaps the certificate was the reason.
    SessionException explained(SessionException failed) {
        return shown.isEmpty() || fingerprint.filter(shown::equals).isPresent() ? failed
                : new SessionException.Refused("the called side has the fingerprint " + shown
                        + fingerprint.map(wanted -> ", expected was " + wanted).orElse("; if it is the right one, say --fingerprint " + shown));
    }
}
