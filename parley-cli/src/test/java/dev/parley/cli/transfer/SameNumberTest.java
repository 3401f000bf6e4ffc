package dev.parley.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.Parley;
import dev.parley.cli.term.CommandFailed;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.admin.SessionInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two servers gave the same session number: numbers follow the clock, and each server has its own.
class SameNumberTest {
    private static final long NUMBER = 1_795_562_667_000L;
    private static final String ONE = "SHA256:one";
    private static final String OTHER = "SHA256:other";

    @TempDir
    Path folder;

    private StateOption state;
    private Commands commands;
    private SqliteStore store;

    @BeforeEach
    void begin() {
        state = StateOption.at(folder);
        commands = new Commands(state);
        store = SqliteStore.open(state.client());
        for (var server : List.of(ONE, OTHER)) {
            commands.remember(NUMBER, server, command(server));
            store.putTransfer(new Store.Transfer("get from " + server, NUMBER, server, "open", 1, 0, 0));
            var mine = store.adopt(server, NUMBER, "alice", folder.toString(), 1);
            store.confirm(new Store.Progress(mine.number(), server + ".img", mine.epoch(), 1, 100, new byte[0], "{}", 200));
        }
    }

    @AfterEach
    void end() {
        store.close();
    }

    private Commands.Command command(String server) {
        return new Commands.Command(List.of("get", "alice@" + server.substring(7) + "/file", folder.resolve("out").toString()), 1);
    }

    private ClientSessions sessions(String server) {
        return new ClientSessions(store, commands, server);
    }

    @Test
    void eachServerHasItsOwnCommandAndFiles() {
        assertThat(commands.find(NUMBER, ONE)).contains(command(ONE));
        assertThat(commands.find(NUMBER, OTHER)).contains(command(OTHER));
        assertThat(commands.find(NUMBER)).extracting(Commands.Known::server).containsExactlyInAnyOrder(ONE, OTHER);
        assertThat(commands.find(NUMBER + 1)).isEmpty();
        assertThat(commands.find(NUMBER / 10)).as("not the beginning of another one").isEmpty();
        assertThat(sessions("").list(true)).extracting(SessionInfo::role).containsExactlyInAnyOrder(command(ONE).text(), command(OTHER).text());
        assertThat(sessions(OTHER).show(NUMBER).orElseThrow().items()).extracting(SessionInfo.Item::name).containsExactly(OTHER + ".img");
    }

    @Test
    void theNumberAloneIsNotEnoughAndTheAnswerSaysWhichServersThereAre() throws IOException {
        assertThatThrownBy(() -> sessions("").cancel(NUMBER, "")).isInstanceOf(CommandFailed.class).hasMessageContaining(ONE)
                .hasMessageContaining(OTHER);
        var words = new ByteArrayOutputStream();
        assertThat(Parley.run(new ByteArrayOutputStream(), words, "resume", String.valueOf(NUMBER), "--state", folder.toString())).isEqualTo(2);
        assertThat(words.toString(StandardCharsets.UTF_8)).contains("--server", ONE, OTHER);
        assertThat(commands.continuation(NUMBER, command(ONE))).as("what to type").isEqualTo(command(ONE).text());
    }

    @Test
    void oneIsForgottenAndTheOtherStays() {
        assertThat(sessions(ONE).cancel(NUMBER, "")).isTrue();

        assertThat(commands.find(NUMBER)).singleElement().satisfies(k -> assertThat(k.command()).isEqualTo(command(OTHER)));
        assertThat(commands.continuation(NUMBER, command(OTHER))).startsWith("parley resume " + NUMBER);
        assertThat(store.transfers()).singleElement().satisfies(t -> assertThat(t.server()).isEqualTo(OTHER));
        assertThat(sessions("").show(NUMBER).orElseThrow().items()).extracting(SessionInfo.Item::name).containsExactly(OTHER + ".img");
        assertThat(store.adopted(ONE, NUMBER)).isEqualTo(Optional.empty());
        assertThat(sessions("").cancel(NUMBER, "")).isTrue();
        assertThat(sessions("").cancel(NUMBER, "")).isFalse();
    }
}
