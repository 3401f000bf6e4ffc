package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimDatagramsTest {
    private final SimWorld world = new SimWorld(3);
    private final SimDatagrams network = new SimDatagrams(world);
    private final SimProcess process = world.process("one");
    private final InetSocketAddress alice = at("10.0.0.1", 5000);
    private final InetSocketAddress bob = at("10.0.0.2", 5000);
    private final List<Byte> arrived = new ArrayList<>();

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private void send(int count) throws IOException {
        var sender = network.open(alice, process.loop(), (_, _) -> { });
        for (int i = 0; i < count; i++) {
            sender.send(bob, ByteBuffer.wrap(new byte[] {(byte) i}));
        }
        world.run(() -> false, Duration.ofSeconds(10));
    }

    @Test
    void lossAndDoublingAreByChanceAndCounted() throws IOException {
        network.loss(0.1).doubling(0.1);
        network.open(bob, process.loop(), (_, d) -> arrived.add(d.get()));

        send(10_000);

        assertThat(network.lost()).isBetween(850L, 1150L);
        assertThat((long) arrived.size()).isBetween(10_000 - network.lost() + 750, 10_000 - network.lost() + 1050);
    }

    @Test
    void slowDatagramsAreOvertaken() throws IOException {
        network.delay(Duration.ofMillis(1), Duration.ofMillis(50));
        network.open(bob, process.loop(), (from, d) -> {
            assertThat(from).isEqualTo(alice);
            arrived.add(d.get());
        });

        send(100);

        assertThat(arrived).hasSize(100);
        assertThat(arrived.stream().sorted().toList()).isNotEqualTo(arrived);
    }

    @Test
    void aGroupHasManyMembersAndAnAddressOne() throws IOException {
        var group = InetAddress.ofLiteral("224.0.1.41");
        for (int i = 0; i < 2; i++) {
            network.open(at("10.0.0.3", 1718), Optional.of(group), process.loop(), (_, d) -> arrived.add(d.get()));
        }
        var sender = network.open(alice, process.loop(), (_, _) -> { });

        sender.send(new InetSocketAddress(group, 1718), ByteBuffer.wrap(new byte[] {7}));
        world.run(() -> false, Duration.ofSeconds(1));

        assertThat(arrived).containsExactly((byte) 7, (byte) 7);
        assertThatThrownBy(() -> network.open(alice, process.loop(), (_, _) -> { })).isInstanceOf(BindException.class);
    }

    @Test
    void aClosedSocketAndADeadProcessHearNothing() throws IOException {
        var dead = world.process("dead");
        network.open(bob, dead.loop(), (_, d) -> arrived.add(d.get()));
        dead.kill();
        network.open(at("10.0.0.4", 1), process.loop(), (_, d) -> arrived.add(d.get())).close();

        send(3);

        assertThat(arrived).isEmpty();
    }
}
