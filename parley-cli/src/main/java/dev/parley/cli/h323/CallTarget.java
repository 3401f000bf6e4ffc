package dev.parley.cli.h323;

import dev.parley.h323.Settings;
import dev.parley.h323.wire.AliasKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Whom to call: `[h323:][ALIAS@]HOST[:PORT]`.
///
/// @param alias whom to ask for there; empty for whoever answers
record CallTarget(String alias, String host, int port) {
    List<String> aliases() {
        return alias.isEmpty() ? List.of() : List.of(alias);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    static InetSocketAddress address(String hostAndPort, int usualPort) {
        var parsed = parse(hostAndPort, usualPort);
        return new InetSocketAddress(parsed.getHostString(), parsed.getPort());
    }

    private static InetSocketAddress parse(String hostAndPort, int usualPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > 0 && hostAndPort.indexOf(']') < colon && hostAndPort.indexOf(':') == colon || hostAndPort.contains("]:");
        try {
            int port = hasPort ? Integer.parseInt(hostAndPort.substring(colon + 1)) : usualPort;
            var host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
            return InetSocketAddress.createUnresolved(host.isEmpty() ? InetAddress.getLoopbackAddress().getHostAddress() : host, port);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("expected HOST[:PORT], not " + hostAndPort);
        }
    }

    static final class Converter implements ITypeConverter<CallTarget> {
        @Override
        public CallTarget convert(String text) {
            var rest = text.startsWith("h323:") ? text.substring(5) : text;
            int at = rest.lastIndexOf('@');
            // Not looked up: with a gatekeeper it is an alias.
            var address = parse(rest.substring(at + 1), Settings.PORT);
            return new CallTarget(at < 0 ? "" : new Name().convert(rest.substring(0, at)), address.getHostString(), address.getPort());
        }
    }

    /// A name that H.225.0 has room for; nothing stands for none.
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!text.isEmpty() && AliasKind.of(text).isEmpty()) {
                throw new TypeConversionException(AliasKind.refusal(text));
            }
            return text;
        }
    }
}
