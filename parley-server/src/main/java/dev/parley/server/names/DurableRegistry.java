package dev.parley.server.names;

import dev.parley.netbios.name.Registry;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import dev.parley.session.store.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/// Keeps what a NetBIOS name server knows in the embedded store, so that a restart forgets nobody: a record for each holder of a name. A claim
/// is answered when it is on stable storage.
public final class DurableRegistry implements Registry.Journal, AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final Records records;

    private DurableRegistry(Records records) {
        this.records = records;
    }

    /// The file `netbios-names.db` in the folder.
    ///
    /// @throws dev.parley.api.SessionException.StorageFailure when it cannot be used
    public static DurableRegistry open(Path folder) {
        return new DurableRegistry(Records.open(folder, "netbios-names"));
    }

    /// The registry with all that was kept and has not expired.
    ///
    /// @param port where the holders listen
    /// @param now milliseconds since 1970
    public Registry registry(int port, long now) {
        var registry = new Registry(this, port);
        records.all().forEach((key, value) -> {
            var holder = value.split(" ", -1);
            long expiresAt = Long.parseLong(holder[2]);
            if (expiresAt <= now) {
                records.remove(key);
            } else {
                var address = Ipv4.of(key.substring(key.lastIndexOf('@') + 1));
                // Records of earlier versions do not say who made them.
                var registrar = holder.length > 3 ? Ipv4.of(holder[3]) : address;
                var entry = new Resource.Address(holder[0].equals("group"), NodeType.valueOf(holder[1]), address);
                registry.restore(name(key), entry, registrar, expiresAt);
            }
        });
        return registry;
    }

    @Override
    public void put(NetbiosName name, Resource.Address holder, Ipv4 registrar, long expiresAt) {
        records.put(key(name, holder.address()), (holder.group() ? "group " : "unique ") + holder.nodeType() + " " + expiresAt + " " + registrar);
    }

    @Override
    public void remove(NetbiosName name, Ipv4 holder) {
        records.remove(key(name, holder));
    }

    /// The octets in hexadecimal, since they are not text; the scope; the address.
    private static String key(NetbiosName name, Ipv4 holder) {
        return HEX.formatHex(name.octets()) + "." + name.scope() + "@" + holder;
    }

    private static NetbiosName name(String key) {
        var octets = HEX.parseHex(key.substring(0, 32));
        return new NetbiosName(new String(octets, 0, 15, StandardCharsets.ISO_8859_1), octets[15] & 0xFF,
                key.substring(33, key.lastIndexOf('@')));
    }

    @Override
    public void close() {
        records.close();
    }
}
