package dev.parley.cli.demo;

import dev.parley.runtime.Link;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.VirtualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The line between the two processes: it passes octets on, turns a bit over when told so, can be cut, and lets only so many octets pass
/// towards the receiver, so that the story happens in its order on fast and slow machines. All that the sender says is captured.
final class FaultyLine implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MOST_CONNECTIONS = 16;

    private final Capture capture;
    private final Tcp.Listener listener;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private volatile InetSocketAddress receiver;
    private long allowance;
    private long damageAfter = Long.MAX_VALUE;

    FaultyLine(InetSocketAddress receiver, Capture capture) throws IOException {
        this.receiver = receiver;
        this.capture = capture;
        this.listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), MOST_CONNECTIONS, loop -> {
            var passage = new Passage((VirtualLoop) loop);
            return capture.tap(passage, false, 102);
        });
    }

    InetSocketAddress address() {
        return listener.address();
    }

    /// Where connections lead from now on.
    void leadTo(InetSocketAddress other) {
        receiver = other;
    }

    /// Lets so many more octets pass towards the receiver.
    void allow(long octets) {
        synchronized (this) {
            allowance = octets > Long.MAX_VALUE - allowance ? Long.MAX_VALUE : allowance + octets;
        }
        passages.forEach(Passage::goOn);
    }

    /// Turns one bit over after so many more octets towards the receiver.
    synchronized void damageAfter(long octets) {
        damageAfter = octets;
    }

    /// Cuts all connections.
    void cut() {
        passages.forEach(Passage::cut);
    }

    /// How many of these octets may pass now; takes them off the allowance, and damages one when it is time.
    private synchronized int admit(ByteBuffer octets) {
        int size = (int) Math.min(octets.remaining(), allowance);
        allowance -= allowance == Long.MAX_VALUE ? 0 : size;
        if (damageAfter < size) {
            int at = octets.position() + (int) damageAfter;
            octets.put(at, (byte) (octets.get(at) ^ 0x10));
            damageAfter = Long.MAX_VALUE;
        } else if (damageAfter != Long.MAX_VALUE) {
            damageAfter -= size;
        }
        return size;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        capture.close();
    }

    /// One connection of the sender, and the one to the receiver that belongs to it. Both links share one loop, so nothing here is locked.
    private final class Passage implements Link.Handler {
        private final VirtualLoop loop;
        private @Nullable Link sender;
        private @Nullable Link onward;
        private @Nullable ByteBuffer held;

        Passage(VirtualLoop loop) {
            this.loop = loop;
        }

        @Override
        public void opened(Link link) {
            sender = link;
            link.setReading(false);
            passages.add(this);
            Thread.ofVirtual().start(() -> {
                try {
                    Tcp.connect(receiver, Optional.empty(), CONNECT_MILLIS, loop, _ -> new Back());
                } catch (IOException e) {
                    loop.execute(this::cut);
                }
            });
        }

        void goOn() {
            loop.execute(() -> {
                var rest = held;
                held = null;
                if (rest != null) {
                    pass(rest);
                } else {
                    read();
                }
            });
        }

        @Override
        public void received(ByteBuffer bytes) {
            var copy = copy(bytes);
            var waiting = held;
            if (waiting != null) {
                held = ByteBuffer.allocate(waiting.remaining() + copy.remaining()).put(waiting).put(copy).flip();
            } else {
                pass(copy);
            }
        }

        private static ByteBuffer copy(ByteBuffer lent) {
            return ByteBuffer.allocate(lent.remaining()).put(lent).flip();
        }

        private void pass(ByteBuffer octets) {
            var to = onward;
            int size = to == null ? 0 : admit(octets);
            if (to != null && size > 0) {
                to.write(octets.slice(octets.position(), size));
                to.flush();
                octets.position(octets.position() + size);
            }
            held = octets.hasRemaining() ? octets : null;
            read();
        }

        private void read() {
            if (sender != null) {
                sender.setReading(held == null && onward != null && onward.isWritable());
            }
        }

        void cut() {
            loop.execute(() -> {
                passages.remove(this);
                if (sender != null) {
                    sender.abort();
                }
                if (onward != null) {
                    onward.abort();
                }
            });
        }

        @Override
        public void writable() {
            if (onward != null) {
                onward.setReading(true);
            }
        }

        @Override
        public void closed(String reason) {
            passages.remove(this);
            if (onward != null) {
                onward.close();
            }
        }

        /// The connection to the receiver.
        private final class Back implements Link.Handler {
            @Override
            public void opened(Link link) {
                onward = link;
                goOn();
            }

            @Override
            public void received(ByteBuffer bytes) {
                if (sender != null) {
                    sender.write(copy(bytes));
                    sender.flush();
                    if (!sender.isWritable() && onward != null) {
                        onward.setReading(false);
                    }
                }
            }

            @Override
            public void writable() {
                read();
            }

            @Override
            public void closed(String reason) {
                passages.remove(Passage.this);
                if (sender != null) {
                    sender.close();
                }
            }
        }
    }
}
