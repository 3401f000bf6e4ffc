package dev.parley.transfer.engine;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Why a TLS connection did not come about, in words for users.
final class TlsRefusal {
    private static final String REFUSED = "TLS was refused: ";

    private TlsRefusal() {}

    static String words(SSLHandshakeException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return REFUSED + "the server's certificate is not valid now: " + cause.getMessage();
            }
            if (cause instanceof CertPathBuilderException) {
                return REFUSED + "the server's certificate is not signed by one of the authorities that were given (--ca)";
            }
        }
        return REFUSED + failure.getMessage();
    }
}
