package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatWasPutIsThereAfterARestart() {
        try (var records = Records.open(folder, "names")) {
            records.put("b", "1");
            records.put("a", "first");
            records.put("a", "second");
            records.put("c", "gone");
            records.remove("c");
            records.remove("never there");
        }
        try (var records = Records.open(folder, "names"); var others = Records.open(folder, "others")) {
            assertThat(records.all()).isEqualTo(Map.of("a", "second", "b", "1"));
            assertThat(others.all()).isEmpty();
        }
    }

    @Test
    void aFileThatIsNoStoreIsAStorageFailure() throws IOException {
        Files.writeString(folder.resolve("names.db"), "this is no database, but it is long enough to look like one\n".repeat(40));
        assertThatThrownBy(() -> Records.open(folder, "names")).isInstanceOf(SessionException.StorageFailure.class)
                .hasMessageContaining("names.db");
    }
}
