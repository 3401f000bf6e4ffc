package dev.parley.cli.osi;

import dev.parley.api.AddressText;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.osi.user.OsiProtocol;
import java.net.InetSocketAddress;

/// `HOST`, `HOST:PORT`, `[ADDRESS]:PORT` or `:PORT`; without a port it is 102.
final class Endpoint {
    private Endpoint() {}

    static InetSocketAddress of(String text) {
        int colon = text.lastIndexOf(':');
        boolean bare = colon < 0 || text.endsWith("]") || text.indexOf(':') != colon && !text.startsWith("[");
        var host = (bare ? text : text.substring(0, colon)).replaceAll("^\\[|]$", "");
        var port = bare ? String.valueOf(OsiProtocol.PORT) : text.substring(colon + 1);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xFFFF) {
            throw new CommandFailed(ExitCode.USAGE, "expected HOST:PORT, not " + text);
        }
        var address = host.isEmpty() ? new InetSocketAddress(Integer.parseInt(port)) : new InetSocketAddress(host, Integer.parseInt(port));
        if (address.isUnresolved()) {
            throw new CommandFailed(ExitCode.LOST, "there is no host " + host);
        }
        return address;
    }

    static String words(InetSocketAddress address) {
        return AddressText.of(address);
    }
}
