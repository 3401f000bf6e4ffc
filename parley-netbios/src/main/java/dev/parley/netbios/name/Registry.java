package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names that a name server knows, with the hosts that hold each and until when. Expired ones vanish when they are looked for, and when
/// room is needed.
public final class Registry {
    /// An internet group names at most so many hosts, and a unique name as many addresses of its host.
    public static final int MOST_INTERNET_GROUP = 25;
    /// Of any other group. More than 86 do not fit a datagram; TCP brings the rest.
    public static final int MOST_HOLDERS = 512;

    private final Map<NetbiosName, Map<Ipv4, Holder>> names = new HashMap<>();
    private final Map<Ipv4, Integer> perHost = new HashMap<>();
    private final Journal journal;
    private final int port;

    private static final long PURGE_MILLIS = 1_000;
    private long nextPurge;

    /// @param registrar who claimed it, and is answerable for it: a host may name further addresses as its own
    private record Holder(Resource.Address address, Ipv4 registrar, long expiresAt) {}

    /// Where changes are made durable. On return they are; a `SessionException.StorageFailure` says that they are not.
    public interface Journal {
        Journal NONE = new Journal() {
            @Override
            public void put(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt) {
                // Nothing is kept.
            }

            @Override
            public void remove(NetbiosName name, Ipv4 holder) {
                // Nothing was kept.
            }
        };

        void put(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt);

        void remove(NetbiosName name, Ipv4 holder);
    }

    /// @param port where the holders of names listen: 137
    public Registry(Journal journal, int port) {
        this.journal = journal;
        this.port = port;
    }

    /// A name and its live holders.
    public record Entry(boolean group, List<Resource.Address> addresses, long expiresAt) {
        public boolean has(Ipv4 address) {
            return addresses.stream().anyMatch(a -> a.address().equals(address));
        }

        long longestSeconds(long now) {
            return expiresAt == Long.MAX_VALUE ? 0 : Math.max(1, (expiresAt - now) / 1_000);
        }
    }

    int port() {
        return port;
    }

    public int size() {
        return names.size();
    }

    /// Entries that a host has made.
    int entriesOf(Ipv4 host) {
        return perHost.getOrDefault(host, 0);
    }

    boolean contains(NetbiosName name) {
        return names.containsKey(name);
    }

    boolean contains(NetbiosName name, Ipv4 holder) {
        return names.getOrDefault(name, Map.of()).containsKey(holder);
    }

    public Optional<Entry> find(NetbiosName name, long now) {
        var holders = names.get(name);
        if (holders == null) {
            return Optional.empty();
        }
        for (var holder : List.copyOf(holders.values())) {
            if (holder.expiresAt <= now) {
                expire(name, holder);
            }
        }
        if (holders.isEmpty()) {
            return Optional.empty();
        }
        var live = holders.values();
        return Optional.of(new Entry(live.iterator().next().address.group(), live.stream().map(Holder::address).toList(),
                live.stream().mapToLong(Holder::expiresAt).max().orElse(now)));
    }

    /// Every live name, for people.
    public Map<NetbiosName, Entry> all(long now) {
        var all = new LinkedHashMap<NetbiosName, Entry>();
        List.copyOf(names.keySet()).forEach(n -> find(n, now).ifPresent(e -> all.put(n, e)));
        return all;
    }

    /// Makes room, if it is to be had; looks through all names for that, but not more often than each second.
    void purge(long now) {
        if (now >= nextPurge) {
            nextPurge = now + PURGE_MILLIS;
            List.copyOf(names.keySet()).forEach(n -> find(n, now));
        }
    }

    /// Expired records are skipped after a restart, so that it does no harm when one cannot be removed now.
    private void expire(NetbiosName name, Holder holder) {
        try {
            journal.remove(name, holder.address.address());
        } catch (SessionException.StorageFailure e) {
            // Said by the next claim, which must be written.
        }
        drop(name, holder.address.address());
    }

    void put(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt, long now) {
        int most = name.suffix() == 0x1C || !holder.group() ? MOST_INTERNET_GROUP : MOST_HOLDERS;
        find(name, now);
        var holders = names.getOrDefault(name, Map.of());
        if (!holders.containsKey(holder.address()) && holders.size() >= most) {
            // The one that would expire first makes room, as other servers do it.
            var oldest = new ArrayList<>(holders.values());
            oldest.sort(java.util.Comparator.comparingLong(Holder::expiresAt));
            removeOwner(name, oldest.getFirst().address.address());
        }
        journal.put(name, holder, registrar, expiresAt);
        restore(name, holder, registrar, expiresAt);
    }

    /// Puts what the journal had, without writing it again.
    public void restore(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt) {
        var before = names.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(holder.address(), new Holder(holder, registrar, expiresAt));
        if (before != null) {
            uncount(before.registrar);
        }
        perHost.merge(registrar, 1, Integer::sum);
    }

    void removeOwner(NetbiosName name, Ipv4 holder) {
        if (contains(name, holder)) {
            journal.remove(name, holder);
            drop(name, holder);
        }
    }

    private void drop(NetbiosName name, Ipv4 holder) {
        var holders = names.getOrDefault(name, Map.of());
        var gone = holders.get(holder);
        if (gone != null) {
            holders.remove(holder);
            uncount(gone.registrar);
            if (holders.isEmpty()) {
                names.remove(name);
            }
        }
    }

    private void uncount(Ipv4 registrar) {
        perHost.computeIfPresent(registrar, (_, count) -> count > 1 ? count - 1 : null);
    }
}
