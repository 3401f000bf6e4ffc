package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Folders that a user must not read or write: the words say so, and which one it is.
@Timeout(300)
class PermissionProcessTest {
    @TempDir
    Path folder;

    @Test
    void aFolderThatMustNotBeReadIsNamedWithTheReason() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.file("tree/locked/file", 10, 1);
            var locked = folder.resolve("tree/locked");
            mode(locked, "---------");

            var sender = parleys.unprivileged(parleys.send("tree", "127.0.0.1:9"));

            assertThat(sender.exit()).as(sender.toString()).isEqualTo(3);
            assertThat(sender.words()).contains("no permission for " + locked);
            mode(locked, "rwx------");
        }
    }

    @Test
    void aFolderThatMustNotBeWrittenIsNamedWithTheReason() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            parleys.file("inbox/data.img", 100_000, 2);
            var ready = parleys.serve("127.0.0.1:0").await("ready");
            var ro = Files.createDirectory(folder.resolve("ro"));
            mode(ro, "r-xr-xr-x");
            var remote = "alice@" + ready.path("address").asText() + "/data.img";

            for (var destination : new String[] {"ro", "ro/new"}) {
                var getter = parleys.unprivileged(
                        parleys.get(remote, parleys.at(destination), "--fingerprint", ready.path("fingerprint").asText()));
                assertThat(getter.exit()).as(getter.toString()).isEqualTo(1);
                assertThat(getter.words()).contains("no permission for " + ro.toRealPath().resolve(".parley"));
            }

            var lister = parleys.unprivileged("user", "add", "bob", "--password-file", parleys.at("pw"), "--state", parleys.at("ro/S"));
            assertThat(lister.exit()).as(lister.toString()).isEqualTo(1);
            assertThat(lister.words()).contains("the state folder", "no permission for " + ro.resolve("S"));
            mode(ro, "rwx------");
        }
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
