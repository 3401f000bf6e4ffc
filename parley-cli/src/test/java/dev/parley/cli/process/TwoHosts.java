package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Two network namespaces with a cable between them, as two hosts of one network: real multicast that leaves this machine alone.
final class TwoHosts implements AutoCloseable {
    static final String FIRST = "parley-gk-" + ProcessHandle.current().pid();
    static final String SECOND = "parley-ep-" + ProcessHandle.current().pid();
    static final String FIRST_ADDRESS = "10.137.78.1";

    private TwoHosts() {}

    /// Skips the test where that cannot be, with words; but not in CI, where it fails.
    static TwoHosts open() throws IOException {
        var missing = missing();
        if (System.getenv("CI") != null) {
            assertThat(missing).as("missing for the tests of multicast").isEmpty();
        }
        missing.ifPresent(m -> System.err.println("SKIPPED: the test of multicast, because this machine lacks " + m));
        assumeThat(missing).isEmpty();
        var hosts = new TwoHosts();
        hosts.close();
        for (var command : new String[] {
            "ip netns add " + FIRST,
            "ip netns add " + SECOND,
            "ip -n " + FIRST + " link add gk0 type veth peer name ep0 netns " + SECOND,
            "ip -n " + FIRST + " addr add " + FIRST_ADDRESS + "/24 dev gk0",
            "ip -n " + SECOND + " addr add 10.137.78.2/24 dev ep0",
            "ip -n " + FIRST + " link set gk0 up",
            "ip -n " + SECOND + " link set ep0 up",
            "ip -n " + FIRST + " link set lo up",
            "ip -n " + SECOND + " link set lo up",
            "ip -n " + FIRST + " route add default dev gk0",
            "ip -n " + SECOND + " route add default dev ep0"}) {
            assertThat(run(command)).as(command).isEmpty();
        }
        return hosts;
    }

    private static Optional<String> missing() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("root, for network namespaces");
        }
        try {
            var probe = run("ip netns add " + FIRST + "-probe");
            run("ip netns del " + FIRST + "-probe");
            return probe.isEmpty() ? Optional.empty() : Optional.of("network namespaces: " + probe);
        } catch (IOException e) {
            return Optional.of("the program ip (Debian: iproute2)");
        }
    }

    private static String run(String command) throws IOException {
        var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join()).as(command).isNotNull();
        return output;
    }

    @Override
    public void close() throws IOException {
        run("ip netns del " + FIRST);
        run("ip netns del " + SECOND);
    }
}
