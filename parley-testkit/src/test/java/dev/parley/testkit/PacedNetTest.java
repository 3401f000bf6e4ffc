package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.Link;
import dev.parley.runtime.pace.Pace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Connections that keep to one pace, in virtual time.
class PacedNetTest {
    private static final int PAGE = 16 << 10;

    private final SimWorld world = new SimWorld(5);

    /// Sends pages as long as its link is writable, as a sender of files does.
    private static final class Pump implements Link.Handler {
        private final int most;
        private int sent;
        private @Nullable Link link;

        Pump(int most) {
            this.most = most;
        }

        @Override
        public void opened(Link opened) {
            link = opened;
            writable();
        }

        @Override
        public void received(ByteBuffer bytes) {
            throw new AssertionError("nobody answers");
        }

        @Override
        public void writable() {
            while (link != null && sent < most && link.isWritable()) {
                link.write(ByteBuffer.allocate(PAGE));
                link.flush();
                sent += PAGE;
            }
        }

        @Override
        public void closed(String reason) {
            link = null;
        }
    }

    private static final class Sink implements Link.Handler {
        private long arrived;

        @Override
        public void opened(Link opened) {
            // It only listens.
        }

        @Override
        public void received(ByteBuffer bytes) {
            arrived += bytes.remaining();
        }

        @Override
        public void writable() {
            // It says nothing.
        }

        @Override
        public void closed(String reason) {
            // Nothing to give back.
        }
    }

    @Test
    void sendersOfOneProcessShareTheRateFairly() {
        var pace = new Pace(Pace.LEAST);
        var net = new SimNet(world);
        List<Sink> sinks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var sink = new Sink();
            sinks.add(sink);
            var loop = world.process("client " + i).loop();
            var handler = pace.on(new Pump(Integer.MAX_VALUE - PAGE), loop);
            assertThat(net.connect(loop, handler, world.process("server " + i), _ -> sink)).isPresent();
        }

        world.run(() -> false, Duration.ofSeconds(60));

        long arrived = sinks.stream().mapToLong(s -> s.arrived).sum();
        assertThat(arrived).isBetween(58 * Pace.LEAST, 61 * Pace.LEAST + 3 * PAGE);
        sinks.forEach(s -> assertThat(s.arrived).isBetween(18 * Pace.LEAST, 22 * Pace.LEAST));
    }

    @Test
    void aReceiverKeepsToItByNotReadingAndNothingIsLost() {
        var pace = new Pace(Pace.LEAST);
        var sink = new Sink();
        int size = 40 * PAGE;
        var net = new SimNet(world).buffer(PAGE);
        long start = world.nanoTime();
        assertThat(net.connect(world.process("client").loop(), new Pump(size), world.process("server"), l -> pace.on(sink, l))).isPresent();

        assertThat(world.run(() -> sink.arrived == size, Duration.ofSeconds(60))).isTrue();

        assertThat(Duration.ofNanos(world.nanoTime() - start)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12));
    }

    @Test
    void aRateIsWithinItsBounds() {
        assertThatThrownBy(() -> new Pace(Pace.LEAST - 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("octets a second");
        assertThatThrownBy(() -> new Pace(Pace.MOST + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Pace(Pace.MOST)).isNotNull();
    }
}
