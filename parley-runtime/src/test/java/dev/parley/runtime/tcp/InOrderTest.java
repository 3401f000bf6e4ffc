package dev.parley.runtime.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private final ArrayDeque<Runnable> borrowed = new ArrayDeque<>();
    private final InOrder order = new InOrder(borrowed::add);
    private final List<String> done = new ArrayList<>();

    @Test
    void aTaskRunsHereWhenNoOtherDoes() {
        order.executeHere(() -> done.add("here"));

        assertThat(done).containsExactly("here");
        assertThat(borrowed).isEmpty();
    }

    @Test
    void aTaskThatComesMeanwhileRunsAfterItOnTheSameThread() {
        order.executeHere(() -> {
            order.execute(() -> done.add("second"));
            order.executeHere(() -> done.add("third"));
            done.add("first");
        });

        assertThat(done).containsExactly("first", "second", "third");
        assertThat(borrowed).isEmpty();
    }

    @Test
    void whatComesMeanwhileCanBeLeftToAnotherThread() {
        order.executeOneHere(() -> {
            order.execute(() -> done.add("second"));
            order.executeOneHere(() -> done.add("third"));
            done.add("first");
        });
        assertThat(done).containsExactly("first");

        borrowed.remove().run();

        assertThat(done).containsExactly("first", "second", "third");
        assertThat(borrowed).isEmpty();
        order.executeOneHere(() -> done.add("fourth"));
        assertThat(done).endsWith("fourth");
    }

    @Test
    void aTaskWaitsForTheThreadThatIsAtIt() {
        order.execute(() -> done.add("first"));
        order.executeHere(() -> done.add("second"));
        assertThat(done).isEmpty();

        borrowed.remove().run();

        assertThat(done).containsExactly("first", "second");
        assertThat(borrowed).isEmpty();
    }

    @Test
    void nothingNewIsTakenAfterTheEnd() {
        order.stop();

        assertThatThrownBy(() -> order.executeHere(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void oneTaskAtATimeWhoeverBringsThem() throws Exception {
        int each = 20_000;
        var busy = new CountDownLatch(3);
        int[] count = {0};
        try (var threads = Executors.newCachedThreadPool()) {
            var shared = new InOrder(threads);
            for (int i = 0; i < 3; i++) {
                Consumer<Runnable> way = List.<Consumer<Runnable>>of(shared::execute, shared::executeHere, shared::executeOneHere).get(i);
                threads.execute(() -> {
                    for (int n = 0; n < each; n++) {
                        way.accept(() -> count[0]++);
                    }
                    shared.execute(busy::countDown);
                });
            }
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(count[0]).isEqualTo(3 * each);
    }
}
