package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Password;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.KeyFiles;
import dev.parley.session.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a client reaches a server, proves who it is, and makes sure who the server is.
class LoginOptions {
    @Option(names = "--user", paramLabel = "NAME", description = "Who you are there (default: what stands before the @, or your name here).")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "Take the password from the first line of FILE; with --identity, that of an encrypted key.")
    private @Nullable Path passwordFile;

    @Option(names = "--identity", paramLabel = "CERT",
            description = "Log in with this client certificate in place of a password (PEM, or PKCS #12 if it ends in .p12).")
    private @Nullable Path identity;

    @Option(names = "--identity-key", paramLabel = "KEY", description = "The key of the certificate (PEM), when CERT does not hold it.")
    private @Nullable Path identityKey;

    @Option(names = "--fingerprint", paramLabel = "SHA256:...",
            description = "The server must have this one. Without it, the first one seen is kept.")
    private @Nullable String fingerprint;

    @Option(names = "--ca", paramLabel = "FILE", description = "The server's certificate must be signed by one of these (PEM).")
    private @Nullable Path authorities;

    @Option(names = "--insecure-plain", description = "Plain TCP: everybody on the way can read and change what is sent.")
    private boolean plain;

    /// The way into a server.
    ///
    /// @param tls empty for plain TCP
    /// @param password empty when a certificate is the login
    /// @param refusal why the server's certificate was refused, in words for people; empty when it was not
    record Door(Optional<Tls> tls, char[] password, Supplier<String> refusal) {}

    Remote complete(Remote remote) {
        return remote.withUser(user != null ? user : remote.user().isEmpty() ? System.getProperty("user.name", "") : remote.user());
    }

    /// Asks for what is missing.
    ///
    /// @param store where the fingerprints of servers are
    /// @param say tells what people should know
    Door door(Store store, Remote remote, Consumer<String> say) {
        if (fingerprint != null && authorities != null) {
            throw new CommandFailed(ExitCode.USAGE, "give --fingerprint or --ca, not both");
        }
        if (plain) {
            refuseOnPlain(fingerprint, "--fingerprint");
            refuseOnPlain(authorities, "--ca");
            refuseOnPlain(identity, "--identity");
        }
        var own = own();
        var password = own.isPresent()
                ? new char[0]
                : Password.read(passwordFile, "Password of " + remote.user() + " at " + remote.server() + ": ");
        if (plain) {
            return new Door(Optional.empty(), password, () -> "");
        }
        var signers = authorities;
        if (signers != null) {
            var anchors = usage(() -> KeyFiles.certificates(signers));
            return new Door(Optional.of(Tls.client(anchors, remote.host(), own)), password, () -> "");
        }
        var trust = new ServerTrust(store, remote, Optional.ofNullable(fingerprint), say);
        return new Door(Optional.of(Tls.client(trust::accepts, own)), password, trust::refusal);
    }

    private static void refuseOnPlain(@Nullable Object option, String name) {
        if (option != null) {
            throw new CommandFailed(ExitCode.USAGE, name + " proves nothing with --insecure-plain: there are no certificates on plain TCP");
        }
    }

    private Optional<TlsKey> own() {
        var certificate = identity;
        if (certificate == null) {
            if (identityKey != null) {
                throw new CommandFailed(ExitCode.USAGE, "--identity-key needs its certificate: --identity CERT");
            }
            return Optional.empty();
        }
        return Optional.of(key(certificate, identityKey, passwordFile));
    }

    /// The key and the certificate in these files.
    ///
    /// @param key where the key is when it is not in the file of the certificate
    /// @param passwordFile of an encrypted key
    static TlsKey key(Path certificate, @Nullable Path key, @Nullable Path passwordFile) {
        var password = passwordFile == null ? new char[0] : Password.read(passwordFile, "");
        return usage(() -> certificate.toString().endsWith(".p12")
                ? KeyFiles.pkcs12(certificate, password)
                : KeyFiles.pem(certificate, key == null ? certificate : key, password));
    }

    /// A file that the command line names and that is not what it should be.
    static <T> T usage(Supplier<T> read) {
        try {
            return read.get();
        } catch (SessionException.Refused e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), "", "", e);
        }
    }
}
