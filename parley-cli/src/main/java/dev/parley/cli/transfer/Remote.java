package dev.parley.cli.transfer;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The other side as people write it: `[USER@]HOST[:PORT][/PATH]`. An IPv6 address stands in brackets.
///
/// @param user empty when it is not said
/// @param path below the served folder, without the slash before it; empty for the folder itself
record Remote(String user, String host, int port, String path) {
    static final int DEFAULT_PORT = 7225;

    private static final Pattern FORM = Pattern.compile(
            "(?:([^@/:]+)@)?(\\[[0-9a-fA-F:.]+(?:%[\\w.-]+)?]|[^\\[\\]@/:]+)(?::(\\d{1,5}))?(?:/(.*))?", Pattern.DOTALL);

    /// @throws IllegalArgumentException with words
    static Remote of(String text) {
        var match = FORM.matcher(text);
        int port = match.matches() && match.group(3) != null ? Integer.parseInt(match.group(3)) : DEFAULT_PORT;
        if (!match.matches() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("expected [USER@]HOST[:PORT][/PATH], not '" + text + "'");
        }
        return new Remote(
                match.group(1) == null ? "" : match.group(1), match.group(2).replaceAll("[\\[\\]]", ""), port,
                match.group(4) == null ? "" : match.group(4).replaceAll("/+$", ""));
    }

    Remote withUser(String name) {
        return new Remote(name, host, port, path);
    }

    /// Host and port as they stand in a command line.
    String server() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /// All of it as it stands in a command line.
    String text() {
        return (user.isEmpty() ? "" : user + "@") + server() + (path.isEmpty() ? "" : "/" + path);
    }

    /// Not resolved yet: a name may mean another address at each attempt.
    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /// For picocli.
    static final class Converter implements ITypeConverter<Remote> {
        @Override
        public Remote convert(String text) {
            try {
                return of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
