package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.Link;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimNetTest {
    private static final byte[] CONTENT = new byte[300_000];

    private final SimWorld world = new SimWorld(3);
    private final SimProcess clientProcess = world.process("client");
    private final SimProcess serverProcess = world.process("server");
    private final End client = new End();
    private final End server = new End();
    private SimCable cable;

    private static final class End implements Link.Handler {
        private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        private @Nullable Link link;
        private @Nullable String closed;
        private int writable;

        Link link() {
            return Objects.requireNonNull(link);
        }

        @Override
        public void opened(Link opened) {
            link = opened;
        }

        @Override
        public void received(ByteBuffer bytes) {
            assertThat(closed).isNull();
            var octets = new byte[bytes.remaining()];
            bytes.get(octets);
            arrived.writeBytes(octets);
        }

        @Override
        public void writable() {
            writable++;
        }

        @Override
        public void closed(String reason) {
            assertThat(closed).isNull();
            closed = reason;
        }
    }

    @BeforeEach
    void connect() {
        new Random(1).nextBytes(CONTENT);
        cable = new SimNet(world).connect(clientProcess.loop(), client, serverProcess, _ -> server).orElseThrow();
        world.run(() -> client.link != null && server.link != null, Duration.ofSeconds(1));
    }

    @Test
    void whatIsWrittenArrivesBeforeTheEndOfAnOrderlyClose() {
        send();
        client.link().close();

        assertThat(world.run(() -> server.closed != null && client.closed != null, Duration.ofSeconds(10))).isTrue();

        assertThat(server.arrived.toByteArray()).isEqualTo(CONTENT);
        assertThat(server.closed).isEmpty();
    }

    @Test
    void aReaderThatStopsFillsTheBufferAndTheWriterLearnsWhenThereIsRoomAgain() {
        server.link().setReading(false);
        send();

        world.run(() -> false, Duration.ofSeconds(10));
        assertThat(client.link().isWritable()).isFalse();
        assertThat(server.arrived.size()).isZero();
        assertThat(cable.carried(SimCable.Way.TO_SERVER)).isEqualTo(64 << 10);
        server.link().setReading(true);

        assertThat(world.run(() -> server.arrived.size() == CONTENT.length, Duration.ofSeconds(10))).isTrue();
        assertThat(client.writable).isEqualTo(1);
        assertThat(client.link().isWritable()).isTrue();
    }

    @Test
    void aCutLetsExactlyTheChosenOctetsThrough() {
        cable.cutAfter(SimCable.Way.TO_SERVER, 12_345);
        send();

        assertThat(world.run(() -> server.closed != null && client.closed != null, Duration.ofSeconds(10))).isTrue();

        assertThat(server.arrived.size()).isEqualTo(12_345);
        assertThat(client.closed).isEqualTo("the line is cut");
    }

    @Test
    void damageChangesOneOctet() {
        cable.damage(SimCable.Way.TO_SERVER, 100_000, 1);
        send();
        world.run(() -> server.arrived.size() == CONTENT.length, Duration.ofSeconds(10));

        var expected = CONTENT.clone();
        expected[100_000] ^= 1;
        assertThat(server.arrived.toByteArray()).isEqualTo(expected);
    }

    @Test
    void aStalledLineGoesOnLater() {
        cable.stall(SimCable.Way.TO_SERVER, Duration.ofSeconds(30));
        send();

        assertThat(world.run(() -> server.arrived.size() > 0, Duration.ofSeconds(29))).isFalse();
        assertThat(world.run(() -> server.arrived.size() == CONTENT.length, Duration.ofSeconds(29))).isTrue();
    }

    @Test
    void aSilentLineTellsNobody() {
        cable.silence();
        send();

        assertThat(world.run(() -> client.closed != null || server.closed != null, Duration.ofHours(1))).isFalse();
        assertThat(server.arrived.size()).isZero();
    }

    @Test
    void theDeathOfAProcessClosesItsConnectionsAtThePeerAndNewOnesAreRefused() {
        serverProcess.kill();

        assertThat(world.run(() -> client.closed != null, Duration.ofSeconds(1))).isTrue();
        assertThat(server.closed).isNull();
        assertThat(new SimNet(world).connect(clientProcess.loop(), new End(), serverProcess, _ -> new End())).isEmpty();
    }

    private void send() {
        client.link().write(ByteBuffer.wrap(CONTENT));
        client.link().flush();
    }
}
