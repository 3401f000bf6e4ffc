package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    private List<Source> find(String... arguments) throws IOException {
        return new Sources(Sources.Links.KEEP, warnings::add).find(List.of(arguments));
    }

    /// Java shows all octets that are no text by the same sign: two such names would be one.
    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsNoTextIsRefusedAndNotChanged() throws Exception {
        var top = Files.createDirectories(folder.resolve("top"));
        Files.writeString(top.resolve("good"), "1");
        assertThat(find(top.toString())).extracting(Source::name).containsExactly("top/good", "top");
        assertThat(new ProcessBuilder("bash", "-c", "echo 2 > \"$0/$(printf 'L\\377')\"", top.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> find(top.toString())).isInstanceOf(IOException.class).hasMessageContaining("rename it");
        assertThat(warnings).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void neitherIsAFolderOfSuchAName() throws Exception {
        var top = Files.createDirectories(folder.resolve("top"));
        assertThat(new ProcessBuilder("bash", "-c", "mkdir \"$0/$(printf 'D\\376')\"", top.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> find(top.toString())).isInstanceOf(IOException.class).hasMessageContaining("rename it");
    }

    @Test
    void twoOfTheSameNameAreRefused() throws Exception {
        for (var place : List.of("a", "b")) {
            Files.writeString(Files.createDirectories(folder.resolve(place)).resolve("same"), place);
        }

        assertThatThrownBy(() -> find(folder.resolve("a/same").toString(), folder.resolve("b/same").toString()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("same");
    }
}
