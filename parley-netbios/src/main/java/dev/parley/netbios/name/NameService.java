package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A node, and a name server where one is wanted, on UDP and TCP. Virtual threads read and watch the time; a lock lets one of them at a time into
/// the pure cores.
public final class NameService implements AutoCloseable {
    /// Where to listen and to send.
    ///
    /// @param localPort 137 to be found by others; 0 for a mere client
    /// @param peerPort 137
    /// @param broadcast where broadcasts go to and, unless the local port is 0, come from
    /// @param recorder what crosses the network is told to
    public record Ports(int localPort, int peerPort, Ipv4 broadcast, Recorder recorder) {
        public static final int STANDARD = 137;

        public Ports(int localPort, int peerPort, Ipv4 broadcast) {
            this(localPort, peerPort, broadcast, Recorder.NONE);
        }

        public static Ports standard(Ipv4 broadcast) {
            return new Ports(STANDARD, STANDARD, broadcast);
        }

        public static Ports client(Ipv4 broadcast) {
            return new Ports(0, STANDARD, broadcast);
        }
    }

    private static final long WAIT_SECONDS = 180;
    private static final int LARGEST = 4_096;

    private final NameNode node;
    private final Optional<NameServer> server;
    private final Ports ports;
    private final Optional<Endpoint> nameServer;
    private final NameSockets sockets;
    private volatile Optional<NameTcp> tcp = Optional.empty();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, CompletableFuture<Output.Outcome>> waiting = new HashMap<>();
    private final long wallStart = System.currentTimeMillis();
    private final long nanoStart = System.nanoTime();
    private long wakesAt;
    private volatile Consumer<Output.Lost> onLost = _ -> { };
    private volatile boolean closed;
    private volatile long malformed;

    private NameService(
            NameNode node, Optional<NameServer> server, Ports ports, NameSockets sockets, Optional<Endpoint> nameServer) {
        this.node = node;
        this.server = server;
        this.ports = ports;
        this.sockets = sockets;
        this.nameServer = nameServer;
    }

    /// Opens the sockets on the node's own address.
    ///
    /// @throws IOException among others when the port needs rights that we do not have
    public static NameService open(NodeConfig config, Ports ports, Optional<NameServer> server) throws IOException {
        var local = InetAddress.getByAddress(config.address().octets());
        var sockets = NameSockets.open(config.address(), ports);
        var service = new NameService(new NameNode(config, new java.security.SecureRandom()), server, ports, sockets, config.nameServer());
        if (ports.localPort() != 0) {
            try {
                service.tcp = Optional.of(NameTcp.listen(
                        new InetSocketAddress(local, ports.localPort()), service::answerOverTcp, ports.recorder()));
            } catch (IOException e) {
                service.close();
                throw e;
            }
        }
        Thread.ofVirtual().name("netbios-names").start(() -> service.read(sockets.own()));
        sockets.broadcasts().ifPresent(b -> Thread.ofVirtual().name("netbios-broadcasts").start(() -> service.read(b)));
        Thread.ofVirtual().name("netbios-name-timers").start(service::watchTime);
        return service;
    }

    public int port() {
        return sockets.own().getLocalPort();
    }

    /// Called when a name is taken from us; must not block.
    public void onLost(Consumer<Output.Lost> listener) {
        onLost = listener;
    }

    public Output.Outcome register(NetbiosName name, boolean group) {
        try {
            return await(now -> node.register(name, group, now));
        } catch (SessionException.ConnectionLost e) {
            giveUp(name);
            throw e;
        }
    }

    /// Nobody waits any more for the outcome of a claim.
    private void giveUp(NetbiosName name) {
        lock.lock();
        try {
            if (!closed && node.has(name)) {
                node.release(name, now());
                perform();
            }
        } finally {
            lock.unlock();
        }
    }

    public Output.Outcome release(NetbiosName name) {
        return await(now -> node.release(name, now));
    }

    /// `Found`, `Unknown` or `NoAnswer`. What did not fit a datagram is fetched over TCP.
    public Output.Outcome query(NetbiosName name) {
        var outcome = await(now -> node.query(name, now));
        if (!(outcome instanceof Output.Outcome.Found found) || !found.truncated()) {
            return outcome;
        }
        return whole(found.by(), NamePacket.query(questionId(), name, false))
                .filter(r -> r.data() instanceof Resource.Addresses a && !a.addresses().isEmpty())
                .<Output.Outcome>map(r -> new Output.Outcome.Found(((Resource.Addresses) r.data()).addresses(), found.by(), false))
                .orElse(outcome);
    }

    /// `StatusOf` or `NoAnswer`.
    public Output.Outcome status(Ipv4 host, NetbiosName name) {
        var outcome = await(now -> node.status(new Endpoint(host, ports.peerPort()), name, now));
        if (!(outcome instanceof Output.Outcome.StatusOf status) || !status.truncated()) {
            return outcome;
        }
        return whole(host, NamePacket.statusRequest(questionId(), name)).filter(r -> r.data() instanceof Resource.Status)
                .<Output.Outcome>map(r -> new Output.Outcome.StatusOf((Resource.Status) r.data(), host, false)).orElse(outcome);
    }

    private static int questionId() {
        return ThreadLocalRandom.current().nextInt(0x1_0000);
    }

    private Optional<Resource> whole(Ipv4 host, NamePacket question) {
        int port = nameServer.filter(s -> s.address().equals(host)).map(Endpoint::port).orElse(ports.peerPort());
        return NameTcp.fetch(new Endpoint(host, port), question, ports.recorder());
    }

    private Optional<NamePacket> answerOverTcp(NamePacket question) {
        return locked(() -> asksServer(question) ? server.flatMap(s -> s.answer(question, now())) : node.answer(question));
    }

    /// The addresses that a session can be tried at; empty when nobody has the name.
    public List<Ipv4> find(NetbiosName name) {
        return query(name) instanceof Output.Outcome.Found found
                ? found.addresses().stream().map(Resource.Address::address).filter(Ipv4::isHost).distinct().toList()
                : List.of();
    }

    /// The hosts that the name server here knows in a scope.
    public Set<Ipv4> hosts(String scope) {
        return registered().entrySet().stream().filter(e -> e.getKey().scope().equals(scope))
                .flatMap(e -> e.getValue().addresses().stream()).map(Resource.Address::address).collect(Collectors.toSet());
    }

    /// All addresses of a name as they are told, for groups: some servers tell that of a broadcast instead of the members.
    public List<Ipv4> holdersOf(NetbiosName name) {
        return query(name) instanceof Output.Outcome.Found found ? found.addresses().stream().map(Resource.Address::address).toList() : List.of();
    }

    public boolean owns(NetbiosName name) {
        return locked(() -> node.owns(name));
    }

    /// What a status request would be answered with.
    public Resource.Status ownStatus() {
        var answer = locked(() -> node.answer(NamePacket.statusRequest(0, NetbiosName.WILDCARD)));
        return (Resource.Status) answer.orElseThrow().answer().orElseThrow().data();
    }

    /// The file server name of a host, from its status.
    public Optional<NetbiosName> fileServerAt(Ipv4 host) {
        return status(host, NetbiosName.WILDCARD) instanceof Output.Outcome.StatusOf of
                ? of.status().names().stream().filter(n -> n.name().suffix() == Suffix.FILE_SERVER.octet() && !n.group())
                        .map(Resource.StatusName::name).findFirst()
                : Optional.empty();
    }

    /// What the name server here knows; empty without one.
    public Map<NetbiosName, Registry.Entry> registered() {
        return locked(() -> server.map(s -> s.names(now())).orElse(Map.of()));
    }

    /// The hosts that hold a name at the name server here.
    public List<Ipv4> holders(NetbiosName name) {
        return locked(() -> server.map(s -> s.holders(name, now())).orElse(List.of()));
    }

    public List<NetbiosName> owned() {
        return locked(node::owned);
    }

    /// Packets that were no answer to anything, forged or could not be read.
    public long ignored() {
        return malformed + locked(() -> node.ignored() + server.map(NameServer::ignored).orElse(0L));
    }

    private <T> T locked(java.util.function.Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private interface Start {
        long at(long now);
    }

    private Output.Outcome await(Start start) {
        var future = new CompletableFuture<Output.Outcome>();
        long ticket;
        lock.lock();
        try {
            if (closed) {
                throw new SessionException.OutOfSequence("the name service is closed");
            }
            ticket = start.at(now());
            waiting.put(ticket, future);
            perform();
        } finally {
            lock.unlock();
        }
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.ConnectionLost("interrupted while waiting for the name service", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new SessionException.ConnectionLost("the name service gave no answer", e);
        } finally {
            locked(() -> waiting.remove(ticket));
        }
    }

    /// Wall time that never jumps: expiry times in the journal must mean something after a restart.
    private long now() {
        return wallStart + (System.nanoTime() - nanoStart) / 1_000_000;
    }

    private void perform() {
        node.drain().forEach(this::perform);
        server.ifPresent(s -> s.drain().forEach(this::perform));
        if (nextDeadline() < wakesAt) {
            changed.signalAll();
        }
    }

    private long nextDeadline() {
        return Math.min(node.nextDeadline(), server.map(NameServer::nextDeadline).orElse(Long.MAX_VALUE));
    }

    private void perform(Output output) {
        switch (output) {
            case Output.Send send -> send(send);
            case Output.Done done -> Optional.ofNullable(waiting.remove(done.ticket())).ifPresent(f -> f.complete(done.outcome()));
            case Output.Lost lost -> onLost.accept(lost);
        }
    }

    private void send(Output.Send send) {
        var octets = NamePacketCodec.encodeForUdp(send.packet());
        var to = send.to().orElse(new Endpoint(ports.broadcast(), ports.peerPort()));
        try {
            sockets.own().send(new DatagramPacket(octets.array(), octets.remaining(),
                    InetAddress.getByAddress(to.address().octets()), to.port() == 0 ? ports.peerPort() : to.port()));
        } catch (IOException e) {
            // Like a datagram lost on the way: retries and timers take care.
        }
    }

    private void read(DatagramSocket from) {
        var buffer = new byte[LARGEST];
        while (!closed) {
            try {
                var datagram = new DatagramPacket(buffer, buffer.length);
                from.receive(datagram);
                if (datagram.getAddress().getAddress().length == 4) {
                    receive(new Endpoint(Ipv4.of(datagram.getAddress().getAddress()), datagram.getPort()),
                            NamePacketCodec.decode(ByteBuffer.wrap(buffer, 0, datagram.getLength())));
                }
            } catch (SessionException e) {
                // Not to be read, mostly. Whatever it is, the next packet may be better.
                lock.lock();
                malformed++;
                lock.unlock();
            } catch (IOException e) {
                // An ICMP error of an earlier send, or the socket was closed: the loop's condition tells.
                Thread.onSpinWait();
            }
        }
    }

    private void receive(Endpoint from, NamePacket packet) {
        lock.lock();
        try {
            boolean forServer = packet.isResponse() ? server.filter(s -> s.awaits(from, packet)).isPresent() : asksServer(packet);
            if (forServer) {
                server.orElseThrow().receive(from, packet, now());
            } else {
                node.receive(from, packet, now());
            }
            perform();
        } finally {
            lock.unlock();
        }
    }

    private boolean asksServer(NamePacket packet) {
        var question = packet.question();
        return server.isPresent() && !packet.isBroadcast() && question.isPresent()
                && question.get().type() == Resource.TYPE_NB
                && !(packet.opcode() == NamePacket.OP_QUERY && node.owns(question.get().name()));
    }

    private void watchTime() {
        lock.lock();
        try {
            while (!closed) {
                long next = nextDeadline();
                long left = next == Long.MAX_VALUE ? 60_000 : next - now();
                if (left > 0) {
                    // Woken by whatever is due earlier.
                    wakesAt = now() + left;
                    boolean _ = changed.await(left, TimeUnit.MILLISECONDS);
                } else {
                    node.tick(now());
                    server.ifPresent(s -> s.tick(now()));
                    perform();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Releases the names as far as one packet each can, and closes.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            node.owned().forEach(name -> node.release(name, now()));
            perform();
            closed = true;
            waiting.values().forEach(f -> f.complete(new Output.Outcome.NoAnswer()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        sockets.close();
        tcp.ifPresent(NameTcp::close);
    }
}
