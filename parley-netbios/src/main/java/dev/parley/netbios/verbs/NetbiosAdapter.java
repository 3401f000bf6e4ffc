package dev.parley.netbios.verbs;

import dev.parley.api.SessionException;
import dev.parley.netbios.datagram.DatagramNode;
import dev.parley.netbios.datagram.DatagramService;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.session.SessionServer;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// The NetBIOS interface: names, sessions and datagrams by its verbs, over TCP/IP. Each verb blocks, meant for virtual threads; [#begin] starts
/// one without waiting, and CANCEL is [Pending#cancel]. A verb that fails throws [VerbFailed] with the return code of the interface.
public final class NetbiosAdapter implements AutoCloseable {
    /// The permanent name of the adapter has number 1, so ours begin with 2.
    private static final int FIRST_NAME = 2;
    private static final int LAST_NAME = 254;

    private final Config config;
    private final NameService names;
    private final DatagramNode datagramNode;
    private final Datagrams datagrams;
    private final CalledNames called;
    private final SessionServer server;
    private final Caller caller;
    private final SessionTable sessions = new SessionTable();
    private final Map<Integer, NetbiosName> table = new TreeMap<>();
    private final AtomicInteger resets = new AtomicInteger();
    private volatile boolean closed;

    /// Where the adapter lives.
    ///
    /// @param anyServer whether calls for `*SMBSERVER` reach the first name with the suffix 20
    public record Config(
            NodeConfig node, NameService.Ports names, int datagramPort, int sessionPort, SessionLimits limits, boolean anyServer) {
        /// On the standard ports, which need rights.
        public static Config standard(NodeConfig node, Ipv4 broadcast) {
            return new Config(node, NameService.Ports.standard(broadcast), DatagramService.STANDARD_PORT, 139, SessionLimits.DEFAULT, true);
        }
    }

    /// A call that LISTEN took.
    public record Accepted(int session, NetbiosName remote) {}

    /// What RECEIVE ANY got.
    public record Received(int session, int length) {}

    /// One line of SESSION STATUS.
    public record SessionInfo(int session, NetbiosName local, NetbiosName remote, boolean over, int receives) {}

    private NetbiosAdapter(Config config, NameService names, DatagramNode datagramNode, DatagramService datagrams, CalledNames called,
            SessionServer server) {
        this.config = config;
        this.names = names;
        this.datagramNode = datagramNode;
        this.datagrams = new Datagrams(datagrams);
        this.called = called;
        this.server = server;
        this.caller = new Caller(config.limits(), Optional.of(socket(config.node().address(), 0).getAddress()), config.names().recorder());
    }

    /// @throws IOException among others when the ports need rights that we do not have
    public static NetbiosAdapter open(Config config) throws IOException {
        var address = config.node().address();
        var names = NameService.open(config.node(), config.names(), Optional.empty());
        var at = new Endpoint(address, config.datagramPort());
        var node = new DatagramNode(config.node().type(), at, new SecureRandom().nextInt());
        DatagramService datagrams;
        try {
            DatagramService.Groups groups = config.node().nameServer().isEmpty()
                    ? new DatagramService.Groups.Broadcast() : new DatagramService.Groups.FanOut(names::holdersOf);
            datagrams = DatagramService.open(node, at, config.names().broadcast(), groups, Optional.empty(), config.names().recorder());
        } catch (IOException e) {
            names.close();
            throw e;
        }
        try {
            var called = new CalledNames(config.anyServer(), names::owns);
            var server = SessionServer.listen(socket(address, config.sessionPort()), called, config.limits(), config.names().recorder());
            return new NetbiosAdapter(config, names, node, datagrams, called, server);
        } catch (IOException e) {
            datagrams.close();
            names.close();
            throw e;
        }
    }

    /// ADD NAME: claims a unique name and returns its number.
    public int addName(NetbiosName name) {
        return add(name, false);
    }

    /// ADD GROUP NAME.
    public int addGroupName(NetbiosName name) {
        return add(name, true);
    }

    private int add(NetbiosName name, boolean group) {
        Pending.cannotBeCancelled();
        int number = reserve(name);
        boolean added = false;
        try {
            switch (names.register(name, group)) {
                case Output.Outcome.Registered _ -> {
                    synchronized (datagramNode) {
                        datagramNode.add(name, group);
                    }
                    called.add(name);
                    added = true;
                    return number;
                }
                case Output.Outcome.Denied(Ipv4 by, int rcode) -> throw new VerbFailed(
                        rcode == NamePacket.CONFLICT ? ReturnCode.NAME_CONFLICT : ReturnCode.NAME_IN_USE, name + " at " + by);
                case Output.Outcome other -> throw new VerbFailed(ReturnCode.TIMED_OUT, "claim of " + name + ", " + other);
            }
        } catch (SessionException.Refused e) {
            throw new VerbFailed(ReturnCode.NAME_NOT_FOUND, name.toString(), 0, e);
        } catch (SessionException e) {
            throw new VerbFailed(ReturnCode.SYSTEM_ERROR, "claim of " + name, 0, e);
        } finally {
            if (!added) {
                forget(name);
            }
        }
    }

    private int reserve(NetbiosName name) {
        synchronized (table) {
            if (table.containsValue(name)) {
                throw new VerbFailed(ReturnCode.DUPLICATE_NAME, name.toString());
            }
            for (int number = FIRST_NAME; number <= LAST_NAME; number++) {
                if (table.putIfAbsent(number, name) == null) {
                    return number;
                }
            }
        }
        throw new VerbFailed(ReturnCode.NAME_TABLE_FULL, name.toString());
    }

    private void forget(NetbiosName name) {
        synchronized (table) {
            table.values().remove(name);
        }
    }

    /// DELETE NAME, also of one in conflict; refused while the name has sessions. What waits for calls or messages of the name fails with
    /// `NAME_DELETED`.
    public void deleteName(NetbiosName name) {
        Pending.cannotBeCancelled();
        listed(name);
        if (!sessions.of(Optional.of(name)).isEmpty()) {
            throw new VerbFailed(ReturnCode.NAME_HAS_SESSIONS, name.toString());
        }
        drop(name);
    }

    private void drop(NetbiosName name) {
        called.remove(name);
        synchronized (datagramNode) {
            datagramNode.remove(name);
        }
        forget(name);
        sessions.wake();
        try {
            names.release(name);
        } catch (SessionException e) {
            // Not at the name service any more, or it is closed: the name is gone either way.
        }
    }

    private boolean isListed(NetbiosName name) {
        synchronized (table) {
            return table.containsValue(name);
        }
    }

    private void listed(NetbiosName name) {
        if (!isListed(name)) {
            throw new VerbFailed(ReturnCode.NAME_NOT_FOUND, name.toString());
        }
    }

    private void local(NetbiosName name) {
        listed(name);
        if (!names.owns(name)) {
            throw new VerbFailed(ReturnCode.NAME_CONFLICT, name.toString());
        }
    }

    /// FIND NAME: who has it.
    public List<Resource.Address> findName(NetbiosName name) {
        if (names.query(name) instanceof Output.Outcome.Found found) {
            return found.addresses();
        }
        throw new VerbFailed(ReturnCode.TIMED_OUT, "nobody says that he has " + name);
    }

    /// CALL: returns the session's number. The waits are those of each receive and send of the session; zero is for ever.
    public int call(NetbiosName local, NetbiosName remote, Duration receiveWait, Duration sendWait) {
        local(local);
        if (!sessions.reserve()) {
            throw new VerbFailed(ReturnCode.SESSION_TABLE_FULL, "call of " + remote);
        }
        boolean called = false;
        try {
            var addresses = names.find(remote);
            if (addresses.isEmpty()) {
                throw new VerbFailed(ReturnCode.NO_ANSWER, "call of " + remote);
            }
            var session = reach(addresses, remote, local);
            called = true;
            return sessions.add(session, receiveWait, sendWait).number;
        } catch (SessionException | Caller.CallRefused e) {
            throw new VerbFailed(Codes.ofCall(e), "call of " + remote, 0, e);
        } finally {
            if (!called) {
                sessions.unreserve();
            }
        }
    }

    /// Calls at the first of the addresses where somebody takes the connection.
    private NetbiosSession reach(List<Ipv4> addresses, NetbiosName remote, NetbiosName local) {
        for (var address : addresses.subList(0, addresses.size() - 1)) {
            try {
                return caller.call(socket(address, config.sessionPort()), remote, local);
            } catch (SessionException.ConnectionLost e) {
                // A multihomed host, or a group: the next may be reached.
            }
        }
        return caller.call(socket(addresses.getLast(), config.sessionPort()), remote, local);
    }

    /// LISTEN: waits for a call of the name, from anybody when no remote name is given. Many may wait; those for one caller come first.
    public Accepted listen(NetbiosName local, Optional<NetbiosName> remote, Duration receiveWait, Duration sendWait) {
        local(local);
        return new OneCall(called, local, remote, sessions).await(receiveWait, sendWait);
    }

    /// SEND.
    public void send(int session, ByteBuffer message) {
        Sending.send(sessions, sessions.find(session), message, ByteBuffer.allocate(0));
    }

    /// CHAIN SEND: two buffers, one message.
    public void chainSend(int session, ByteBuffer first, ByteBuffer second) {
        Sending.send(sessions, sessions.find(session), first, second);
    }

    /// RECEIVE: the next message of the session, and how long it is.
    ///
    /// @throws VerbFailed `MESSAGE_INCOMPLETE` when the buffer is full and the message is not at its end
    public int receive(int session, ByteBuffer into) {
        return sessions.receive(session, into);
    }

    /// RECEIVE ANY: the next message of any session of the local name, or of all when none is given. An end of a session comes as an exception
    /// that has the session's number.
    public Received receiveAny(Optional<NetbiosName> local, ByteBuffer into, Duration wait) {
        local.ifPresent(this::listed);
        int before = resets.get();
        return sessions.receiveAny(local, into, wait, () -> stopped(local, before));
    }

    /// HANG UP: what was sent arrives; receives under way end with `SESSION_CLOSED`.
    public void hangUp(int session) {
        Pending.cannotBeCancelled();
        var entry = sessions.find(session);
        sessions.remove(entry);
        entry.session.release();
    }

    /// SESSION STATUS of one name, or of all.
    public List<SessionInfo> sessionStatus(Optional<NetbiosName> local) {
        return sessions.of(local).stream()
                .map(e -> new SessionInfo(e.number, e.session.local(), e.session.remote(), e.isOver(), e.receivers())).toList();
    }

    /// SEND DATAGRAM, to a unique name or to a group.
    public void sendDatagram(NetbiosName local, NetbiosName remote, ByteBuffer data) {
        Pending.cannotBeCancelled();
        local(local);
        Codes.datagram(data, () -> {
            var holders = findName(remote);
            if (holders.getFirst().group()) {
                datagrams.service().sendToGroup(local, remote, data);
            } else {
                datagrams.service().send(local, remote, new Endpoint(holders.getFirst().address(), config.datagramPort()), data);
            }
        });
    }

    /// SEND BROADCAST DATAGRAM.
    public void sendBroadcastDatagram(NetbiosName local, ByteBuffer data) {
        Pending.cannotBeCancelled();
        local(local);
        Codes.datagram(data, () -> datagrams.service().sendToAll(local, data));
    }

    /// RECEIVE DATAGRAM: the next one to the local name, or to any.
    public DatagramNode.Received receiveDatagram(Optional<NetbiosName> local, Duration wait) {
        local.ifPresent(this::listed);
        int before = resets.get();
        return datagrams.receive(local, false, wait, () -> stopped(local, before));
    }

    /// Why nothing comes any more for a name, or for all.
    private Optional<ReturnCode> stopped(Optional<NetbiosName> local, int resetsBefore) {
        return local.filter(n -> !isListed(n)).map(_ -> ReturnCode.NAME_DELETED)
                .or(() -> closed || resets.get() != resetsBefore ? Optional.of(ReturnCode.CANCELLED) : Optional.empty());
    }

    /// RECEIVE BROADCAST DATAGRAM.
    public DatagramNode.Received receiveBroadcastDatagram(Duration wait) {
        int before = resets.get();
        return datagrams.receive(Optional.empty(), true, wait, () -> stopped(Optional.empty(), before));
    }

    /// ADAPTER STATUS of this one.
    public Resource.Status adapterStatus() {
        return names.ownStatus();
    }

    /// ADAPTER STATUS of the host that has a name.
    public Resource.Status adapterStatus(NetbiosName remote) {
        for (var host : names.find(remote)) {
            if (names.status(host, remote) instanceof Output.Outcome.StatusOf of) {
                return of.status();
            }
        }
        throw new VerbFailed(ReturnCode.TIMED_OUT, "no status of " + remote);
    }

    /// RESET: drops all sessions and names; what waits for something fails.
    public void reset() {
        Pending.cannotBeCancelled();
        for (var entry : sessions.of(Optional.empty())) {
            sessions.remove(entry);
            entry.session.abort("reset");
        }
        List<NetbiosName> all;
        synchronized (table) {
            all = List.copyOf(table.values());
        }
        all.forEach(this::drop);
        resets.incrementAndGet();
        sessions.wake();
    }

    /// Begins a verb without waiting for it.
    public <T> Pending<T> begin(Function<NetbiosAdapter, T> verb) {
        return new Pending<>(() -> verb.apply(this)).start();
    }

    private static InetSocketAddress socket(Ipv4 address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.octets()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        sessions.of(Optional.empty()).forEach(e -> e.session.abort("the adapter is closed"));
        called.removeAll();
        sessions.wake();
        server.close();
        datagrams.service().close();
        names.close();
    }
}
