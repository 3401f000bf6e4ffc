package dev.parley.netbios.interop;

import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import java.io.IOException;
import java.util.Optional;

/// A host of ours in a process of its own: has one name until its standard input ends.
final class HostProcess {
    private HostProcess() {}

    /// @param args own address, broadcast address, name
    public static void main(String... args) throws IOException {
        var config = NodeConfig.broadcast(Ipv4.of(args[0]), 24);
        try (var names = NameService.open(config, NameService.Ports.standard(Ipv4.of(args[1])), Optional.empty())) {
            names.register(NetbiosName.of(args[2], 0x20), false);
            System.out.println("ready");
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
