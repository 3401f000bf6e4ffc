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
                boolean here = i > 0;
                threads.execute(() -> {
                    for (int n = 0; n < each; n++) {
                        Runnable task = () -> count[0]++;
                        if (here) {
                            shared.executeHere(task);
                        } else {
                            shared.execute(task);
                        }
                    }
                    shared.execute(busy::countDown);
                });
            }
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(count[0]).isEqualTo(3 * each);
    }
}
