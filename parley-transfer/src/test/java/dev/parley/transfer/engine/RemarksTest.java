package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.connection.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemarksTest {
    private static List<String> read(String... warnings) {
        var words = Json.object();
        var list = words.putArray("warnings");
        for (var warning : warnings) {
            list.add(warning);
        }
        return Remarks.read(words).stream().map(w -> ((TransferEvent.Warning) w).words()).toList();
    }

    private static String[] many(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "w" + i).toArray(String[]::new);
    }

    @Test
    void remarksAreReadInTheirOrderAndOtherWordsAreNone() {
        assertThat(read("one", "two")).containsExactly("one", "two");
        assertThat(Remarks.read(Json.object().put("warnings", "one"))).isEmpty();
        assertThat(Remarks.read(Json.object().put("flow", "x"))).isEmpty();
    }

    @Test
    void aHostileServerCanNeitherFloodNorDriveTheTerminal() {
        assertThat(read(many(51))).hasSize(51);
        assertThat(read(many(52))).as("50 and how many more there are").hasSize(51);
        assertThat(read("x".repeat(500))).containsExactly("x".repeat(500));
        assertThat(read("x".repeat(501))).containsExactly("x".repeat(500) + "...");
        assertThat(read("a\u001b[2Jb\nc")).allSatisfy(w -> assertThat(w).doesNotContain("\u001b", "\n"));
    }
}
