package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a user who has logged in may ask for. What cannot be leaves no session behind.
class AdmissionTest {
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path folder;

    private final Store.User alice = Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0);
    private Store store;
    private Admission admission;

    @BeforeEach
    void prepare() throws Exception {
        store = SqliteStore.open(folder.resolve("state"));
        Files.createDirectories(folder.resolve("inbox"));
        var server = new TransferServer(
                store, new OsDisk(), folder.resolve("inbox"), Identity.in(folder.resolve("state")), (_, _) -> {}, _ -> {});
        admission = new Admission(server, NOW);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ObjectNode words(String role) {
        return Settings.DEFAULT.write(Json.object().put("role", role));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"role\":\"own\"}", "{\"onExists\":\"eat\"}", "{\"flow\":{\"class\":\"BULK\"}}", "{\"flow\":{\"priority\":99}}", "{\"path\":\"../x\"}",
        "{\"path\":\"/etc\"}", "{\"role\":\"get\",\"path\":\"nothing\"}", "{\"window\":65}", "{\"pageSize\":1048576,\"interval\":4096}",
        "{\"keepalive\":1}", "{\"lastSerial\":0}"
    })
    void whatCannotBeLeavesNoSession(String change) {
        var asked = words("send");
        Json.parse(change).properties().forEach(entry -> asked.set(entry.getKey(), entry.getValue()));

        assertThatThrownBy(() -> admission.begin(alice, asked)).isInstanceOfAny(SessionException.class, Admission.NoSource.class);
        assertThat(store.sessions("")).isEmpty();
    }

    @Test
    void aSessionOfSomebodyElseIsAsUnknownAsOneThatNeverWas() {
        var theirs = store.newSession("bob", "send", NOW);
        var mine = store.newSession("alice", "get", NOW);

        for (long number : new long[] {theirs.number(), mine.number(), 5}) {
            assertThatThrownBy(() -> admission.begin(alice, words("send").put("resume", number)))
                    .isInstanceOf(Admission.Forgotten.class).hasMessage("session " + number + " is not one of yours for this folder");
        }
        assertThat(store.session(theirs.number())).contains(theirs);
    }
}
