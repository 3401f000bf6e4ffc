package dev.parley.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsTest {
    /// A reader that takes the first line only when it is let go.
    private static final class SlowReader extends OutputStream {
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final StringBuilder read = new StringBuilder();

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            reading.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            read.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void write(int octet) {
            throw new AssertionError("events are written as lines");
        }
    }

    @Test
    void aSlowReaderStallsNobodyAndGetsTheLastOfWhatCoalesces() throws Exception {
        var reader = new SlowReader();
        var events = new Events(reader);
        events.tell(Terminal.event("connected"));
        reader.reading.await();

        for (int i = 0; i < 100_000; i++) {
            events.tell("progress", Terminal.event("progress").put("sent", i));
        }
        events.tell(Terminal.event("done"));
        reader.go.countDown();
        events.close();

        assertThat(reader.read.toString().lines()).containsExactly(
                "{\"type\":\"connected\"}", "{\"type\":\"progress\",\"sent\":99999}", "{\"type\":\"done\"}");
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        var reader = new SlowReader();
        var events = new Events(reader);
        events.tell(Terminal.event("first"));
        reader.reading.await();

        for (int i = 0; i <= 10_000; i++) {
            events.tell(Terminal.event("resync").put("n", i));
        }
        reader.go.countDown();
        events.close();

        assertThat(reader.read.toString().lines()).hasSize(10_001).contains("{\"type\":\"resync\",\"n\":10000}")
                .doesNotContain("{\"type\":\"resync\",\"n\":0}");
    }

    @Test
    void aReaderThatLeavesIsForgotten() {
        var events = new Events(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("broken pipe");
            }
        });

        for (int i = 0; i < 1000; i++) {
            events.tell(Terminal.event("progress"));
        }
        events.close();

        events.tell(Terminal.event("done"));
    }
}
