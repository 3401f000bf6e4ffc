package dev.parley.netbios.verbs;

import dev.parley.netbios.datagram.DatagramNode;
import dev.parley.netbios.datagram.DatagramService;
import dev.parley.netbios.wire.Datagram;
import dev.parley.netbios.wire.NetbiosName;
import java.time.Duration;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Hands the datagrams that arrive to those who wait for them, by name and kind. What nobody waits for is kept, up to [#MOST_KEPT]; then the
/// oldest is dropped.
record Datagrams(DatagramService service, List<DatagramNode.Received> kept) {
    static final int MOST_KEPT = 256;
    private static final Duration TURN = Duration.ofMillis(100);

    Datagrams(DatagramService service) {
        this(service, new LinkedList<>());
    }

    /// @param stopped why nothing can come any more
    DatagramNode.Received receive(Optional<NetbiosName> local, boolean broadcast, Duration wait, Supplier<Optional<ReturnCode>> stopped) {
        long end = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                var mine = take(local, broadcast);
                if (mine.isPresent()) {
                    return mine.get();
                }
                long left = wait.isZero() ? Long.MAX_VALUE : end - System.nanoTime();
                stopped.get().ifPresent(code -> {
                    throw new VerbFailed(code, "receive datagram");
                });
                if (left <= 0) {
                    throw new VerbFailed(ReturnCode.TIMED_OUT, "receive datagram");
                }
                // Another receiver may take ours from the service and keep it for us, so that nobody may wait there for long.
                service.receive(left < TURN.toNanos() ? Duration.ofNanos(left) : TURN).ifPresent(this::keep);
            }
        } catch (InterruptedException e) {
            throw new VerbFailed(ReturnCode.CANCELLED, "receive datagram", 0, e);
        }
    }

    private void keep(DatagramNode.Received datagram) {
        synchronized (kept) {
            kept.addLast(datagram);
            if (kept.size() > MOST_KEPT) {
                kept.removeFirst();
            }
        }
    }

    private Optional<DatagramNode.Received> take(Optional<NetbiosName> local, boolean broadcast) {
        synchronized (kept) {
            var found = kept.stream().filter(d -> (d.kind() == Datagram.Kind.BROADCAST) == broadcast)
                    .filter(d -> local.map(d.to()::equals).orElse(true)).findFirst();
            found.ifPresent(kept::remove);
            return found;
        }
    }
}
