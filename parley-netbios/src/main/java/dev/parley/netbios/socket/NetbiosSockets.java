package dev.parley.netbios.socket;

import dev.parley.api.SessionException;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.RawSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import javax.net.SocketFactory;

/// Makes sockets whose "host" is a NetBIOS name, or an IPv4 address. Give it to an SMB library as its socket factory; the port that the
/// library asks for (445) is replaced by that of the session service.
public final class NetbiosSockets extends SocketFactory {
    public static final int SESSION_PORT = 139;

    private final Function<NetbiosName, List<Ipv4>> resolver;
    private final NetbiosName calling;
    private final int port;
    private final Caller caller;

    /// @param resolver finds the addresses of a name, such as `NameService::find`
    public NetbiosSockets(Function<NetbiosName, List<Ipv4>> resolver, NetbiosName calling, int port, SessionLimits limits) {
        this.resolver = resolver;
        this.calling = calling;
        this.port = port;
        this.caller = new Caller(limits);
    }

    RawSession call(String host) throws UnknownHostException {
        if (host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
            return call(Ipv4.of(host), NetbiosName.ANY_SERVER);
        }
        var name = NetbiosName.parse(host, Suffix.FILE_SERVER.octet());
        var addresses = resolver.apply(name);
        if (addresses.isEmpty()) {
            throw new UnknownHostException("nobody has the NetBIOS name " + name);
        }
        SessionException.ConnectionLost last = new SessionException.ConnectionLost("no address of " + name + " was tried");
        for (var address : addresses) {
            try {
                return call(address, name);
            } catch (SessionException.ConnectionLost e) {
                last = e;
            }
        }
        throw last;
    }

    private RawSession call(Ipv4 address, NetbiosName called) throws UnknownHostException {
        var target = new InetSocketAddress(InetAddress.getByAddress(address.octets()), port);
        try {
            return caller.callRaw(target, called, calling);
        } catch (Caller.CallRefused e) {
            // A host that goes by another name today; `*SMBSERVER` is what everybody tries then.
            if (e.refusal() == Refusal.CALLED_NAME_NOT_PRESENT && !called.equals(NetbiosName.ANY_SERVER)) {
                return caller.callRaw(target, NetbiosName.ANY_SERVER, calling);
            }
            throw e;
        }
    }

    @Override
    public Socket createSocket() throws IOException {
        return new SessionSocket(this);
    }

    @Override
    public Socket createSocket(String host, int ignoredPort) throws IOException {
        var socket = new SessionSocket(this);
        socket.call(host);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int ignoredPort, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, ignoredPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int ignoredPort) throws IOException {
        return createSocket(host.getHostAddress(), ignoredPort);
    }

    @Override
    public Socket createSocket(InetAddress address, int ignoredPort, InetAddress localAddress, int localPort) throws IOException {
        return createSocket(address, ignoredPort);
    }
}
