package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.login.Credentials;
import dev.parley.session.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How much the sessions of one user may store together.
class UserRoomTest {
    private long there = 60;
    private final UserRoom room = new UserRoom(100, () -> there);

    @Test
    void allSessionsOfAUserHaveOneRoom() throws IOException {
        var first = room.enter();
        var second = room.enter();
        first.claim(30);
        // The first one has not written yet.
        assertThatThrownBy(() -> second.claim(11)).isInstanceOf(SessionException.LimitReached.class).hasMessageContaining("quota of 100 octets");
        second.claim(10);
        there = 100;

        assertThatThrownBy(() -> first.claim(1)).isInstanceOf(SessionException.LimitReached.class);
        first.claim(-5);
        there = 95;
        assertThatCode(() -> second.check(5, "x")).doesNotThrowAnyException();
        assertThatThrownBy(() -> second.check(6, "x")).isInstanceOf(SessionException.LimitReached.class);
    }

    @Test
    void whatIsDeletedMeanwhileMakesRoom() throws IOException {
        var mine = room.enter();
        mine.claim(40);
        there = 100;
        assertThatThrownBy(() -> mine.check(1, "a file")).isInstanceOf(SessionException.LimitReached.class)
                .hasMessageStartingWith("there is no room for a file within the quota: of 100 octets 100 are in use");

        there = 30;

        mine.claim(70);
        assertThatThrownBy(() -> {
            there = 100;
            mine.claim(1);
        }).isInstanceOf(SessionException.LimitReached.class);
    }

    @Test
    void theWholeFolderOfTheUserCountsAndTheLastSessionClosesTheRoom(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        Files.write(folder.resolve("sub/file"), new byte[60]);
        var rooms = new UserRooms();
        var user = user(100);
        var first = rooms.enter(user, folder);
        var second = rooms.enter(user, folder);
        first.claim(40);
        assertThatThrownBy(() -> second.claim(1)).isInstanceOf(SessionException.LimitReached.class);

        rooms.leave(first);
        rooms.leave(second);

        assertThatCode(() -> rooms.enter(user, folder).claim(40)).as("nothing of it was written").doesNotThrowAnyException();
        assertThatCode(() -> rooms.enter(user(0), folder).claim(Long.MAX_VALUE)).doesNotThrowAnyException();
        assertThat(rooms.enter(user(0), folder)).isSameAs(UserRoom.UNLIMITED);
    }

    private static Store.User user(long quota) {
        return Credentials.derive("bob", "secret".toCharArray(), "", true, true, quota);
    }
}
