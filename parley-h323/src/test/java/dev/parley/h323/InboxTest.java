package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a flood from outside can crowd out, and what not.
@Timeout(60)
class InboxTest {
    private static final Event TOLD = new Event.Ring();
    private static final Event OWN = new Event.Place();
    private static final Event OFFERED = new Event.WantFastUpdate();

    private final Inbox inbox = new Inbox();

    private void tell(int count) {
        for (int i = 0; i < count; i++) {
            inbox.tell(() -> Optional.of(TOLD));
        }
    }

    private List<Event> all() throws InterruptedException {
        var events = new ArrayList<Event>();
        for (var next = inbox.take(0); next.isPresent(); next = inbox.take(0)) {
            next.get().get().ifPresent(events::add);
        }
        return events;
    }

    @Test
    void whatTheCallFindsOutItselfIsNeverLeftOut() throws Exception {
        tell(Inbox.MOST_FROM_OUTSIDE);
        inbox.own(OWN);
        inbox.offer(OFFERED);

        // In order: a release that the peer sent before its connection broke is seen before the break.
        assertThat(all()).hasSize(Inbox.MOST_FROM_OUTSIDE + 1).endsWith(TOLD, OWN);
    }

    @Test
    void whatNeedNotBeIsTakenWhileThereIsRoom() throws Exception {
        tell(Inbox.MOST_FROM_OUTSIDE - 1);
        inbox.own(OWN);
        inbox.offer(OFFERED);

        assertThat(all()).endsWith(OWN, OFFERED);
        tell(Inbox.MOST_FROM_OUTSIDE);
        assertThat(all()).as("there is room again").hasSize(Inbox.MOST_FROM_OUTSIDE);
    }

    @Test
    void whoeverTellsTooMuchWaitsUntilThereIsRoomOrTheEnd() throws Exception {
        tell(Inbox.MOST_FROM_OUTSIDE);
        var told = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            tell(1);
            told.countDown();
        });
        assertThat(inbox.take().get()).contains(TOLD);
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();

        var late = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> inbox.tell(() -> {
            late.complete("looked at");
            return Optional.empty();
        }));
        inbox.close();
        assertThat(late.get(30, TimeUnit.SECONDS)).isEqualTo("looked at");
    }
}
