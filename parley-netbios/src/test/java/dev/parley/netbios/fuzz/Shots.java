package dev.parley.netbios.fuzz;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// Fuzzed octets as datagrams that arrive one after the other: an octet that says from where, to whom and how much later, two octets of length,
/// and what is in it.
final class Shots {
    static final Ipv4 OURS = Ipv4.of("10.0.0.1");
    static final Ipv4 SERVER = Ipv4.of("10.0.0.250");
    private static final List<Ipv4> SOURCES = List.of(Ipv4.of("10.0.0.66"), SERVER, Ipv4.of("192.0.2.9"), Ipv4.of("10.0.0.67"));
    private static final int MOST = 64;

    private Shots() {}

    /// @param toServer or broadcast, where that makes a difference
    record Shot(Ipv4 source, boolean toServer, long now, ByteBuffer octets) {
        Endpoint from(int port) {
            return new Endpoint(source, port);
        }
    }

    interface Target {
        void take(Shot shot);
    }

    static void each(byte[] octets, Target target) {
        var in = ByteBuffer.wrap(octets);
        long now = 1_000;
        for (int i = 0; i < MOST && in.remaining() > 3; i++) {
            int how = in.get() & 0xFF;
            now += (how >> 4) * 500L;
            int length = Math.min(in.getShort() & 0xFFFF, in.remaining());
            target.take(new Shot(SOURCES.get(how & 3), (how & 4) != 0, now, in.slice(in.position(), length)));
            in.position(in.position() + length);
        }
    }

    /// Transactions 0, 1, 2 and so on, so that the corpus can answer them.
    static RandomGenerator counting() {
        return new RandomGenerator() {
            private long next;

            @Override
            public long nextLong() {
                return next++ << 32;
            }
        };
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
