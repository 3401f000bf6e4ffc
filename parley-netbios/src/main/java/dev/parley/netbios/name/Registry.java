package dev.parley.netbios.name;

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
    /// An internet group names at most so many hosts.
    public static final int MOST_INTERNET_GROUP = 25;
    /// Of any other name. More than 86 do not fit a datagram; TCP brings the rest.
    public static final int MOST_HOLDERS = 512;

    private final Map<NetbiosName, Map<Ipv4, Holder>> names = new HashMap<>();
    private final Map<Ipv4, Integer> perHost = new HashMap<>();
    private final Journal journal;
    private final int port;

    private record Holder(Resource.Address address, long expiresAt) {}

    /// Where changes are made durable. On return they are.
    public interface Journal {
        Journal NONE = new Journal() {
            @Override
            public void put(NetbiosName name, Resource.Address holder, long expiresAt) {
                // Nothing is kept.
            }

            @Override
            public void remove(NetbiosName name, Ipv4 holder) {
                // Nothing was kept.
            }
        };

        void put(NetbiosName name, Resource.Address holder, long expiresAt);

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

    int namesOf(Ipv4 host) {
        return perHost.getOrDefault(host, 0);
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
                removeOwner(name, holder.address.address());
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

    void put(NetbiosName name, Resource.Address holder, long expiresAt, long now) {
        int most = name.suffix() == 0x1C ? MOST_INTERNET_GROUP : MOST_HOLDERS;
        find(name, now);
        var holders = names.getOrDefault(name, Map.of());
        if (!holders.containsKey(holder.address()) && holders.size() >= most) {
            // The one that would expire first makes room, as other servers do it.
            var oldest = new ArrayList<>(holders.values());
            oldest.sort(java.util.Comparator.comparingLong(Holder::expiresAt));
            removeOwner(name, oldest.getFirst().address.address());
        }
        journal.put(name, holder, expiresAt);
        restore(name, holder, expiresAt);
    }

    /// Puts what the journal had, without writing it again.
    public void restore(NetbiosName name, Resource.Address holder, long expiresAt) {
        if (names.computeIfAbsent(name, _ -> new LinkedHashMap<>()).put(holder.address(), new Holder(holder, expiresAt)) == null) {
            perHost.merge(holder.address(), 1, Integer::sum);
        }
    }

    void removeOwner(NetbiosName name, Ipv4 holder) {
        var holders = names.get(name);
        if (holders != null && holders.remove(holder) != null) {
            journal.remove(name, holder);
            perHost.computeIfPresent(holder, (_, count) -> count > 1 ? count - 1 : null);
            if (holders.isEmpty()) {
                names.remove(name);
            }
        }
    }
}
