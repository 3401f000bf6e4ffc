package dev.parley.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import dev.parley.session.store.ConversationStore.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConversationsTest {
    @TempDir
    Path folder;

    private SqliteConversations store;
    private ConversationStore.Record one;

    @BeforeEach
    void open() {
        store = SqliteConversations.open(folder);
        one = store.takeOver(store.create("shop", "orders", "k1", 7, 2, 1000).id(), 1000);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatWasCommittedIsThereAfterReopening() {
        store.commit(one.id(), 1, List.of(entry(1), entry(2)), 0, 0, 0, 1500);
        store.append(one.id(), 1, List.of(entry(1), new Entry(2, Kind.TURN, new byte[0])), true, 1500);
        store.close();
        store = SqliteConversations.open(folder);

        assertThat(store.byKey("shop", "k1")).get().isEqualTo(new ConversationStore.Record(
                one.id(), "shop", "orders", "k1", 7, 1, State.OPEN, "", 2, 0, 2, 0, ConversationStore.HELD, 1500));
        assertThat(store.outgoing(one.id())).extracting(Entry::number).containsExactly(1L, 2L);
        assertThat(store.incoming(one.id())).extracting(Entry::kind).containsExactly(Kind.MESSAGE, Kind.TURN);
    }

    @Test
    void confirmedAndAcknowledgedEntriesAreDropped() {
        store.commit(one.id(), 1, List.of(entry(1), entry(2)), 0, 0, 0, 1500);
        store.append(one.id(), 1, List.of(entry(1), entry(2)), false, 1500);
        store.commit(one.id(), 1, List.of(entry(3)), 1, 2, 3, 1500);

        assertThat(store.outgoing(one.id())).extracting(Entry::number).containsExactly(2L, 3L);
        assertThat(store.incoming(one.id())).isEmpty();
        assertThat(store.byName("shop", "orders")).get().extracting(ConversationStore.Record::turn).isEqualTo(3L);
    }

    @Test
    void anOlderEpochMayNotWriteAndChangesNothing() {
        store.takeOver(one.id(), 2000);

        assertThatThrownBy(() -> store.commit(one.id(), 1, List.of(entry(1)), 0, 0, 0, 1500))
                .isInstanceOf(SessionException.TakenOver.class);
        assertThatThrownBy(() -> store.append(one.id(), 1, List.of(entry(1)), false, 1500)).isInstanceOf(SessionException.TakenOver.class);
        assertThat(store.outgoing(one.id())).isEmpty();
        assertThat(store.byKey("shop", "k1").orElseThrow().sent()).isZero();
    }

    @Test
    void aFailedCommitChangesNothing() {
        store.commit(one.id(), 1, List.of(entry(1)), 0, 0, 0, 1500);

        assertThatThrownBy(() -> store.commit(one.id(), 1, List.of(entry(2), entry(1)), 0, 0, 0, 1500))
                .isInstanceOf(SessionException.StorageFailure.class);
        assertThat(store.byKey("shop", "k1").orElseThrow().sent()).isEqualTo(1);
        assertThat(store.outgoing(one.id())).hasSize(1);
    }

    @Test
    void openConversationsAreLimitedAndEndedOnesDoNotCount() {
        store.create("shop", "more", "k2", 8, 2, 1000);
        assertThatThrownBy(() -> store.create("shop", "most", "k3", 9, 2, 1000)).isInstanceOf(SessionException.LimitReached.class);

        store.end(one.id(), State.RELEASED, "", 3000);

        assertThat(store.create("shop", "most", "k3", 9, 2, 1000).state()).isEqualTo(State.OPEN);
    }

    @Test
    void anEndKeepsTheRecordAndDropsTheEntriesUntilItExpires() {
        store.commit(one.id(), 1, List.of(entry(1)), 0, 0, 0, 1500);
        store.end(one.id(), State.ABORTED, "enough", 3000);
        store.end(one.id(), State.RELEASED, "", 4000);

        assertThat(store.byKey("shop", "k1").orElseThrow()).matches(r -> r.state() == State.ABORTED && r.words().equals("enough"));
        assertThat(store.outgoing(one.id())).isEmpty();
        assertThat(store.expire(3000)).isZero();
        assertThat(store.expire(3001)).isEqualTo(1);
        assertThat(store.all()).isEmpty();
    }

    private static Entry entry(long number) {
        return new Entry(number, Kind.MESSAGE, new byte[] {1, 2, 3});
    }
}
