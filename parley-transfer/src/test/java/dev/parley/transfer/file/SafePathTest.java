package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafePathTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "a//b", "a/", ".", "./a", "a/./b", ".parley", ".parley/x", "a/.parley/b",
        "nul\0octet"
    })
    void aNameThatLeadsElsewhereIsRefused(String name) {
        assertThatThrownBy(() -> SafePath.resolve(folder, name)).isInstanceOf(SessionException.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b/c", "…", "...", "..a", "ünï cödé", "文件/файл/קובץ", "😀", "with\nnewline", "C:\\x", "-rf", "~root", "%2e%2e"})
    void anyOtherNameStaysBelowTheRoot(String name) {
        assertThat(SafePath.resolve(folder, name)).isEqualTo(folder.resolve(name)).startsWithRaw(folder);
    }

    @Test
    void aSymbolicLinkOnTheWayIsRefusedWhereverItPoints() throws IOException {
        var root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(folder.resolve("outside"));
        Files.createDirectories(root.resolve("inside"));
        Files.createSymbolicLink(root.resolve("out"), folder.resolve("outside"));
        Files.createSymbolicLink(root.resolve("in"), root.resolve("inside"));

        assertThatThrownBy(() -> SafePath.resolve(root, "out/x")).isInstanceOf(SessionException.Refused.class);
        assertThatThrownBy(() -> SafePath.resolve(root, "in/x")).isInstanceOf(SessionException.Refused.class);
        assertThat(SafePath.resolve(root, "inside/x")).startsWithRaw(root);
    }

    @Test
    void partsHave255OctetsAndNames4096AtMost() {
        assertThat(SafePath.resolve(folder, "x".repeat(255))).startsWithRaw(folder);
        assertThatThrownBy(() -> SafePath.resolve(folder, "x".repeat(256))).isInstanceOf(SessionException.Refused.class);
        assertThatThrownBy(() -> SafePath.resolve(folder, "ü".repeat(128))).isInstanceOf(SessionException.Refused.class);
        var long4096 = ("x".repeat(255) + "/").repeat(15) + "x".repeat(254) + "/x";
        assertThat(SafePath.resolve(folder, long4096)).startsWithRaw(folder);
        assertThatThrownBy(() -> SafePath.resolve(folder, long4096 + "y")).isInstanceOf(SessionException.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", ".", "./b", "b/c", "b//c", "../b", "../../b", ".././b", "../..", "b/."})
    void aLinkThatGoesUpOnlyAtItsBeginningStaysInside(String target) {
        assertThat(SafePath.staysInside("d/e/link", target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/b", "../../../b", "b/..", "b/../../c", "./b/..", "../b/../c", "../../../", ".parley", "../.parley/x", "nul\0octet"})
    void aLinkThatMayLeadElsewhereIsRefused(String target) {
        assertThat(SafePath.staysInside("d/e/link", target)).isFalse();
    }

    @Test
    void aFolderToWorkInIsNoLink() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/tmp"));
        Files.createDirectories(folder.resolve("sub"));

        assertThatThrownBy(() -> SafePath.folder(folder, "link")).isInstanceOf(SessionException.Refused.class);
        assertThat(SafePath.folder(folder, "sub")).isEqualTo(folder.resolve("sub"));
        assertThat(SafePath.folder(folder, "missing/deep")).isEqualTo(folder.resolve("missing/deep"));
    }
}
