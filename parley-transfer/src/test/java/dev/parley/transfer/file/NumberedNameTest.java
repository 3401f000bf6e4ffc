package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.disk.OsDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedNameTest {
    @Test
    void aNameThatWouldBeTooLongLosesWholeCharacters() {
        assertThat(NumberedName.of("a/b.img", 12)).isEqualTo("a/b.img.12");
        assertThat(NumberedName.of("x".repeat(253), 1)).isEqualTo("x".repeat(253) + ".1");
        assertThat(NumberedName.of("x".repeat(254), 1)).isEqualTo("x".repeat(253) + ".1");
        assertThat(NumberedName.of("f".repeat(200) + "/" + "x".repeat(255), 10)).isEqualTo("f".repeat(200) + "/" + "x".repeat(252) + ".10");
        // Four octets of UTF-8, two chars of Java.
        var faces = "\uD83D\uDE00".repeat(63);
        var shortened = NumberedName.of(faces + "xyz", 1);
        assertThat(shortened).isEqualTo(faces + "x.1");
        assertThat(NumberedName.of(faces + "\u20ac", 1)).isEqualTo(faces + ".1");
        assertThat(NumberedName.of(faces.substring(2) + "xyz\uD83D\uDE00", 1)).isEqualTo(faces.substring(2) + "xyz.1");
        assertThat(shortened.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
    }

    @Test
    void theLongestNameCanBeRenamed(@TempDir Path folder) throws Exception {
        var name = "x".repeat(255);
        Files.createFile(folder.resolve(name));
        Files.createFile(folder.resolve("x".repeat(253) + ".1"));
        var names = new Names(new OsDisk(), folder);

        names.check(name, Source.Kind.FILE, Target.OnExists.RENAME, Optional.empty(), new HashSet<>());

        assertThat(Files.createFile(folder.resolve(NumberedName.of(name, 2)))).exists();
    }
}
