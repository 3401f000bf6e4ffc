package dev.parley.server.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.netbios.name.NameServer;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Resource;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableRegistryTest {
    private static final Ipv4 A = Ipv4.of("10.0.0.1");
    private static final Ipv4 B = Ipv4.of("10.0.0.2");
    private static final NetbiosName GROUP = new NetbiosName("GROUP", 0x1E, "a.scope");

    @TempDir
    private Path folder = Path.of("");

    private static void register(NameServer server, NetbiosName name, Ipv4 by, boolean group, int flags, long now) {
        server.receive(new Endpoint(by, 137), NamePacket.claim(1, flags, name, 1_000, new Resource.Address(group, NodeType.H, by)), now);
    }

    @Test
    void whatWasRegisteredIsKnownAfterARestartUntilItExpires() {
        try (var durable = DurableRegistry.open(folder)) {
            var server = new NameServer(NameServer.Config.DEFAULT, new Random(1), durable.registry(137, 0));
            register(server, NetbiosName.MASTER_BROWSERS, A, true, 0x2900, 0);
            register(server, GROUP, A, true, 0x2900, 0);
            register(server, GROUP, B, true, 0x2900, 5_000);
            register(server, NetbiosName.of("GONE", 0x20), A, false, 0x2900, 0);
            register(server, NetbiosName.of("GONE", 0x20), A, false, 0x3000, 0);
        }
        try (var durable = DurableRegistry.open(folder)) {
            var registry = durable.registry(137, 6_000);
            assertThat(registry.size()).isEqualTo(2);
            var known = registry.all(6_000);
            assertThat(known).containsOnlyKeys(GROUP, NetbiosName.MASTER_BROWSERS);
            assertThat(known.get(GROUP)).satisfies(e -> assertThat(e.addresses()).containsExactly(
                    new Resource.Address(true, NodeType.H, A), new Resource.Address(true, NodeType.H, B)));
        }
        try (var durable = DurableRegistry.open(folder)) {
            assertThat(durable.registry(137, 1_000_000).all(1_000_000)).containsOnlyKeys(GROUP);
        }
    }
}
