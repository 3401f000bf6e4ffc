package dev.parley.cli.h323;

import dev.parley.api.AddressText;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.h323.Settings;
import dev.parley.h323.wire.AliasKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Whom to call: `[h323:][ALIAS@]HOST[:PORT]`, or a name that a gatekeeper knows.
///
/// @param text as it was written
/// @param name what a gatekeeper is asked for; empty when the text says where to call: by an address or a port, or as `h323:ALIAS@HOST`
/// @param alias whom to ask for there; empty for whoever answers
/// @param host empty when the text can be nothing but a name
record CallTarget(String text, String name, String alias, String host, int port) {
    static final CallTarget NOBODY = new CallTarget("", "", "", "", 0);

    /// What is no host with a port: `tel:+4912345`, `party:e164Number.internationalNumber:4912345`, `sip:bob`.
    private static final Pattern URL = Pattern.compile("(tel|party|isup|mobile|transport):.+|[A-Za-z][A-Za-z0-9+.-]*:(?!\\d{1,5}$).+");
    /// IPv4, or IPv6 in brackets, with a port or without, or IPv6.
    private static final Pattern LITERAL = Pattern.compile(
            "(\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*");

    /// @param aliases whom; none for whoever answers
    /// @param address where, when that is known
    record Destination(List<String> aliases, Optional<InetSocketAddress> address) {}

    /// @param gatekeeper whether one is asked, so that a name is enough
    /// @param unknown how the command ends when nobody knows the host
    /// @throws CommandFailed when it is not known where to call
    Destination destination(boolean gatekeeper, ExitCode unknown) {
        if (gatekeeper && !name.isEmpty()) {
            return new Destination(List.of(name), Optional.empty());
        }
        if (host.isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "only a gatekeeper can find " + text + ": give --gatekeeper, or " + text + "@HOST");
        }
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new CommandFailed(unknown, "the host " + host + " is unknown" + (!gatekeeper && !name.isEmpty() && alias.isEmpty()
                    ? "; who is called by a name alone is found by a gatekeeper: give --gatekeeper HOST, or " + name + "@HOST" : ""));
        }
        return new Destination(alias.isEmpty() ? List.of() : List.of(alias), Optional.of(address));
    }

    /// The same with a gatekeeper. `bob@HOST` is whom it knows by that address of mail, and at its own host, by whichever name, also whom it knows
    /// as bob (the user and the host of RFC 3508).
    Destination destinationAt(String gatekeeperHost, ExitCode unknown) {
        boolean isThere = !name.isEmpty() && !alias.isEmpty()
                && (host.equalsIgnoreCase(gatekeeperHost) || !Collections.disjoint(addresses(host), addresses(gatekeeperHost)));
        return isThere ? new Destination(List.of(name, alias), Optional.empty()) : destination(true, unknown);
    }

    /// None of a host that nobody knows: addresses of mail are not always hosts.
    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /// The address that an option names.
    ///
    /// @param unknown how the command ends when nobody knows the host
    /// @throws CommandFailed when it is no address, or the host is unknown
    static InetSocketAddress address(String option, String hostAndPort, int usualPort, ExitCode unknown) {
        var parsed = parse(option, hostAndPort, usualPort);
        var address = new InetSocketAddress(parsed.getHostString(), parsed.getPort());
        if (address.isUnresolved()) {
            throw new CommandFailed(unknown, option + " " + hostAndPort + ": the host " + address.getHostString()
                    + " is unknown; give its address, such as 192.0.2.1:" + usualPort + " or [2001:db8::1]:" + usualPort);
        }
        return address;
    }

    /// The host that an option names.
    ///
    /// @throws CommandFailed when it is no address
    static String host(String option, String hostAndPort) {
        return parse(option, hostAndPort, 0).getHostString();
    }

    private static InetSocketAddress parse(String option, String hostAndPort, int usualPort) {
        try {
            return parse(hostAndPort, usualPort);
        } catch (TypeConversionException e) {
            throw new CommandFailed(ExitCode.USAGE, option + ": " + e.getMessage() + "; a port is 0 to 65535", "", "", e);
        }
    }

    /// As an option takes it.
    static String words(InetSocketAddress address) {
        return AddressText.of(address);
    }

    private static InetSocketAddress parse(String hostAndPort, int usualPort) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > 0 && hostAndPort.indexOf(']') < colon && hostAndPort.indexOf(':') == colon || hostAndPort.contains("]:");
        try {
            int port = hasPort ? Integer.parseInt(hostAndPort.substring(colon + 1)) : usualPort;
            var host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
            if (!host.isEmpty()) {
                return InetSocketAddress.createUnresolved(host, port);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new TypeConversionException("expected HOST[:PORT], not " + (hostAndPort.isEmpty() ? "nothing" : hostAndPort));
    }

    static final class Converter implements ITypeConverter<CallTarget> {
        @Override
        public CallTarget convert(String text) {
            boolean h323 = text.startsWith("h323:");
            var rest = h323 ? text.substring(5) : text;
            int at = rest.lastIndexOf('@');
            if (at == 0) {
                throw new TypeConversionException("expected ALIAS@HOST, not " + rest + ", which has no alias");
            }
            var place = rest.substring(at + 1);
            boolean literal = LITERAL.matcher(place).matches();
            if (at < 0 && !literal && URL.matcher(rest).matches()) {
                return new CallTarget(text, new Name().convert(rest), "", "", 0);
            }
            var address = parse(place, Settings.PORT);
            boolean saysWhere = literal || place.contains(":") || h323 && at >= 0;
            return new CallTarget(text, saysWhere ? "" : new Name().convert(rest), at < 0 ? "" : new Name().convert(rest.substring(0, at)),
                    address.getHostString(), address.getPort());
        }
    }

    /// A name of our own: as [Name], but there must be one.
    static final class OwnName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isEmpty()) {
                throw new TypeConversionException("expected a name, not nothing");
            }
            return new Name().convert(text);
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
