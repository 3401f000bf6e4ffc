package dev.parley.transfer.engine;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The address of a server, asked for at each attempt: its name may mean another one now.
final class Resolved {
    private Resolved() {}

    static InetSocketAddress of(InetSocketAddress given) throws UnknownHostException {
        var found = given.isUnresolved() ? new InetSocketAddress(given.getHostString(), given.getPort()) : given;
        if (found.isUnresolved()) {
            throw new UnknownHostException("no address is known for " + given.getHostString());
        }
        return found;
    }
}
