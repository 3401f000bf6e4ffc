package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A network that this host is on: where its broadcasts go.
///
/// @param prefix bits of the mask
public record LocalNetwork(String name, Ipv4 address, int prefix, Ipv4 broadcast) {
    /// The networks of this host, those with real broadcasts before the loopback.
    public static List<LocalNetwork> all() throws IOException {
        var real = new ArrayList<LocalNetwork>();
        var loops = new ArrayList<LocalNetwork>();
        for (var device : NetworkInterface.networkInterfaces().toList()) {
            for (var address : device.getInterfaceAddresses()) {
                if (device.isUp() && address.getAddress() instanceof Inet4Address) {
                    (device.isLoopback() ? loops : real).add(of(device.getName(), address));
                }
            }
        }
        real.addAll(loops);
        return real;
    }

    private static LocalNetwork of(String device, InterfaceAddress address) {
        var own = Ipv4.of(address.getAddress().getAddress());
        return new LocalNetwork(device, own, address.getNetworkPrefixLength(),
                Optional.ofNullable(address.getBroadcast()).map(b -> Ipv4.of(b.getAddress()))
                        .orElseGet(() -> broadcast(own, address.getNetworkPrefixLength())));
    }

    /// The network that a user means: a device, an own address, or an own address with its prefix; or the first when nothing is said.
    ///
    /// @throws IOException when there is none, with those that there are
    public static LocalNetwork find(Optional<String> wanted) throws IOException {
        var all = all();
        if (wanted.isEmpty() && !all.isEmpty()) {
            return all.getFirst();
        }
        var text = wanted.orElse("");
        for (var network : all) {
            if (network.name.equals(text) || network.address.toString().equals(text)) {
                return network;
            }
        }
        var cut = text.split("/", -1);
        if (cut.length == 2 && cut[1].matches("\\d{1,2}") && Integer.parseInt(cut[1]) <= 32 && Ipv4.isDotted(cut[0])) {
            int prefix = Integer.parseInt(cut[1]);
            return new LocalNetwork(text, Ipv4.of(cut[0]), prefix, broadcast(Ipv4.of(cut[0]), prefix));
        }
        throw new IOException("this host has no network '" + text + "'; there are " + all.stream().map(n -> n.name + " " + n.address).toList());
    }

    /// A socket that may send broadcasts, and may be there beside another one that receives them.
    ///
    /// @param socket not bound yet; closed when it cannot be
    public static DatagramSocket bound(Endpoint at, DatagramSocket socket) throws IOException {
        try {
            socket.setReuseAddress(true);
            socket.setBroadcast(true);
            socket.bind(socketAddress(at));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The same as a socket takes it.
    public static InetSocketAddress socketAddress(Endpoint at) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(at.address().octets()), at.port());
    }

    private static Ipv4 broadcast(Ipv4 address, int prefix) {
        return new Ipv4(prefix == 32 ? address.bits() : address.bits() | -1 >>> prefix);
    }
}
