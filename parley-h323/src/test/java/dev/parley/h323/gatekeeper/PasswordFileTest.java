package dev.parley.h323.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
    @TempDir
    Path folder;

    private Path file(String text, String permissions) throws IOException {
        var file = Files.writeString(folder.resolve("users"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @Test
    void usersAndTheirPasswordsAreRead() throws IOException {
        var users = PasswordFile.read(file("# who\n\nalice:won:der\nbob:b\n", "rw-------"));

        assertThat(users.size()).isEqualTo(2);
        assertThat(users.of("alice")).hasValue("won:der");
        assertThat(users.of("carol")).isEmpty();
        assertThat(users.areRequired()).isTrue();
    }

    @Test
    void aFileThatOthersMayReadIsRefused() throws IOException {
        var file = file("alice:a\n", "rw-r-----");

        assertThatThrownBy(() -> PasswordFile.read(file)).isInstanceOf(IOException.class).hasMessageContaining("chmod 600");
    }

    @Test
    void linesOfAnotherFormAreRefusedWithTheirNumber() throws IOException {
        for (var line : new String[] {"alice", ":a", "alice:", "alice:" + "x".repeat(128), "x".repeat(128) + ":a", "bob:a"}) {
            var file = file("bob:b\n" + line + "\n", "rw-------");
            assertThatThrownBy(() -> PasswordFile.read(file)).as(line).isInstanceOf(IOException.class).hasMessageContaining("line 2");
        }
        assertThat(PasswordFile.read(file("x".repeat(127) + ":" + "y".repeat(127), "rw-------")).size()).isEqualTo(1);
    }

    @Test
    void aFileHasTenMegabytesAtMost() throws IOException {
        var most = "bob:b\n#" + "x".repeat(10_000_000 - 7);

        assertThat(PasswordFile.read(file(most, "rw-------")).size()).isEqualTo(1);
        var more = file(most + "x", "rw-------");
        assertThatThrownBy(() -> PasswordFile.read(more)).isInstanceOf(IOException.class).hasMessageContaining("larger than 10 MB");
    }
}
