package dev.parley.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What a user may is changed without another password.
class UserCommandTest {
    @TempDir
    Path folder;

    @BeforeEach
    void add() throws IOException {
        Files.writeString(folder.resolve("pw"), "secret");
        assertThat(run("add", "alice", "--quota", "1MiB", "--password-file", folder.resolve("pw").toString(), "--administrator")).isZero();
    }

    private int run(String... arguments) {
        var line = new java.util.ArrayList<>(java.util.List.of(arguments));
        line.addAll(java.util.List.of("--state", folder.toString(), "--quiet"));
        return new CommandLine(new UserCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, _, _) -> e instanceof dev.parley.cli.term.CommandFailed f ? f.code().number() : 1)
                .execute(line.toArray(String[]::new));
    }

    private Store.User alice() {
        try (var store = SqliteStore.open(folder.resolve("server"))) {
            return store.user("alice").orElseThrow();
        }
    }

    @Test
    void onlyWhatIsGivenIsChanged() {
        var before = alice();

        assertThat(run("set", "alice", "--quota", "3MiB")).isZero();
        assertThat(alice().quota()).isEqualTo(3 << 20);
        assertThat(run("set", "alice", "--rights", "get", "--root", "alices")).isZero();

        var after = alice();
        assertThat(after.quota()).isEqualTo(3 << 20);
        assertThat(after.mayGet()).isTrue();
        assertThat(after.maySend()).isFalse();
        assertThat(after.root()).isEqualTo("alices");
        assertThat(after.administrator()).isTrue();
        assertThat(after.storedKey()).isEqualTo(before.storedKey());
        assertThat(run("set", "alice", "--root", "", "--quota", "0")).isZero();
        assertThat(alice().root()).isEmpty();
        assertThat(alice().quota()).isZero();
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(run("set", "alice")).isEqualTo(2);
        assertThat(run("set", "alice", "--root", "../x")).isEqualTo(2);
        assertThat(run("set", "nobody", "--quota", "1MiB")).isEqualTo(1);
        assertThat(alice().quota()).isEqualTo(1 << 20);
    }
}
