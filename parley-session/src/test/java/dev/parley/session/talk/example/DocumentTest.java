package dev.parley.session.talk.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The code in the document is the code that the tests run.
class DocumentTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n// (\\S+)\n(.*?)```", Pattern.DOTALL);

    @Test
    void theCodeInTheDocumentIsTheSourceOfTheExample() throws IOException {
        var document = Files.readString(Path.of("../docs/durable-conversation.md"));
        var block = BLOCK.matcher(document);
        int found = 0;
        while (block.find()) {
            var source = Files.readString(Path.of("src/test/java/dev/parley/session/talk/example", block.group(1)));
            assertThat(block.group(2)).as(block.group(1)).isEqualTo(source.substring(source.indexOf("///")));
            found++;
        }
        assertThat(found).isEqualTo(3);
    }
}
