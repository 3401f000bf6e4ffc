package dev.parley.trace.h323;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the signalling of a capture has told about addresses so far: H.245 and media have no ports of their own.
public final class Announcements {
    /// Addresses that are remembered; the oldest are forgotten first.
    private static final int MOST_ADDRESSES = 20_000;
    /// Of one address: fast connect offers several formats for it.
    private static final int MOST_OF_ONE = 32;

    private final Map<TransportAddress, List<Announcement>> known = new LinkedHashMap<>();

    void learn(Announcement announcement) {
        var address = announcement.address();
        var sofar = known.remove(address);
        // What an earlier call said about the address no longer counts.
        var all = new ArrayList<Announcement>(sofar != null && sofar.getFirst().call().equals(announcement.call()) ? sofar : List.of());
        if (!all.contains(announcement) && all.size() < MOST_OF_ONE) {
            all.add(announcement);
        }
        known.put(address, all);
        if (known.size() > MOST_ADDRESSES) {
            known.remove(known.keySet().iterator().next());
        }
    }

    List<Announcement> of(InetSocketAddress address) {
        return known.getOrDefault(new TransportAddress(Octets.of(address.getAddress().getAddress()), address.getPort()), List.of());
    }

    /// What a connection to an announced address is, before anything is said on it.
    public Optional<String> connection(InetSocketAddress called) {
        return of(called).stream().filter(a -> a.kind() == Announcement.Kind.CONTROL).findFirst().map(Announcement::words);
    }

    /// The one of a kind about either end; the called one first, since announced addresses are called.
    Optional<Announcement> of(InetSocketAddress called, InetSocketAddress caller, Announcement.Kind kind) {
        return of(called).stream().filter(a -> a.kind() == kind).findFirst()
                .or(() -> of(caller).stream().filter(a -> a.kind() == kind).findFirst());
    }
}
