package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What users read is about what they did, not about how Java says it.
@Timeout(300)
class PlainWordsTest extends WithParleys {
    @Test
    void aHostThatNobodyKnowsIsSaidAsOne() throws Exception {
        // No resolver takes a label of 64 characters, so none is asked.
        var host = "a".repeat(64) + ".invalid";
        parleys.file("data.img", 10, 1);

        for (var told : List.of(
                parleys.run("ls", "--at", "alice@" + host, "--password-file", parleys.at("pw"), "--state", parleys.at("C")),
                parleys.run(parleys.send("data.img", host, "--max-stall", "1s")))) {
            assertThat(told.exit()).as(told.toString()).isEqualTo(4);
            assertThat(told.words()).contains("no address is known for " + host).doesNotContain("<unresolved>");
        }
    }
}
