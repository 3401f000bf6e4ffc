package dev.parley.cli;

import dev.parley.runtime.Tap;
import dev.parley.server.Daemon;
import dev.parley.server.DaemonOptions;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.store.SqliteLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/// A small transfer in both directions on this machine, in one process. The launcher runs it once after a build and keeps what Java remembers
/// of it (JEP 483, JEP 515), so that later commands start in half the time. Its exit code is that of the first command that fails. Before that it
/// unpacks SQLite's library into the folder that it is given.
final class Rehearsal {
    private static final int OCTETS = 4 << 20;

    private Rehearsal() {}

    public static void main(String... args) throws IOException {
        SqliteLibrary.unpack(Path.of(args[0]));
        var folder = Files.createTempDirectory("parley");
        int code;
        try {
            code = play(folder);
        } finally {
            try (var all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
        System.exit(code);
    }

    private static int play(Path folder) throws IOException {
        var password = Files.writeString(folder.resolve("pw"), "rehearsal\n").toString();
        var state = folder.resolve("state").toString();
        var file = Files.write(folder.resolve("file"), new byte[OCTETS]).toString();
        int code = run("user", "add", "me", "--state", state, "--password-file", password);
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var options = new DaemonOptions(folder.resolve("inbox"), folder.resolve("state/server"), Optional.empty(), listen, false,
                DaemonOptions.DEFAULT_CONNECTIONS, FlowRules.DEFAULT, DaemonOptions.DEFAULT_KEEP, DaemonOptions.DEFAULT_LOGIN_FAILURES);
        try (var daemon = Daemon.start(options, Tap.NONE, (_, _) -> {})) {
            var remote = "me@127.0.0.1:" + daemon.address().getPort();
            code = code != 0 ? code : run("send", file, remote, "--state", state, "--password-file", password, "--json");
            code = code != 0 ? code : run("get", remote + "/file", folder + "/back/", "--state", state, "--password-file", password);
        }
        return code != 0 ? code : run("serve", "--help");
    }

    private static int run(String... arguments) {
        var said = new ByteArrayOutputStream();
        int code = Parley.run(said, said, arguments);
        if (code != 0) {
            System.err.println(said.toString(StandardCharsets.UTF_8));
        }
        return code;
    }
}
