package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Samba in a network namespace, at the other end of a cable to us: we are 10.137.77.1, Samba is 10.137.77.2.
final class SambaNet implements AutoCloseable {
    static final String OURS = "10.137.77.1";
    static final String SAMBA = "10.137.77.2";
    static final String BROADCAST = "10.137.77.255";
    private static final String SPACE = "parley-nbt";

    private final Path folder;
    private final List<Process> daemons = new ArrayList<>();

    private SambaNet(Path folder) {
        this.folder = folder;
    }

    /// Skips the test where something is missing, with words; but not in CI, where it fails.
    static void needed() {
        var missing = missing();
        if (System.getenv("CI") != null) {
            assertThat(missing).as("missing for the tests against Samba").isEmpty();
        }
        missing.ifPresent(m -> System.err.println("SKIPPED: tests against Samba, because this machine lacks " + m));
        assumeThat(missing).isEmpty();
    }

    /// What is missing for these tests on this machine; nothing when they can run.
    static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("root, for the ports 137 to 139 and network namespaces");
        }
        var programs = Stream.of("nmbd", "smbd", "smbclient", "nmblookup", "smbpasswd", "nbtscan", "tshark", "ip")
                .filter(p -> Stream.of("/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/").noneMatch(d -> Files.isExecutable(Path.of(d + p)))).toList();
        if (!programs.isEmpty()) {
            return Optional.of("the programs " + programs + " (Debian: samba smbclient nbtscan tshark iproute2)");
        }
        try {
            var probe = new ProcessBuilder("ip", "netns", "add", SPACE + "-probe").redirectErrorStream(true).start();
            boolean works = probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
            if (!works) {
                return Optional.of("network namespaces");
            }
            new ProcessBuilder("ip", "netns", "del", SPACE + "-probe").start().waitFor();
            return Optional.empty();
        } catch (IOException | InterruptedException e) {
            return Optional.of("network namespaces: " + e.getMessage());
        }
    }

    /// @param globals further lines of the global section of smb.conf
    static SambaNet start(Path folder, String globals) throws Exception {
        var net = cable(folder, globals);
        net.startDaemons();
        return net;
    }

    /// The cable and the configuration; no daemon yet.
    static SambaNet cable(Path folder, String globals) throws Exception {
        run("ip", "netns", "del", SPACE);
        run("ip", "link", "del", "nbt0");
        var net = new SambaNet(folder);
        for (var command : new String[] {
            "ip netns add " + SPACE,
            "ip link add nbt0 type veth peer name nbt1 netns " + SPACE,
            "ip addr add " + OURS + "/24 broadcast " + BROADCAST + " dev nbt0",
            "ip link set nbt0 up",
            "ip -n " + SPACE + " addr add " + SAMBA + "/24 broadcast " + BROADCAST + " dev nbt1",
            "ip -n " + SPACE + " link set nbt1 up",
            "ip -n " + SPACE + " link set lo up"}) {
            assertThat(run(command.split(" "))).as(command).isEmpty();
        }
        for (var part : new String[] {"lock", "state", "cache", "private", "pid", "log", "share", "ncalrpc"}) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("share/hello.txt"), "hello from the share\n");
        Files.writeString(folder.resolve("smb.conf"), """
                [global]
                netbios name = NBTSRV
                workgroup = NBTGROUP
                interfaces = 10.137.77.2/24
                bind interfaces only = yes
                server role = standalone server
                map to guest = Bad User
                guest account = root
                smb ports = 139
                disable spoolss = yes
                load printers = no
                lock directory = %1$s/lock
                state directory = %1$s/state
                cache directory = %1$s/cache
                private dir = %1$s/private
                pid directory = %1$s/pid
                ncalrpc dir = %1$s/ncalrpc
                log file = %1$s/log/%%m.log
                %2$s
                [share]
                path = %1$s/share
                guest ok = yes
                read only = no
                """.formatted(folder, globals));
        return net;
    }

    void startDaemons() throws IOException {
        daemon("nmbd");
        daemon("smbd");
    }

    private void daemon(String program) throws IOException {
        daemons.add(new ProcessBuilder("ip", "netns", "exec", SPACE, program, "-F", "--no-process-group", "-s", folder.resolve("smb.conf").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve(program + ".out").toFile()).start());
    }

    /// Starts Samba again with what its folder keeps.
    void stopDaemons() {
        for (var daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly().onExit().join();
        }
        daemons.clear();
    }

    /// Lets a user log in at smbd.
    void user(String name, String password) throws Exception {
        var process = new ProcessBuilder("smbpasswd", "-c", configuration(), "-s", "-a", name).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write((password + "\n" + password + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    Path share() {
        return folder.resolve("share");
    }

    /// Runs a client on Samba's host.
    String there(String... command) throws Exception {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", SPACE));
        whole.addAll(List.of(command));
        return run(whole.toArray(String[]::new));
    }

    /// Starts a program on Samba's host and waits for the word that it says when it is ready.
    Process start(String ready, String... command) throws IOException {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", SPACE));
        whole.addAll(List.of(command));
        var process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        var words = new StringBuilder();
        while (!words.toString().contains(ready)) {
            int octet = process.getInputStream().read();
            assertThat(octet).as("%s ended: %s", whole, words).isNotNegative();
            words.append((char) octet);
        }
        return process;
    }

    String configuration() {
        return folder.resolve("smb.conf").toString();
    }

    static String run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join()).as(String.join(" ", command)).isNotNull();
        return output;
    }

    @Override
    public void close() throws IOException {
        stopDaemons();
        run("ip", "link", "del", "nbt0");
        run("ip", "netns", "del", SPACE);
    }
}
