package dev.parley.netbios.socket;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.RawSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;

/// Makes sockets whose "host" is a NetBIOS name, or an IPv4 address. Give it to an SMB library as its socket factory; the port that the
/// library asks for (445) is replaced by that of the session service.
public final class NetbiosSockets extends SocketFactory {
    public static final int SESSION_PORT = SessionServer.STANDARD_PORT;

    private final Resolver resolver;
    private final NetbiosName calling;
    private final int port;
    private final SessionLimits limits;
    private final Optional<NetbiosName> called;
    private final Optional<InetAddress> from;
    private final Recorder recorder;
    private final Caller caller;

    /// Who knows the names of the network.
    public interface Resolver {
        /// The hosts of a name, in the order to try them.
        List<Ipv4> find(NetbiosName name);

        /// The name of the file server at an address, asked for when it does not answer to `*SMBSERVER`.
        Optional<NetbiosName> fileServerAt(Ipv4 address);

        static Resolver of(NameService names) {
            return new Resolver() {
                @Override
                public List<Ipv4> find(NetbiosName name) {
                    return names.find(name);
                }

                @Override
                public Optional<NetbiosName> fileServerAt(Ipv4 address) {
                    return names.fileServerAt(address);
                }
            };
        }
    }

    public NetbiosSockets(Resolver resolver, NetbiosName calling, int port, SessionLimits limits) {
        this(resolver, calling, port, limits, Optional.empty(), Optional.empty(), Recorder.NONE);
    }

    private NetbiosSockets(Resolver resolver, NetbiosName calling, int port, SessionLimits limits, Optional<NetbiosName> called,
            Optional<InetAddress> from, Recorder recorder) {
        this.called = called;
        this.from = from;
        this.recorder = recorder;
        this.resolver = resolver;
        this.calling = calling;
        this.port = port;
        this.limits = limits;
        this.caller = new Caller(limits, from, recorder);
    }

    Resolver resolver() {
        return resolver;
    }

    Duration keepAlive() {
        return limits.keepAlive();
    }

    /// The same, but whatever address a library asks for, this name is called there: for those that know the address already.
    public NetbiosSockets calling(NetbiosName name) {
        return new NetbiosSockets(resolver, calling, port, limits, Optional.of(name), from, recorder);
    }

    /// The same, but the calls come from this local address.
    public NetbiosSockets from(InetAddress local) {
        return new NetbiosSockets(resolver, calling, port, limits, called, Optional.of(local), recorder);
    }

    /// The same, but what crosses the connections is told to a recorder.
    public NetbiosSockets recordedBy(Recorder other) {
        return new NetbiosSockets(resolver, calling, port, limits, called, from, other);
    }

    RawSession call(String host) throws UnknownHostException {
        if (host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+")) {
            return call(Ipv4.of(host), called.orElse(NetbiosName.ANY_SERVER));
        }
        var name = NetbiosName.parse(host, Suffix.FILE_SERVER.octet());
        var addresses = resolver.find(name);
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
            if (e.refusal() != Refusal.CALLED_NAME_NOT_PRESENT) {
                throw e;
            }
            // A host that goes by another name today answers to `*SMBSERVER`; one that does not know that, to what its status says.
            var other = called.equals(NetbiosName.ANY_SERVER) ? resolver.fileServerAt(address) : Optional.of(NetbiosName.ANY_SERVER);
            return caller.callRaw(target, other.orElseThrow(() -> e), calling);
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
