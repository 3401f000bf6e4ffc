package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A gatekeeper on all addresses of this machine can be asked at each of them.
@Timeout(300)
class GatekeeperEverywhereTest extends WithParleys {
    record Way(String listen, String host, String mode) {}

    static List<Way> ways() throws SocketException {
        // Where there is a network beside the loopback, it is the address that was told to everybody once.
        var networks = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress()).map(a -> a.getHostAddress()).limit(1);
        var hosts = Stream.concat(Stream.of("127.0.0.1", "[::1]", "localhost"), networks).toList();
        return Stream.of("0.0.0.0:0", "[::]:0").flatMap(listen -> hosts.stream()
                .flatMap(host -> Stream.of("--id=direct", "--routed").map(mode -> new Way(listen, host, mode)))).toList();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aCallIsMadeByWhicheverAddress(Way way) throws Exception {
        var gatekeeper = parleys.thread("gatekeeper", "--listen", way.listen(), "--signalling-port", "0", "--no-multicast", way.mode(), "--json");
        var there = way.host() + ":" + gatekeeper.await("ready").path("port").asInt();
        var any = way.host() + ":0";
        var bob = parleys.thread("answer", "--auto", "--listen", any, "--name", "bob", "--gatekeeper", there, "--calls", "1", "--json");
        bob.await("registered");

        var call = parleys.run("call", "bob@" + way.host(), "--gatekeeper", there, "--name", "alice", "--play", "tone", "--duration", "100ms",
                "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(gatekeeper.await("call-ended").path("to").asText()).isEqualTo("bob");
    }
}
