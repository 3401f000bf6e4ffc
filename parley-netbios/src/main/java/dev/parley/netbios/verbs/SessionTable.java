package dev.parley.netbios.verbs;

import dev.parley.api.SessionException;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.wire.NetbiosName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The local session table: sessions by number, and who takes the next message of each. A message goes to a RECEIVE for its session before a
/// RECEIVE ANY for its name before a RECEIVE ANY for all. Each session holds one message until it is taken; the peer waits for the rest.
final class SessionTable {
    static final int MOST = 254;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Entry> entries = new TreeMap<>();
    private final List<AnyWait> anyWaits = new ArrayList<>();
    private int reserved;
    private int last;

    /// A RECEIVE ANY under way, of one name or of all; a class and no record, since each is itself only.
    private static final class AnyWait {
        final Optional<NetbiosName> local;

        AnyWait(Optional<NetbiosName> local) {
            this.local = local;
        }
    }

    /// One session.
    static final class Entry {
        final int number;
        final NetbiosSession session;
        final Duration receiveWait;
        final Duration sendWait;
        private @Nullable ByteBuffer message;
        private @Nullable ReturnCode end;
        private int receivers;

        Entry(int number, NetbiosSession session, Duration receiveWait, Duration sendWait) {
            this.number = number;
            this.session = session;
            this.receiveWait = receiveWait;
            this.sendWait = sendWait;
        }

        int receivers() {
            return receivers;
        }

        boolean isOver() {
            return end != null;
        }
    }

    /// Takes a place for a session to come; false when the table is full.
    boolean reserve() {
        lock.lock();
        try {
            if (entries.size() + reserved >= MOST) {
                return false;
            }
            reserved++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void unreserve() {
        lock.lock();
        reserved--;
        lock.unlock();
    }

    /// Fills a reserved place.
    Entry add(NetbiosSession session, Duration receiveWait, Duration sendWait) {
        lock.lock();
        try {
            reserved--;
            do {
                last = last % MOST + 1;
            } while (entries.containsKey(last));
            var entry = new Entry(last, session, receiveWait, sendWait);
            entries.put(last, entry);
            Thread.ofVirtual().name("netbios-receive " + last).start(() -> read(entry));
            return entry;
        } finally {
            lock.unlock();
        }
    }

    Entry find(int number) {
        lock.lock();
        try {
            var entry = entries.get(number);
            if (entry == null) {
                throw new VerbFailed(ReturnCode.BAD_SESSION_NUMBER, "session " + number);
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    List<Entry> of(Optional<NetbiosName> local) {
        lock.lock();
        try {
            return entries.values().stream().filter(e -> local.map(e.session.local()::equals).orElse(true)).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The session is over for our user: its receives end and its number is free.
    void remove(Entry entry) {
        lock.lock();
        try {
            entry.end = ReturnCode.SESSION_CLOSED;
            entries.remove(entry.number, entry);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int receive(int number, ByteBuffer into) {
        lock.lock();
        try {
            var entry = find(number);
            entry.receivers++;
            try {
                await(() -> entry.message != null || entry.end != null, entry.receiveWait, "receive from session " + number);
                if (entry.message == null) {
                    throw ended(entry);
                }
                return take(entry, into);
            } finally {
                entry.receivers--;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// @param stopped why no message can come any more; asked again at each [#wake]
    NetbiosAdapter.Received receiveAny(Optional<NetbiosName> local, ByteBuffer into, Duration wait, Supplier<Optional<ReturnCode>> stopped) {
        lock.lock();
        try {
            var any = new AnyWait(local);
            anyWaits.add(any);
            try {
                await(() -> stopped.get().isPresent() || ready(local).isPresent(), wait, "receive from any session");
                var entry = ready(local).orElseThrow(
                        // A name that was added again meanwhile is another one.
                        () -> new VerbFailed(stopped.get().orElse(ReturnCode.NAME_DELETED), "receive from any session"));
                if (entry.message == null) {
                    throw ended(entry);
                }
                return new NetbiosAdapter.Received(entry.number, take(entry, into));
            } finally {
                anyWaits.remove(any);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets each RECEIVE ANY see whether its name is still here.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Entry> ready(Optional<NetbiosName> local) {
        return entries.values().stream().filter(e -> isFor(e, local)).findFirst();
    }

    private boolean isFor(Entry entry, Optional<NetbiosName> local) {
        var its = Optional.of(entry.session.local());
        boolean name = local.isPresent() ? local.equals(its) : anyWaits.stream().noneMatch(a -> a.local.equals(its));
        return name && entry.receivers == 0 && (entry.message != null || entry.end != null);
    }

    private VerbFailed ended(Entry entry) {
        entries.remove(entry.number, entry);
        var end = entry.end == null ? ReturnCode.SESSION_ABORTED : entry.end;
        return new VerbFailed(end, "session " + entry.number, entry.number, null);
    }

    private int take(Entry entry, ByteBuffer into) {
        var message = entry.message;
        if (message == null) {
            throw new IllegalStateException("no message");
        }
        int count = Math.min(message.remaining(), into.remaining());
        into.put(message.slice(message.position(), count));
        message.position(message.position() + count);
        if (message.hasRemaining()) {
            throw new VerbFailed(ReturnCode.MESSAGE_INCOMPLETE, "session " + entry.number, entry.number, null);
        }
        entry.message = null;
        changed.signalAll();
        return count;
    }

    private interface Ready {
        boolean now();
    }

    private void await(Ready ready, Duration wait, String what) {
        long left = wait.isZero() ? Long.MAX_VALUE : wait.toNanos();
        try {
            while (!ready.now()) {
                if (left <= 0) {
                    throw new VerbFailed(ReturnCode.TIMED_OUT, what);
                }
                left = wait.isZero() ? awaitForEver(left) : changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new VerbFailed(ReturnCode.CANCELLED, what, 0, e);
        }
    }

    private long awaitForEver(long left) throws InterruptedException {
        changed.await();
        return left;
    }

    /// Reads the messages of a session one by one, each when the one before was taken.
    private void read(Entry entry) {
        while (true) {
            Optional<ByteBuffer> message = Optional.empty();
            var end = ReturnCode.SESSION_CLOSED;
            try {
                message = entry.session.receive();
            } catch (SessionException e) {
                end = ReturnCode.SESSION_ABORTED;
            }
            lock.lock();
            try {
                while (entry.message != null && entry.end == null) {
                    changed.awaitUninterruptibly();
                }
                if (message.isEmpty()) {
                    entry.end = entry.end == null ? end : entry.end;
                    changed.signalAll();
                    return;
                }
                entry.message = entry.end == null ? message.get() : null;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
