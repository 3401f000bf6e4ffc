package dev.parley.cli.netbios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs every command of docs/netbios.md as it stands there, in its order. The computers of the guide are addresses of the loopback network, the
/// ports free ones, said by the environment; the file server is smbd.
@Tag("slow")
@Timeout(300)
class NetbiosGuideTest {
    private static final String OFFICE = "127.0.5.1";
    private static final String DESK = "127.0.5.2";

    @TempDir
    private Path folder = Path.of("");

    private final List<Process> running = new ArrayList<>();
    private int namePort;
    private int sessionPort;

    @BeforeAll
    static void smbdIsHere() {
        boolean root = "root".equals(System.getProperty("user.name"));
        var missing = Stream.of("/usr/sbin/smbd", "/usr/bin/smbpasswd").filter(p -> !Files.isExecutable(Path.of(p))).toList();
        if (System.getenv("CI") != null) {
            assertThat(root && missing.isEmpty()).as("root and %s", missing).isTrue();
        } else if (!root || !missing.isEmpty()) {
            System.err.println("SKIPPED: the guide of NetBIOS, because it needs root and smbd (Debian: apt-get install samba)");
        }
        assumeThat(root && missing.isEmpty()).isTrue();
    }

    @BeforeEach
    void aFileServer() throws Exception {
        namePort = freePort();
        sessionPort = freePort();
        Files.writeString(folder.resolve("report.txt"), "all is well\n".repeat(1_000));
        Files.writeString(folder.resolve("secret"), "secret\n");
        for (var part : new String[] {"lock", "state", "cache", "private", "pid", "log", "share", "ncalrpc"}) {
            Files.createDirectories(folder.resolve("smb").resolve(part));
        }
        var configuration = folder.resolve("smb/smb.conf");
        Files.writeString(configuration, """
                [global]
                netbios name = ARCHIVE
                interfaces = 127.0.0.1/8
                bind interfaces only = yes
                server role = standalone server
                smb ports = %2$d
                disable spoolss = yes
                load printers = no
                lock directory = %1$s/lock
                state directory = %1$s/state
                cache directory = %1$s/cache
                private dir = %1$s/private
                pid directory = %1$s/pid
                ncalrpc dir = %1$s/ncalrpc
                log file = %1$s/log/%%m.log
                [share]
                path = %1$s/share
                read only = no
                """.formatted(folder.resolve("smb"), sessionPort));
        var user = new ProcessBuilder("smbpasswd", "-c", configuration.toString(), "-s", "-a", "root").redirectErrorStream(true).start();
        try (var in = user.getOutputStream()) {
            in.write("secret\nsecret\n".getBytes(StandardCharsets.UTF_8));
        }
        var words = new String(user.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(user.waitFor()).as(words).isZero();
        running.add(new ProcessBuilder("smbd", "-F", "--no-process-group", "-s", configuration.toString()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("smbd.out").toFile()).start());
        background("parley netbios serve --name ARCHIVE --no-sessions", "127.0.0.1", "has [");
        await(() -> {
            try (var socket = new Socket("127.0.0.1", sessionPort)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        }, "smbd");
    }

    @AfterEach
    void stop() {
        for (var process : running.reversed()) {
            // Not gently: smbd would end the whole process group, us included.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    private static int freePort() throws IOException {
        try (var tcp = new ServerSocket(0, 1, InetAddress.getByName(OFFICE)); var udp = new DatagramSocket(tcp.getLocalPort())) {
            return udp.getLocalPort();
        }
    }

    private static List<String> commands() throws IOException {
        var guide = Stream.of("docs/netbios.md", "../docs/netbios.md").map(Path::of).filter(Files::exists).findFirst().orElseThrow();
        var commands = new ArrayList<String>();
        boolean inside = false;
        for (var line : Files.readAllLines(guide)) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                commands.add(line);
            }
        }
        return commands;
    }

    @Test
    void everyCommandOfTheGuideWorks() throws Exception {
        var commands = commands();
        assertThat(commands).hasSizeGreaterThan(10).allMatch(c -> c.startsWith("parley netbios "));
        Optional<Process> listening = Optional.empty();
        for (var command : commands) {
            if (command.contains(" serve ")) {
                background(command, OFFICE, "has [");
            } else if (command.contains(" listen ")) {
                listening = Optional.of(background(command, "127.0.5.3", "listens on"));
            } else {
                foreground(command);
            }
        }
        assertThat(listening.orElseThrow().onExit().orTimeout(20, TimeUnit.SECONDS).join().exitValue()).isZero();
        var report = folder.resolve("report.txt");
        assertThat(folder.resolve("received.txt")).hasSameBinaryContentAs(report);
        assertThat(folder.resolve("copy.txt")).hasSameBinaryContentAs(report);
        assertThat(folder.resolve("smb/share/report.txt")).hasSameBinaryContentAs(report);
        failuresHaveTheirExitCodes();
        whatWasNotSentIsSaid();
    }

    private void failuresHaveTheirExitCodes() throws IOException {
        Files.writeString(folder.resolve("wrong"), "wrong\n");
        var login = " --user root --password-file secret";
        fails(1, "put report.txt //ARCHIVE/share" + login, "--replace");
        fails(3, "get //ARCHIVE/share/nothing x" + login, "OBJECT_NAME_NOT_FOUND");
        fails(3, "ls //ARCHIVE/nothing" + login, "BAD_NETWORK_NAME");
        fails(3, "put nothing //ARCHIVE/share" + login, "nothing");
        fails(4, "lookup NOBODY#20", "NOBODY<20>");
        fails(5, "ls //ARCHIVE/share --user root --password-file wrong", "LOGON_FAILURE");
        fails(5, "call OFFICE", "80");
    }

    private void whatWasNotSentIsSaid() throws IOException {
        var listening = background("parley netbios listen BUSY#7B -n > half", "127.0.5.4", "listens on");
        var words = folder.resolve("words");
        var calling = shell("parley netbios call BUSY#7B < /dev/zero", DESK, words);
        running.add(calling);
        await(() -> Files.size(folder.resolve("half")) > 0, "the call");
        listening.destroyForcibly();
        assertThat(calling.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue()).as(Files.readString(words)).isEqualTo(4);
    }

    private void fails(int expected, String command, String said) throws IOException {
        var words = folder.resolve("words");
        var process = shell("parley netbios " + command, DESK, words);
        int code = process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue();
        assertThat(code).as("%s: %s", command, Files.readString(words)).isEqualTo(expected);
        assertThat(Files.readString(words)).as(command).contains(said);
    }

    private void foreground(String command) throws IOException {
        var process = shell(command, DESK, folder.resolve("words"));
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue();
        assertThat(code).as("%s: %s %s", command, output, Files.readString(folder.resolve("words"))).isZero();
        if (command.contains("--json")) {
            assertThat(output).as(command).startsWith("{\"type\":\"");
        }
        if (command.contains(" scan ")) {
            assertThat(output).as(command).contains(OFFICE, "WORKGROUP");
        }
        if (command.contains(" lookup ") || command.contains(" status ")) {
            assertThat(output).as(command).contains(OFFICE);
        }
    }

    private Process background(String command, String address, String ready) throws IOException {
        var words = folder.resolve("words-" + running.size());
        var process = shell(command, address, words);
        running.add(process);
        await(() -> Files.readString(words).contains(ready) || !process.isAlive(), command);
        assertThat(process.isAlive()).as("%s: %s", command, Files.readString(words)).isTrue();
        return process;
    }

    /// The command as a shell runs it, `parley` being what is tested; the guide's addresses become ours.
    private Process shell(String command, String address, Path words) throws IOException {
        var script = "exec \"$JAVA\" -XX:TieredStopAtLevel=1 -cp \"$CP\" dev.parley.cli.Parley "
                + command.substring("parley ".length()).replace("192.0.2.", "127.0.5.");
        var builder = new ProcessBuilder("bash", "-c", script).directory(folder.toFile()).redirectError(words.toFile());
        var environment = builder.environment();
        environment.put("JAVA", ProcessHandle.current().info().command().orElse("java"));
        environment.put("CP", System.getProperty("java.class.path"));
        environment.put("PARLEY_NETWORK", address + "/8");
        environment.put("PARLEY_NAME_PORT", Integer.toString(namePort));
        environment.put("PARLEY_SESSION_PORT", Integer.toString(sessionPort));
        environment.put("PARLEY_STATE", folder.resolve("state").toString());
        Files.writeString(words, "");
        return builder.start();
    }

    private interface Condition {
        boolean isTrue() throws IOException;
    }

    private static void await(Condition condition, String what) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.isTrue()) {
            assertThat(System.nanoTime()).as("%s is not ready in time", what).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
