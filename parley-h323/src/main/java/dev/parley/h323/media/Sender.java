package dev.parley.h323.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may send us media: one port of an announced address, the first one that proper media comes from. Another port may follow when that
/// one has fallen silent, as after a restart of the other side's sender.
final class Sender {
    static final Duration SILENCE = Duration.ofSeconds(2);
    private static final int MOST_ADDRESSES = 16;

    private final Set<InetAddress> addresses = new HashSet<>();
    private @Nullable InetSocketAddress latched;
    private long heardAt;
    private OptionalLong reportedAt = OptionalLong.empty();
    private long strangers;

    void announce(InetAddress address) {
        if (addresses.size() < MOST_ADDRESSES) {
            addresses.add(address);
        }
    }

    boolean isAnnounced(InetAddress address) {
        boolean known = addresses.contains(address);
        strangers += known ? 0 : 1;
        return known;
    }

    boolean mayBe(InetSocketAddress from, long nanos) {
        if (!isAnnounced(from.getAddress())) {
            return false;
        }
        boolean same = latched == null || from.equals(latched) || nanos - heardAt > SILENCE.toNanos();
        strangers += same ? 0 : 1;
        return same;
    }

    /// Proper media came from there.
    void heard(InetSocketAddress from, long nanos) {
        latched = from;
        heardAt = nanos;
    }

    /// A report came from there.
    void reported(long nanos) {
        reportedAt = OptionalLong.of(nanos);
    }

    /// How long neither media nor a report has come; empty when nothing has come at all.
    Optional<Duration> silence(long nanos) {
        var reports = reportedAt.isPresent() ? Optional.of(Duration.ofNanos(nanos - reportedAt.getAsLong())) : Optional.<Duration>empty();
        return Stream.concat(silentFor(nanos).stream(), reports.stream()).min(Duration::compareTo);
    }

    Optional<Duration> silentFor(long nanos) {
        return latched == null ? Optional.empty() : Optional.of(Duration.ofNanos(nanos - heardAt));
    }

    long strangers() {
        return strangers;
    }
}
