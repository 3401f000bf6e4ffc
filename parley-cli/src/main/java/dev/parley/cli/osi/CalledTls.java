package dev.parley.cli.osi;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Terminal;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.Identity;
import dev.parley.session.login.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// TLS of the called side: a certificate that the user brings, or one that lives as long as the command.
final class CalledTls {
    @Option(names = "--tls", description = "RFC 1006 inside TLS 1.3, with a new self-signed certificate unless --certificate names one.")
    private boolean tls;

    @Option(names = "--certificate", paramLabel = "FILE", description = "Certificate and those that vouch for it (PEM); with --key.")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "The certificate's key (PEM, not encrypted).")
    private Optional<Path> key = Optional.empty();

    OsiProtocol applied(OsiProtocol protocol, Terminal terminal) throws IOException {
        if (certificate.isPresent() != key.isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "--certificate and --key go together");
        }
        if (!tls && certificate.isEmpty()) {
            return protocol;
        }
        var identity = certificate.isPresent()
                ? Identity.of(KeyFiles.pem(certificate.get(), key.get(), new char[0]))
                : passing();
        terminal.say("fingerprint " + identity.fingerprint());
        terminal.tell(Terminal.event("fingerprint").put("fingerprint", identity.fingerprint()));
        return protocol.over(Tls.server(new TlsKey(identity.key(), identity.chain())));
    }

    private static Identity passing() throws IOException {
        var folder = Files.createTempDirectory("parley-osi");
        try {
            return Identity.in(folder);
        } finally {
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
