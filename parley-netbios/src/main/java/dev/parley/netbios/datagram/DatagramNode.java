package dev.parley.netbios.datagram;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.DatagramCodec;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Sends and receives datagrams for local names: cuts what does not fit a packet and puts it together again (RFC 1002 section 5.4). Pure: time
/// comes as a value. Addresses are never learned from datagrams, which anybody can send.
public final class DatagramNode {
    /// UDP payload of one packet (MAX_DATAGRAM_LENGTH).
    public static final int MOST_PACKET = 576;
    /// Incomplete datagrams held at a time.
    public static final int MOST_INCOMPLETE = 64;
    /// FRAGMENT_TO.
    static final long FRAGMENT_MILLIS = 2_000;

    private static final int HEADER = 14;

    private final NodeType type;
    private final Endpoint local;
    private final Set<NetbiosName> unique = new LinkedHashSet<>();
    private final Set<NetbiosName> groups = new LinkedHashSet<>();
    private final Map<Key, Pieces> incomplete = new LinkedHashMap<>();
    private int nextId;
    private long dropped;

    private record Key(Endpoint from, int id, NetbiosName source, NetbiosName destination) {}

    private static final class Pieces {
        final List<Datagram.Message> pieces = new ArrayList<>();
        final long expiresAt;

        Pieces(long expiresAt) {
            this.expiresAt = expiresAt;
        }
    }

    /// What came for one of our names.
    ///
    /// @param to the name that it was sent to; for broadcasts the name that the sender gave
    public record Received(Datagram.Kind kind, NetbiosName from, NetbiosName to, ByteBuffer data) {
        public Received {
            data = data.asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer data() {
            return data.duplicate();
        }
    }

    /// What a packet came to.
    public sealed interface Result {
        record Deliver(Received datagram) implements Result {}

        /// Tell the sender.
        record Reply(Datagram packet) implements Result {}

        /// The other side reports that a datagram of ours did not arrive.
        record Undelivered(int id, int code) implements Result {}

        record Nothing() implements Result {}
    }

    /// @param firstId of the datagrams that are sent; random, so that a restart does not mix fragments
    public DatagramNode(NodeType type, Endpoint local, int firstId) {
        this.type = type;
        this.local = local;
        this.nextId = firstId & 0xFFFF;
    }

    public void add(NetbiosName name, boolean group) {
        (group ? groups : unique).add(name);
    }

    public void remove(NetbiosName name) {
        unique.remove(name);
        groups.remove(name);
    }

    /// Packets that were for nobody here, broken, or fragments without the rest.
    public long dropped() {
        return dropped;
    }

    /// The packets of one datagram.
    public List<Datagram.Message> send(Datagram.Kind kind, NetbiosName from, NetbiosName to, ByteBuffer data) {
        if (data.remaining() > Datagram.Message.MOST_DATA) {
            throw new SessionException.LimitReached(
                    "a datagram has at most " + Datagram.Message.MOST_DATA + " octets, not " + data.remaining());
        }
        if (!unique.contains(from) && !groups.contains(from)) {
            throw new SessionException.OutOfSequence(from + " is no local name, so nothing can be sent from it");
        }
        int id = nextId;
        nextId = nextId + 1 & 0xFFFF;
        var empty = new Datagram.Message(kind, new Datagram.Header(false, true, type, id, local), 0, from, to, ByteBuffer.allocate(0));
        int room = Math.max(1, MOST_PACKET - DatagramCodec.encode(empty).remaining());
        var packets = new ArrayList<Datagram.Message>();
        int offset = 0;
        do {
            int size = Math.min(room, data.remaining() - offset);
            boolean more = offset + size < data.remaining();
            packets.add(new Datagram.Message(kind, new Datagram.Header(more, offset == 0, type, id, local), offset, from, to,
                    data.slice(data.position() + offset, size)));
            offset += size;
        } while (offset < data.remaining());
        return packets;
    }

    /// @param from where the packet really came from; what its header says about its source is not trusted
    /// @param direct sent to our own address: what came by broadcast is never answered, or one packet would call forth one from every host
    public Result receive(Endpoint from, boolean direct, Datagram packet, long now) {
        return switch (packet) {
            case Datagram.Message message -> message(from, direct, message, now);
            case Datagram.Failure failure -> new Result.Undelivered(failure.header().id(), failure.code());
            // Only a distribution server answers queries, and only who asked one wants answers.
            case Datagram.Query _, Datagram.Answer _ -> dropped(new Result.Nothing());
        };
    }

    private Result dropped(Result result) {
        dropped++;
        return result;
    }

    private Result message(Endpoint from, boolean direct, Datagram.Message message, long now) {
        boolean ours = switch (message.kind()) {
            case DIRECT_UNIQUE -> unique.contains(message.destination());
            case DIRECT_GROUP -> groups.contains(message.destination());
            // To all hosts of the scope.
            case BROADCAST -> inScope(message.destination().scope());
        };
        if (!ours) {
            // Silence for groups: every member of the network would answer.
            return dropped(direct && message.kind() == Datagram.Kind.DIRECT_UNIQUE
                    ? new Result.Reply(new Datagram.Failure(
                            new Datagram.Header(false, true, type, message.header().id(), local), Datagram.Failure.NO_DESTINATION))
                    : new Result.Nothing());
        }
        if (message.header().first() && !message.header().more()) {
            return delivered(message, message.data());
        }
        var whole = assemble(new Key(from, message.header().id(), message.source(), message.destination()), message, now);
        return whole.map(data -> delivered(message, data)).orElseGet(Result.Nothing::new);
    }

    private boolean inScope(String scope) {
        return Stream.concat(unique.stream(), groups.stream()).anyMatch(n -> n.scope().equals(scope));
    }

    private static Result delivered(Datagram.Message message, ByteBuffer data) {
        return new Result.Deliver(new Received(message.kind(), message.source(), message.destination(), data));
    }

    private Optional<ByteBuffer> assemble(Key key, Datagram.Message piece, long now) {
        incomplete.values().removeIf(p -> {
            dropped += p.expiresAt <= now ? 1 : 0;
            return p.expiresAt <= now;
        });
        if (!incomplete.containsKey(key) && incomplete.size() >= MOST_INCOMPLETE) {
            incomplete.remove(incomplete.keySet().iterator().next());
            dropped++;
        }
        var pieces = incomplete.computeIfAbsent(key, _ -> new Pieces(now + FRAGMENT_MILLIS)).pieces;
        if (pieces.stream().anyMatch(p -> p.offset() == piece.offset())) {
            dropped++;
            return Optional.empty();
        }
        pieces.add(piece);
        pieces.sort(java.util.Comparator.comparingInt(Datagram.Message::offset));
        int expected = 0;
        for (var part : pieces) {
            if (part.offset() != expected) {
                return Optional.empty();
            }
            expected += part.data().remaining();
        }
        if (pieces.getLast().header().more()) {
            return Optional.empty();
        }
        var whole = ByteBuffer.allocate(expected);
        pieces.forEach(p -> whole.put(p.data()));
        incomplete.remove(key);
        return Optional.of(whole.flip());
    }
}
