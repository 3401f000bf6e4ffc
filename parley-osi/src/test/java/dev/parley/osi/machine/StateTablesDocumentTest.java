package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StateTablesDocumentTest {
    @Test
    void theDocumentIsWhatTheTablesSay() throws IOException {
        var document = Path.of("..", "docs", "state-tables.md");
        var text = StateTablesDocument.text();
        if (Boolean.getBoolean("osi.docs.write")) {
            Files.writeString(document, text);
        }

        assertThat(document).as("stale: run this test with -Dosi.docs.write=true").hasContent(text);
    }
}
