package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.share.RemoteShare;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where a share is, and who logs in there.
final class ShareOptions {
    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(names = {"-u", "--user"}, paramLabel = "[DOMAIN/]USER", description = "Log in as this user (default: guest).")
    private Optional<String> user = Optional.empty();

    @Option(names = "--password-file", paramLabel = "FILE", description = "The password is the first line of this file (default: it is asked for).")
    private Optional<Path> passwordFile = Optional.empty();

    /// `//NAME/SHARE[/PATH]`.
    record Address(String host, String share, String path) {
        static Address of(String text) {
            var cut = text.replace('\\', '/').split("/", 5);
            if (cut.length < 4 || !cut[0].isEmpty() || !cut[1].isEmpty() || cut[2].isEmpty() || cut[3].isEmpty()) {
                throw new CommandFailed(ExitCode.USAGE, "expected //NAME/SHARE or //NAME/SHARE/PATH, not " + text);
            }
            return new Address(cut[2], cut[3], cut.length > 4 ? cut[4] : "");
        }
    }

    int recorded(Terminal terminal, Callable<Integer> command) throws Exception {
        return network.recorded(terminal, command);
    }

    RemoteShare open(Address address, Terminal terminal) throws IOException {
        try (var names = network.asking()) {
            var asked = NetworkOptions.address(address.host());
            var name = asked.isPresent()
                    ? names.fileServerAt(asked.get()).orElse(NetbiosName.ANY_SERVER)
                    : network.name(address.host(), Suffix.FILE_SERVER.octet());
            var host = asked.orElseGet(() -> NetworkOptions.host(names, name));
            var share = RemoteShare.open(network.sockets(names), host, name, address.share(), login(), Duration.ofSeconds(network.waitSeconds));
            terminal.detail(name + " at " + host + ": " + share.agreed());
            return share;
        } catch (RemoteShare.ServerSays e) {
            throw failed(e);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.LOST, String.valueOf(e.getMessage()), "", "", e);
        }
    }

    static CommandFailed failed(RemoteShare.ServerSays e) {
        return switch (e.what()) {
            case NO_ENTRY -> new CommandFailed(ExitCode.REFUSED, e.getMessage() + ": is it the right --user, and the right password?", "", "", e);
            case MISSING -> new CommandFailed(ExitCode.SOURCE, String.valueOf(e.getMessage()), "", "", e);
            case EXISTS -> new CommandFailed(ExitCode.OTHER, e.getMessage() + ": --replace replaces it", "", "", e);
            case FULL -> new CommandFailed(ExitCode.LIMIT, String.valueOf(e.getMessage()), "", "", e);
            case OTHER -> new CommandFailed(ExitCode.OTHER, String.valueOf(e.getMessage()), "", "", e);
        };
    }

    private Optional<RemoteShare.Login> login() throws IOException {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        var cut = user.get().replace('\\', '/').split("/", 2);
        return Optional.of(new RemoteShare.Login(cut[cut.length - 1], password(), cut.length == 2 ? cut[0] : ""));
    }

    private char[] password() throws IOException {
        if (passwordFile.isPresent()) {
            try (var lines = Files.lines(passwordFile.get())) {
                return lines.findFirst().orElse("").toCharArray();
            }
        }
        var console = System.console();
        var typed = console == null ? null : console.readPassword("Password: ");
        if (typed == null) {
            throw new CommandFailed(ExitCode.USAGE, "a password is needed: --password-file");
        }
        return typed;
    }
}
