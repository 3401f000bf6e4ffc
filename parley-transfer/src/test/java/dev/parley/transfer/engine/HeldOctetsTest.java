package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients can make a receiver hold in memory.
class HeldOctetsTest {
    private static final Settings SETTINGS = new Settings(512, 2, 16, Duration.ofSeconds(20));
    private static final int CLIENTS = 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "65536, 40, 8, 8", "65536, 40, 64, 25", "1048576, 16, 4, 4", "1048576, 16, 5, 4", "1048576, 11, 64, 5", "512, 1, 64, 64"
    })
    void theWindowIsLoweredToWhatOneConnectionMayHaveUnconfirmed(int pageSize, int interval, int wanted, int granted) {
        var words = new Settings(pageSize, interval, wanted, Duration.ofSeconds(20)).write(Json.object());

        assertThat(Settings.read(words).window()).isEqualTo(granted);
    }

    @Test
    void manyClientsTogetherCannotMakeAServerHoldMoreThanItsBudgetAndAnIntervalEach() throws IOException {
        long free = highest(Long.MAX_VALUE);
        long budget = 8 << 10;

        long bounded = highest(budget);

        // What one read of the transport brings may follow.
        assertThat(bounded).isLessThanOrEqualTo(budget + CLIENTS * (SETTINGS.intervalOctets() + 600));
        assertThat(free).as("without a budget").isGreaterThan(bounded * 3 / 2);
    }

    private long highest(long budget) throws IOException {
        var held = new HeldOctets(budget);
        var crowd = new SimCrowd(1, folder, Identity.in(folder.resolve("identity")), SETTINGS, FlowRules.DEFAULT, held);
        crowd.net.slowest(Duration.ofMillis(2)).mostSegment(600);
        crowd.serverProcess.slowestWork(Duration.ofMillis(300));
        for (int i = 0; i < CLIENTS; i++) {
            crowd.member("file" + i, 40_000, false, FlowOptions.DEFAULT).start();
        }
        crowd.run("budget " + budget);
        crowd.members.forEach(member -> member.verify("budget " + budget));
        assertThat(held.held()).as("all was given back").isZero();
        return held.highest();
    }
}
