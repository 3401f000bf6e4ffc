package dev.parley.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);

    private void pass(Duration time) {
        now.addAndGet(time.toMillis());
    }

    @Test
    void aSessionIsForgottenAWeekAfterItsLastConnection() {
        try (var store = SqliteStore.open(folder.resolve("state"))) {
            var session = store.newSession("alice", "send", now.get());
            var expiry = new Expiry(store, folder, WEEK, _ -> false, now::get);

            pass(WEEK);
            expiry.run();
            assertThat(store.session(session.number())).isPresent();

            pass(Duration.ofMillis(1));
            expiry.run();
            assertThat(store.session(session.number())).isEmpty();
        }
    }

    @Test
    void onlyTheFolderThatASessionReceivesIntoIsLookedAt() throws IOException {
        try (var store = SqliteStore.open(folder.resolve("state"))) {
            var session = store.newSession("alice", "send", "alice/sub", now.get());
            var mine = Files.createDirectories(folder.resolve("alice/sub/.parley")).resolve(session.number() + "-x.part");
            var other = Files.createDirectories(folder.resolve("alice/locked/.parley")).resolve(session.number() + "-x.part");
            Files.writeString(mine, "unfinished");
            Files.writeString(other, "none of its business");

            pass(WEEK.plusMillis(1));
            new Expiry(store, folder, WEEK, _ -> false, now::get).run();

            assertThat(store.session(session.number())).isEmpty();
            assertThat(mine).doesNotExist();
            assertThat(other).exists();
        }
    }

    /// A transfer of ten days: its one connection began ten days ago, and the server dies and comes back.
    @Test
    void aLongTransferIsNotForgottenWhenTheServerStartsAgain() {
        try (var store = SqliteStore.open(folder.resolve("state"))) {
            var session = store.newSession("alice", "send", now.get());
            var before = new Expiry(store, folder, WEEK, Set.of(session.number())::contains, now::get);
            for (int hour = 0; hour < 240; hour++) {
                pass(before.pace());
                before.run();
            }

            new Expiry(store, folder, WEEK, _ -> false, now::get).run();

            assertThat(store.session(session.number())).isPresent();
        }
    }
}
