package dev.parley.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final List<String> MOVING =
            List.of("5.00 MiB safe, 6.00 MiB sent, 2.00 MiB/s, 54 s left", "5.00 MiB safe, 54 s left", "5.00 MiB safe");

    @Test
    void aWideTerminalShowsEverything() {
        assertThat(Progress.fit("big.img", 50, MOVING, 100)).isEqualTo(
                "big.img [" + "=".repeat(15) + " ".repeat(15) + "]  50% 5.00 MiB safe, 6.00 MiB sent, 2.00 MiB/s, 54 s left");
    }

    @Test
    void aNarrowOneDropsTheBarThenTheNameThenWords() {
        assertThat(Progress.fit("big.img", 13, MOVING, 66)).isEqualTo("big.img  13% " + MOVING.get(0));
        assertThat(Progress.fit("big.img", 13, MOVING, 57)).isEqualTo(" 13% " + MOVING.get(0));
        assertThat(Progress.fit("big.img", 13, MOVING, 39)).isEqualTo("big.img  13% 5.00 MiB safe, 54 s left");
        assertThat(Progress.fit("big.img", 13, MOVING, 20)).isEqualTo(" 13% 5.00 MiB safe");
        assertThat(Progress.fit("big.img", 13, MOVING, 10)).isEqualTo(" 13% 5.00 ");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        for (int columns = 1; columns < 200; columns++) {
            assertThat(Progress.fit("a name that is longer than twenty", 100, MOVING, columns).length()).isLessThanOrEqualTo(columns);
        }
    }
}
