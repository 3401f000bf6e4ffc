package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys for H.235 beside the verifiers.
class H235KeysTest {
    @TempDir
    Path folder;

    private static char[] password(int length) {
        return "p".repeat(length).toCharArray();
    }

    @Test
    void theKeyIsTheDigestAndThePasswordIsKeptOnlyWhenItIsWanted() {
        try (var keys = H235Keys.open(folder)) {
            keys.put("alice", "wonderland and more".toCharArray(), false);
            keys.put("bob", "a b c".toCharArray(), true);
        }

        try (var keys = H235Keys.open(folder)) {
            var all = keys.all();
            assertThat(all.keySet()).containsExactly("alice", "bob");
            assertThat(all.values()).extracting(k -> HexFormat.of().formatHex(k.sha1()))
                    .containsExactly("5dae87424e84241e511700d177f979f7ec29cd7d", "6b3f339c67bb03d57a7195cf43ed86b12bfdd347");
            assertThat(all.values()).extracting(k -> k.password().orElse("")).containsExactly("", "a b c");
            assertThat(all.toString()).doesNotContain("a b c");
        }
    }

    @Test
    void aLaterPasswordReplacesTheEarlierOneAndWhoeverIsRemovedHasNone() {
        try (var keys = H235Keys.open(folder); var reader = H235Keys.open(folder)) {
            keys.put("alice", password(1), true);
            keys.put("alice", password(2), false);
            assertThat(reader.all()).hasSize(1).allSatisfy((_, k) -> assertThat(k.password()).isEmpty());
            keys.remove("alice");
            keys.remove("nobody");
            assertThat(reader.all()).isEmpty();
        }
    }

    @Test
    void aPasswordHas127CharactersAtMost() {
        try (var keys = H235Keys.open(folder)) {
            keys.put("alice", password(127), false);
            assertThatThrownBy(() -> keys.put("bob", password(128), false)).isInstanceOf(SessionException.Refused.class)
                    .hasMessageContaining("1 to 127");
            assertThatThrownBy(() -> keys.put("bob", password(0), false)).isInstanceOf(SessionException.Refused.class);
            assertThat(keys.all()).hasSize(1);
        }
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        var state = folder.resolve("S");
        try (var keys = H235Keys.open(state)) {
            keys.put("alice", password(3), false);
            try (var files = Files.list(state)) {
                assertThat(files.toList()).isNotEmpty()
                        .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f))).isEqualTo("rw-------"));
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwx------");
        }
    }
}
