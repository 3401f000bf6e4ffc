package dev.parley.h323.media;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/// Packets that come before it is known what will be received. A callee may send as soon as it has a Setup with fast connect (clause
/// 8.1.7.1/H.323), and its first packets overtake the message that says in which format. The last ones of a second are kept for it; the others
/// are counted.
final class EarlyPackets {
    static final int MOST = 50;
    static final int LONGEST_OCTETS = 2_048;
    static final Duration FOR = Duration.ofSeconds(1);

    /// @param at when it came, in nanoseconds
    record Early(InetSocketAddress from, ByteBuffer datagram, long at) {}

    private final ArrayDeque<Early> kept = new ArrayDeque<>();
    private boolean expecting = true;
    private long discarded;

    /// @return false when nothing is waited for any more
    boolean take(InetSocketAddress from, ByteBuffer datagram, long now) {
        if (!expecting) {
            return false;
        }
        if (datagram.remaining() > LONGEST_OCTETS) {
            discarded++;
            return true;
        }
        if (kept.size() == MOST) {
            kept.remove();
            discarded++;
        }
        kept.add(new Early(from, ByteBuffer.allocate(datagram.remaining()).put(datagram.duplicate()).flip(), now));
        return true;
    }

    /// What can be received now.
    List<Early> given(long now) {
        expecting = false;
        var young = kept.stream().filter(e -> now - e.at() <= FOR.toNanos()).toList();
        discarded += kept.size() - young.size();
        kept.clear();
        return young;
    }

    /// The call goes elsewhere: what is here came from the one before.
    void again() {
        discarded += kept.size();
        kept.clear();
        expecting = true;
    }

    /// Those that nobody has received.
    long unheard() {
        return discarded + kept.size();
    }
}
