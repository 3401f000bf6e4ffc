package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.login.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.List;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
    private static final long NOW = 1_800_000_000_500L;

    @TempDir
    Path folder;

    @Test
    void numbersAreNeverReusedAlsoAfterReopeningRemovalAndAClockSetBack() {
        var used = new HashSet<Long>();
        for (int run = 0; run < 3; run++) {
            try (var store = SqliteStore.open(folder)) {
                for (int i = 0; i < 20; i++) {
                    var session = store.newSession("alice", "send", NOW - run * 86_400_000L);
                    assertThat(used.add(session.number())).as("number " + session.number()).isTrue();
                    store.removeSession(session.number());
                }
            }
        }
    }

    @Test
    void aStateRestoredFromABackupNeverGivesOutAUsedNumber() throws IOException {
        var used = new HashSet<Long>();
        try (var store = SqliteStore.open(folder)) {
            used.add(store.newSession("alice", "send", NOW).number());
        }
        var backup = Files.copy(folder.resolve("parley.db"), folder.resolve("backup"));
        try (var store = SqliteStore.open(folder)) {
            for (int i = 0; i < 500; i++) {
                used.add(store.newSession("alice", "send", NOW + i).number());
            }
        }
        Files.copy(backup, folder.resolve("parley.db"), StandardCopyOption.REPLACE_EXISTING);

        try (var store = SqliteStore.open(folder)) {
            for (int i = 0; i < 500; i++) {
                assertThat(used.add(store.newSession("bob", "get", NOW + 1000 + i).number())).isTrue();
            }
        }
    }

    @Test
    void onlyTheNewestConnectionOfASessionWritesItsProgress() {
        try (var store = SqliteStore.open(folder)) {
            var first = store.newSession("alice", "send", NOW);
            store.confirm(progress(first, 1, 100));
            var second = store.takeOver(first.number(), NOW + 1);

            assertThatThrownBy(() -> store.confirm(progress(first, 2, 200))).isInstanceOf(SessionException.Refused.class);
            assertThat(store.progress(first.number(), "file")).hasValueSatisfying(p -> assertThat(p.offset()).isEqualTo(100));
            store.confirm(progress(second, 2, 300));
            assertThat(store.progress(first.number(), "file")).hasValueSatisfying(p -> assertThat(p.offset()).isEqualTo(300));
        }
    }

    private static Store.Progress progress(Store.Session session, long serial, long offset) {
        return new Store.Progress(session.number(), "file", session.epoch(), serial, offset, new byte[8], "{}", 1000);
    }

    @Test
    void aSessionThatDoesNotExistCannotBeTakenOverAndHasNoProgress() {
        try (var store = SqliteStore.open(folder)) {
            assertThatThrownBy(() -> store.takeOver(5, NOW)).isInstanceOf(SessionException.Refused.class);
            assertThat(store.session(5)).isEmpty();
            assertThat(store.removeSession(5)).isFalse();
        }
    }

    @Test
    void whatIsStoredIsThereAfterReopening() {
        var user = Credentials.derive("alice", "secret".toCharArray(), "sub", true, false, 77);
        try (var store = SqliteStore.open(folder)) {
            store.putUser(user);
            store.putServer("host", "SHA256:x");
            store.putTransfer(new Store.Transfer("send a", 9, "SHA256:x", "open", NOW, 5, 10));
            store.putTransfer(new Store.Transfer("send b", 10, "SHA256:x", "open", NOW, 5, 10));
            store.noteSent("send b", 7, 11);
            store.noteSent("nobody", 7, 11);
            store.adopt("SHA256:x", 9, "alice", "/here", NOW);
            store.note(new Store.Progress(9, "half", 1, 3, 100, new byte[] {1}, "{}", 200));
            store.confirm(new Store.Progress(9, "file", 1, 3, 100, new byte[] {1}, "{}", 200));
            store.complete(9, 1, List.of(new Store.Completion("file", "receipt"), new Store.Completion("other", "details")));
            assertThatThrownBy(() -> store.complete(9, 0, List.of(new Store.Completion("late", "details"))))
                    .isInstanceOf(SessionException.Refused.class);
        }

        try (var store = SqliteStore.open(folder)) {
            assertThat(store.user("alice")).hasValueSatisfying(read -> {
                assertThat(read.storedKey()).isEqualTo(user.storedKey());
                assertThat(read.root()).isEqualTo("sub");
                assertThat(read.mayGet()).isFalse();
                assertThat(read.quota()).isEqualTo(77);
            });
            assertThat(store.server("host")).contains("SHA256:x");
            assertThat(store.transfer("send a")).contains(new Store.Transfer("send a", 9, "SHA256:x", "open", NOW, 5, 10));
            assertThat(store.transfer("send b")).contains(new Store.Transfer("send b", 10, "SHA256:x", "open", NOW, 7, 11));
            assertThat(store.transfer("nobody")).isEmpty();
            assertThat(store.progressOf(9)).extracting(Store.Progress::item).containsExactly("half");
            assertThat(store.completion(9, "file")).contains("receipt");
            assertThat(store.completion(9, "other")).contains("details");
            assertThat(store.completion(9, "late")).isEmpty();
        }
    }

    /// Two servers that begin their first session in the same second give the same number.
    @Test
    void sessionsOfTwoServersWithTheSameNumberAreKeptApart() {
        try (var store = SqliteStore.open(folder)) {
            var one = store.adopt("SHA256:one", 5000, "alice", "/here", NOW);
            store.confirm(progress(one, 1, 100));
            var other = store.adopt("SHA256:other", 5000, "alice", "/here", NOW);
            store.confirm(progress(other, 1, 700));
            store.confirm(progress(one, 2, 200));

            var again = store.adopt("SHA256:one", 5000, "alice", "/here", NOW);
            assertThat(again.number()).isEqualTo(one.number()).isEqualTo(5000);
            assertThat(again.epoch()).isEqualTo(one.epoch() + 1);
            assertThat(store.progress(again.number(), "file")).hasValueSatisfying(p -> assertThat(p.offset()).isEqualTo(200));
            assertThat(store.adopt("SHA256:other", 5000, "alice", "/here", NOW).number()).isEqualTo(other.number());
            store.removeSession(other.number());
            assertThat(store.adopt("SHA256:other", 5000, "alice", "/here", NOW).number()).isNotIn(one.number(), other.number());
        }
    }

    /// Verifiers are good for guessing, and for playing the server.
    @Test
    void theStateIsForItsOwnerOnly() throws IOException {
        var state = folder.resolve("parent/state");
        try (var store = SqliteStore.open(state); var conversations = SqliteConversations.open(state)) {
            store.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
            assertThat(conversations.all()).isEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwx------");
            try (var files = Files.list(state)) {
                assertThat(files).isNotEmpty().allSatisfy(
                        file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void oneAtATimeWorksForACommand() {
        try (var store = SqliteStore.open(folder)) {
            var mine = store.claim("get x").orElseThrow();
            assertThat(store.claim("get x")).isEmpty();
            assertThat(store.claim("get y")).isPresent();
            mine.close();
            assertThat(store.claim("get x")).isPresent();
        }
    }

    /// SQLite takes a transaction back by itself when the disk is full. What comes after it must not become part of a transaction that nobody
    /// commits: a confirmed point would be gone with the process.
    @Test
    void afterAFullDiskWhatIsConfirmedIsDurableAgain() {
        try (var store = SqliteStore.open(folder, List.of("max_page_count = 40"))) {
            var session = store.newSession("alice", "send", NOW);
            assertThatThrownBy(() -> store.complete(session.number(), 1, List.of(new Store.Completion("big", "x".repeat(1 << 20)))))
                    .isInstanceOf(SessionException.StorageFailure.class).hasMessageContaining("full");
            store.confirm(progress(session, 1, 100));

            try (var other = SqliteStore.open(folder)) {
                assertThat(other.progress(session.number(), "file")).hasValueSatisfying(p -> assertThat(p.offset()).isEqualTo(100));
                other.putServer("host", "nobody holds the lock");
            }
            store.complete(session.number(), 1, List.of(new Store.Completion("small", "x")));
            assertThat(store.completion(session.number(), "small")).contains("x");
        }
    }

    @Test
    void aDiscardedItemHasNoProgressAndAnOlderConnectionDiscardsNothing() {
        try (var store = SqliteStore.open(folder)) {
            var old = store.newSession("alice", "send", NOW);
            store.confirm(progress(old, 3, 100));
            var taken = store.takeOver(old.number(), NOW);

            assertThatThrownBy(() -> store.discard(old.number(), old.epoch(), "file")).isInstanceOf(SessionException.Refused.class);
            assertThat(store.progress(old.number(), "file")).isPresent();
            store.discard(taken.number(), taken.epoch(), "file");
            assertThat(store.progress(old.number(), "file")).isEmpty();
        }
    }

    @Test
    void aStateOfAnotherVersionIsRefusedAndLeftAlone() throws Exception {
        SqliteStore.open(folder).close();
        for (var other : java.util.Map.of(99, "a newer Parley", 1, "an older Parley").entrySet()) {
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("parley.db"));
                    var statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = " + other.getKey());
            }

            assertThatThrownBy(() -> SqliteStore.open(folder)).isInstanceOf(SessionException.Refused.class)
                    .hasMessageContaining(other.getValue());
        }
    }

    @Test
    void aStateOfTheVersionBeforeIsBroughtUp() throws Exception {
        long number;
        try (var store = SqliteStore.open(folder)) {
            number = store.newSession("alice", "get", NOW).number();
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("parley.db"));
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE session DROP COLUMN sent");
            statement.execute("PRAGMA user_version = 2");
        }

        try (var store = SqliteStore.open(folder)) {
            assertThat(store.session(number)).isPresent();
            assertThat(store.sent(number)).isZero();
            store.noteSent(number, 42);
            assertThat(store.sent(number)).isEqualTo(42);
            assertThat(store.newSession("alice", "get", NOW).number()).isGreaterThan(number);
        }
    }

    @Test
    void aSessionThatIsGoneWasCancelledAndNotTakenOver() {
        try (var store = SqliteStore.open(folder)) {
            var session = store.newSession("alice", "send", NOW);
            assertThat(store.isBlank(session.number())).isTrue();
            store.confirm(progress(session, 1, 10));
            assertThat(store.isBlank(session.number())).isFalse();
            store.complete(session.number(), session.epoch(), List.of(new Store.Completion("file", "{}")));
            assertThat(store.completions(session.number())).extracting(Store.Completion::item).containsExactly("file");
            assertThat(store.isBlank(session.number())).isFalse();

            store.removeSession(session.number());

            assertThatThrownBy(() -> store.confirm(progress(session, 2, 20))).isInstanceOf(SessionException.Cancelled.class);
            assertThatThrownBy(() -> store.complete(session.number(), session.epoch(), List.of())).isInstanceOf(SessionException.Cancelled.class);
            assertThatThrownBy(() -> store.discard(session.number(), session.epoch(), "file")).isInstanceOf(SessionException.Cancelled.class);
        }
    }
}
