package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.Tap;
import dev.parley.session.flow.FlowRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    Path folder;

    private Daemon start() throws IOException {
        return Daemon.start(options(10, DaemonOptions.DEFAULT_LOGIN_FAILURES), Tap.NONE, (_, _) -> {});
    }

    private DaemonOptions options(int connections, int failures) {
        return new DaemonOptions(folder.resolve("inbox"), folder.resolve("state"), Optional.empty(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true, connections, FlowRules.DEFAULT, DaemonOptions.DEFAULT_KEEP,
                failures);
    }

    @Test
    void itsNumbersHaveTheirLimits() {
        assertThat(options(1, 1).loginFailures()).isEqualTo(1);
        assertThat(options(100_000, 1000).loginFailures()).isEqualTo(1000);
        for (int wrong : new int[] {0, -1, 1001}) {
            assertThatThrownBy(() -> options(1, wrong)).hasMessage("1 to 1000 failed logins a minute, not " + wrong);
        }
        assertThatThrownBy(() -> new DaemonOptions(folder, folder, Optional.empty(), new InetSocketAddress(0), true, 1, FlowRules.DEFAULT,
                Duration.ofSeconds(59), 1)).hasMessage("state is kept for a minute or longer, not 59.0 s");
        assertThatThrownBy(() -> options(0, 1)).hasMessageContaining("1 to 100000 connections");
        assertThatThrownBy(() -> options(100_001, 1)).hasMessageContaining("1 to 100000 connections");
    }

    @Test
    void aDamagedStoreIsSaidBeforeAnybodyIsServed() throws IOException {
        start().close();
        var store = folder.resolve("state/parley.db");
        var octets = Files.readAllBytes(store);

        // Behind the page of the schema.
        Arrays.fill(octets, 4096, octets.length, (byte) 0xA5);
        Files.write(store, octets);
        assertThatThrownBy(this::start).isInstanceOf(SessionException.StorageFailure.class)
                .hasMessageContaining(store + " cannot be used").hasMessageContaining("from a backup");

        Arrays.fill(octets, (byte) 0xA5);
        Files.write(store, octets);
        assertThatThrownBy(this::start).isInstanceOf(SessionException.StorageFailure.class)
                .hasMessageContaining("not a database").hasMessageContaining("from a backup");
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
