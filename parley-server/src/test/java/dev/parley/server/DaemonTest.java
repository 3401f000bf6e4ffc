package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.Tap;
import dev.parley.session.flow.FlowRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    Path folder;

    private Daemon start() throws IOException {
        var options = new DaemonOptions(folder.resolve("inbox"), folder.resolve("state"), Optional.empty(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true, 10, FlowRules.DEFAULT, DaemonOptions.DEFAULT_KEEP);
        return Daemon.start(options, Tap.NONE, (_, _) -> {});
    }

    /// Two would not know of each other's connections, and write the same files.
    @Test
    void oneStateHasOneServerAtATime() throws IOException {
        try (var first = start()) {
            assertThatThrownBy(this::start).isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " serves with the state");
            assertThat(first.fingerprint()).isNotEmpty();
        }
        start().close();
    }
}
