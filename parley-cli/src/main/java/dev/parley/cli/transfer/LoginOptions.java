package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a client reaches a server, proves who it is, and makes sure who the server is.
class LoginOptions {
    @Option(names = "--user", paramLabel = "NAME", description = "Who you are there (default: what stands before the @, or your name here).")
    private @Nullable String user;

    @Option(names = "--password-file", paramLabel = "FILE", description = "Take the password from the first line of FILE.")
    private @Nullable Path passwordFile;

    @Option(names = "--fingerprint", paramLabel = "SHA256:...",
            description = "The server must have this one. Without it, the first one seen is kept.")
    private @Nullable String fingerprint;

    @Option(names = "--ca", paramLabel = "FILE", description = "The server's certificate must be signed by one of these (PEM).")
    private @Nullable Path authorities;

    @Option(names = "--insecure-plain", description = "Plain TCP: everybody on the way can read and change what is sent.")
    private boolean plain;

    Remote complete(Remote remote) {
        return remote.withUser(user != null ? user : remote.user().isEmpty() ? System.getProperty("user.name", "") : remote.user());
    }

    char[] password(Remote remote) {
        return Password.read(passwordFile, "Password of " + remote.user() + " at " + remote.server() + ": ");
    }

    /// Empty for plain TCP.
    Optional<ServerTrust> trust(Store store, Remote remote, Consumer<String> say) {
        if (plain) {
            if (fingerprint != null && authorities != null) {
                throw new CommandFailed(ExitCode.USAGE, "--ca proves nothing on plain TCP");
            }
            return Optional.empty();
        }
        if (fingerprint != null && authorities != null) {
            throw new CommandFailed(ExitCode.USAGE, "give --fingerprint or --ca, not both");
        }
        return Optional.of(new ServerTrust(store, remote, Optional.ofNullable(fingerprint), Optional.ofNullable(authorities), say));
    }

    static Tls tls(ServerTrust trust) {
        return Tls.client(trust::accepts);
    }
}
