package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {
    @TempDir
    Path folder;

    /// Opens a store, with the library unpacked first, and says which one the process has loaded.
    static final class Opening {
        private Opening() {}

        public static void main(String... args) throws Exception {
            SqliteLibrary.unpack(Path.of(args[0]));
            SqliteStore.open(Path.of(args[1])).close();
            for (var line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                if (line.contains("sqlitejdbc")) {
                    System.out.println(line.replaceFirst("^.* /", "/"));
                }
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anUnpackedLibraryIsUsedAsItIs() throws Exception {
        var library = folder.resolve("native");
        for (int i = 0; i < 2; i++) {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                            System.getProperty("java.class.path"), Opening.class.getName(), library.toString(), folder.resolve("state").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said").toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(Files.readAllLines(folder.resolve("said"))).filteredOn(line -> line.contains("sqlitejdbc")).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith(library.toString()));
        }
        try (var all = Files.list(library)) {
            assertThat(all).as("nothing is left over").hasSize(1);
        }
    }
}
