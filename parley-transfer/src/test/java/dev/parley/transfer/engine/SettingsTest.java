package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Duration KEEPALIVE = Settings.DEFAULT.keepalive();

    @Test
    void eachLimitIsSaidByItself() {
        refused(511, 40, 8, KEEPALIVE, "a page has 512 octets to 1 MiB, not 511 octets");
        refused((1 << 20) + 1, 40, 8, KEEPALIVE, "a page has 512 octets to 1 MiB, not 1048577 octets");
        refused(512, 0, 8, KEEPALIVE, "a checkpoint comes every 1 to 4096 pages, not 0");
        refused(512, 4097, 8, KEEPALIVE, "a checkpoint comes every 1 to 4096 pages, not 4097");
        refused(1 << 20, 17, 8, KEEPALIVE, "from one checkpoint to the next there are 16 MiB at most, not 17 pages of 1048576 octets");
        refused(512, 40, 0, KEEPALIVE, "the window is 1 to 64 checkpoints, not 0");
        refused(512, 40, 65, KEEPALIVE, "the window is 1 to 64 checkpoints, not 65");
        refused(512, 40, 8, Duration.ofMillis(999), "the keepalive is 1 s to 1 h, not 0.999 s");
        refused(512, 40, 8, Duration.ofSeconds(3601), "the keepalive is 1 s to 1 h, not 3601 s");
        assertThat(new Settings(512, 4096, 64, Duration.ofSeconds(1)).window()).isEqualTo(64);
        assertThat(new Settings(1 << 20, 16, 1, Duration.ofHours(1)).interval()).isEqualTo(16);
    }

    private static void refused(int pageSize, int interval, int window, Duration keepalive, String words) {
        assertThatThrownBy(() -> new Settings(pageSize, interval, window, keepalive)).isInstanceOf(IllegalArgumentException.class).hasMessage(words);
    }
}
