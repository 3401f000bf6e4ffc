package dev.parley.session.talk;

import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Offload;
import dev.parley.runtime.Security;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Virtual time, loops and lines for a simulation in one thread; everything random comes from one seed.
final class World implements Dialogue.Time {
    private record Event(long at, long order, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    final Random random;
    /// Octets that were sent by the opening side and by the other one, over all lines, and after how many of them the line is cut.
    final long[] sent = new long[2];
    final long[] cutAfter = {Long.MAX_VALUE, Long.MAX_VALUE};
    private long now;
    private long order;

    World(long seed) {
        random = new Random(seed);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long wallMillis() {
        return now / 1_000_000;
    }

    void in(long micros, Runnable work) {
        events.add(new Event(now + micros * 1000, order++, work));
    }

    /// Runs the next event; false when there is none.
    boolean step() {
        var next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.work().run();
        return true;
    }

    /// The loop of one connection in one process; after the death of the process nothing runs any more.
    final class SimulatedLoop implements Loop {
        private boolean dead;
        private long workUntil;

        void die() {
            dead = true;
        }

        private void run(Runnable task) {
            if (!dead) {
                task.run();
            }
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long wallMillis() {
            return now / 1_000_000;
        }

        @Override
        public void execute(Runnable task) {
            in(0, () -> run(task));
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            var cancelled = new boolean[1];
            in(delay.toNanos() / 1000, () -> {
                if (!cancelled[0]) {
                    run(task);
                }
            });
            return () -> cancelled[0] = true;
        }

        @Override
        public Offload beside() {
            return this;
        }

        @Override
        public <T extends @Nullable Object> void offload(Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> done) {
            workUntil = Math.max(workUntil, now) + random.nextInt(2_000_000);
            in((workUntil - now) / 1000, () -> run(() -> {
                try {
                    T result = work.call();
                    execute(() -> done.accept(result, null));
                } catch (Exception failure) {
                    execute(() -> done.accept(null, failure));
                }
            }));
        }
    }

    /// A line between two handlers. It delivers in order, in pieces, with a delay; a cut loses what is under way, and each side learns
    /// of it at a time of its own.
    final class Wire {
        private final End one = new End(0);
        private final End other = new End(1);
        private boolean cut;

        void open(SimulatedLoop oneLoop, Link.Handler oneHandler, SimulatedLoop otherLoop, Link.Handler otherHandler) {
            one.join(oneLoop, oneHandler, other);
            other.join(otherLoop, otherHandler, one);
            oneLoop.execute(() -> oneHandler.opened(one));
            otherLoop.execute(() -> otherHandler.opened(other));
        }

        void cut() {
            if (!cut) {
                cut = true;
                one.lost();
                other.lost();
            }
        }

        private final class End implements Link {
            private final List<ByteBuffer> queued = new ArrayList<>();
            private @Nullable SimulatedLoop loop;
            private Link.@Nullable Handler handler;
            private @Nullable End peer;
            private long arrival;
            private boolean told;
            private final int side;

            End(int side) {
                this.side = side;
            }

            void join(SimulatedLoop mine, Link.Handler toTell, End there) {
                loop = mine;
                handler = toTell;
                peer = there;
            }

            void lost() {
                in(random.nextInt(3_000_000), this::tell);
            }

            private void tell() {
                if (!told) {
                    told = true;
                    loop().execute(() -> handler().closed("the line was cut"));
                }
            }

            @Override
            public void write(ByteBuffer... buffers) {
                for (var buffer : buffers) {
                    queued.add(buffer);
                }
            }

            @Override
            public void flush() {
                int size = queued.stream().mapToInt(ByteBuffer::remaining).sum();
                var whole = ByteBuffer.allocate(size);
                queued.forEach(whole::put);
                queued.clear();
                whole.flip();
                while (whole.hasRemaining() && !cut) {
                    long left = cutAfter[side] - sent[side];
                    if (left == 0) {
                        cutAfter[side] = Long.MAX_VALUE;
                        in(Math.max(0, java.util.Objects.requireNonNull(peer).arrival - now) / 1000 + 1, Wire.this::cut);
                        return;
                    }
                    int part = (int) Math.min(left, Math.min(whole.remaining(), 1 + random.nextInt(4000)));
                    sent[side] += part;
                    var piece = whole.slice(whole.position(), part);
                    whole.position(whole.position() + part);
                    var to = java.util.Objects.requireNonNull(peer);
                    to.arrival = Math.max(to.arrival, now) + random.nextInt(3_000_000);
                    in((to.arrival - now) / 1000, () -> to.deliver(piece));
                }
            }

            private void deliver(ByteBuffer piece) {
                if (!cut && !told) {
                    loop().run(() -> handler().received(piece));
                }
            }

            @Override
            public boolean isWritable() {
                return !cut;
            }

            @Override
            public void setReading(boolean reading) {
                // The simulation reads always.
            }

            @Override
            public void close() {
                flush();
                Wire.this.cut();
            }

            @Override
            public void abort() {
                Wire.this.cut();
            }

            @Override
            public String peer() {
                return "simulated";
            }

            @Override
            public Security security() {
                return Security.NONE;
            }

            private SimulatedLoop loop() {
                return java.util.Objects.requireNonNull(loop);
            }

            private Link.Handler handler() {
                return java.util.Objects.requireNonNull(handler);
            }
        }
    }
}
