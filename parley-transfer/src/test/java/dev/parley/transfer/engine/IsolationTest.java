package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.runtime.Link;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Identity;
import dev.parley.testkit.SimCable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions do not touch each other, and nobody takes another one's: in virtual time.
class IsolationTest {
    private static final Settings SETTINGS = new Settings(512, 2, 3, Duration.ofSeconds(5));

    @TempDir
    Path folder;

    private Identity identity;

    @BeforeEach
    void prepare() {
        identity = Identity.in(folder.resolve("identity"));
    }

    private SimCrowd crowd(long seed) throws IOException {
        var crowd = new SimCrowd(seed, folder, identity, SETTINGS, FlowRules.DEFAULT);
        crowd.net.slowest(Duration.ofMillis(10));
        return crowd;
    }

    /// Ten users, ten files each of different content, at once, with cuts, silent lines, frozen and killed clients among them.
    @Test
    void noOctetCrossesOverBetweenAHundredSessions() throws IOException {
        var crowd = crowd(1);
        for (int u = 0; u < 10; u++) {
            crowd.store().putUser(SimTransfer.user("user" + u, ""));
        }
        for (int i = 0; i < 100; i++) {
            crowd.member("file" + i, "user" + i % 10, 4_000 + 97 * i, i % 2 == 0, FlowOptions.DEFAULT)
                    .startAfter(Duration.ofMillis(crowd.world.random().nextInt(50)));
        }
        for (int i = 0; i < 100; i += 3) {
            strike(crowd, crowd.members.get(i), crowd.world.random().nextInt(12), i % 4);
        }

        crowd.run("a hundred");

        crowd.members.forEach(m -> m.verify("a hundred"));
        assertThat(crowd.net.cables().size()).as("faults that hit").isGreaterThan(120);
        var numbers = new HashSet<Long>();
        for (var member : crowd.members) {
            var mine = java.util.Objects.requireNonNull(member.result).session();
            assertThat(numbers.add(mine)).as("session " + mine + " is one member's").isTrue();
            assertThat(crowd.store().session(mine)).hasValueSatisfying(s -> assertThat(s.user()).isEqualTo(member.user()));
        }
    }

    private static void strike(SimCrowd crowd, SimCrowd.Member victim, int events, int how) {
        if (victim.result != null) {
            return;
        }
        if (victim.cable == null || victim.events.size() < events) {
            crowd.world.after(Duration.ofMillis(2), () -> strike(crowd, victim, events, how));
            return;
        }
        switch (how) {
            case 0 -> victim.cable.cut();
            case 1 -> victim.cable.silence();
            case 2 -> victim.killAndRestart(Duration.ofMillis(300));
            default -> victim.process.freeze(Duration.ofSeconds(20));
        }
    }

    /// A client that says whatever it wants.
    private static Outcome dial(SimCrowd crowd, String user, String role, long resume) {
        var process = crowd.world.process("stranger");
        var loop = process.loop();
        var plan = new ClientPlan(
                user, SimCrowd.PASSWORD, role, role.equals("get") ? "note" : "", "fail", _ -> resume, SETTINGS, FlowOptions.DEFAULT, 1,
                FileOptions.DEFAULT, SimTransfer.ITERATIONS);
        var session = new ClientSession(loop, plan, (_, _, _) ->
                new Quiet(() -> {}), _ -> {});
        var outcome = new AtomicReference<@Nullable Outcome>();
        session.outcome().thenAccept(outcome::set);
        crowd.net.connect(loop, session.handler(), crowd.serverProcess, crowd.server::connection);
        crowd.world.run(() -> outcome.get() != null, Duration.ofMinutes(1));
        return java.util.Objects.requireNonNull(outcome.get());
    }

    @Test
    void aForgedResumeOfSomeoneElsesSessionIsRefusedAndDisturbsNobody() throws IOException {
        var crowd = crowd(2);
        crowd.store().putUser(SimTransfer.user("mallory", ""));
        var alice = crowd.member("mine", 60_000, false, FlowOptions.DEFAULT);
        Files.writeString(folder.resolve("served/note"), "hello");
        alice.start();
        crowd.world.run(() -> alice.events.size() > 20, Duration.ofMinutes(1));
        long number = crowd.store().sessions("alice").getFirst().number();

        var forged = dial(crowd, "mallory", "send", number);
        var wrongRole = dial(crowd, "alice", "get", number);
        var unknown = dial(crowd, "alice", "send", 42);
        crowd.run("alice");

        for (var outcome : List.of(forged, wrongRole, unknown)) {
            assertThat(outcome).as("the same for all, as for a session that was forgotten").isInstanceOfSatisfying(
                    Outcome.Forgotten.class, f -> assertThat(f.words()).contains("is not one of yours"));
        }
        alice.verify("alice");
        assertThat(alice.events).as("she noticed nothing").noneMatch(TransferEvent.Lost.class::isInstance);
        assertThat(crowd.store().session(number)).hasValueSatisfying(s -> assertThat(s.epoch()).isEqualTo(1));
    }

    @Test
    void twoSessionsOfOneUserForTheSameFileDoNotMix() throws IOException {
        var crowd = crowd(3);
        var first = crowd.member("same", 30_000, false, FlowOptions.DEFAULT);
        var second = crowd.member("same", 30_000, false, FlowOptions.DEFAULT);
        first.start();
        second.startAfter(Duration.ofMillis(5));

        crowd.run("same name");

        var results = crowd.members.stream().map(m -> java.util.Objects.requireNonNull(m.result)).toList();
        assertThat(results).filteredOn(r -> r.failure().isEmpty()).as("one of them has the name").hasSize(1);
        assertThat(results).filteredOn(r -> r.failure().isPresent()).singleElement()
                .satisfies(r -> assertThat(r.words()).contains("exists already"));
    }

    /// What waits at the server for a client that reads no more, while the client goes on asking.
    @Test
    void nothingPilesUpForAPeerThatStopsReading() throws IOException {
        var crowd = crowd(4);
        for (int i = 0; i < 400; i++) {
            crowd.store().newSession("alice", "send", 1_800_000_000_000L + i);
        }
        var loop = crowd.world.process("stubborn").loop();
        var plan = new ClientPlan("alice", SimCrowd.PASSWORD, "admin", "", "fail", _ -> 0, SETTINGS, FlowOptions.DEFAULT, 1,
                FileOptions.DEFAULT, SimTransfer.ITERATIONS);
        var service = new AtomicReference<@Nullable SessionService>();
        var session = new ClientSession(loop, plan, (client, _, _) -> new Quiet(() -> service.set(client.service())), _ -> {});
        var link = new AtomicReference<@Nullable Link>();
        var cable = crowd.net.connect(loop, grab(session.handler(), link), crowd.serverProcess, crowd.server::connection).orElseThrow();
        crowd.world.run(() -> service.get() != null, Duration.ofMinutes(1));
        var wire = java.util.Objects.requireNonNull(link.get());
        wire.setReading(false);

        long most = 0;
        for (int i = 0; i < 300; i++) {
            var spdu = SpduCodec.encode(new Spdu.CapabilityData(
                    dev.parley.osi.wire.Enclosure.of(true, true), Json.encode(Json.object().put("do", "ls"))));
            int size = 7;
            for (var part : spdu) {
                size += part.remaining();
            }
            wire.write(ByteBuffer.allocate(7).put(new byte[] {3, 0, (byte) (size >> 8), (byte) size, 2, (byte) 0xF0, (byte) 0x80}).flip());
            wire.write(spdu);
            wire.flush();
            crowd.world.run(() -> false, Duration.ofMillis(50));
            most = Math.max(most, cable.waiting(SimCable.Way.TO_CLIENT));
        }

        assertThat(most).as("300 answers of 40 kB are 12 MB").isBetween(100_000L, 400_000L);
        assertThat(cable.waiting(SimCable.Way.TO_SERVER)).as("what it asks waits at its own side").isPositive();
    }

    @Test
    void aServerThatSendsStopsWhenThePeerDoesNotRead() throws IOException {
        var crowd = crowd(5);
        var big = crowd.member("big", 3_000_000, true, FlowOptions.DEFAULT);
        big.start();
        crowd.world.run(big::transmits, Duration.ofMinutes(1));
        var cable = java.util.Objects.requireNonNull(big.cable);
        big.process.freeze(Duration.ofSeconds(4));

        long most = 0;
        for (int i = 0; i < 300; i++) {
            crowd.world.run(() -> false, Duration.ofMillis(10));
            most = Math.max(most, cable.waiting(SimCable.Way.TO_CLIENT));
        }
        crowd.run("big");

        big.verify("big");
        assertThat(most).as("a window and no more").isLessThan(3 * 2 * 512 + 4096);
    }

    /// A client that sends checkpoints without end and does not wait for any to be confirmed.
    @Test
    void aWindowThatIsNotKeptEndsTheConnection() throws IOException {
        var crowd = crowd(6);
        crowd.member("unused", 1, false, FlowOptions.DEFAULT);
        crowd.serverProcess.slowestWork(Duration.ofSeconds(1));
        var loop = crowd.world.process("hasty").loop();
        var plan = new ClientPlan("alice", SimCrowd.PASSWORD, "send", "", "fail", _ -> 0, SETTINGS, FlowOptions.DEFAULT, 1,
                FileOptions.DEFAULT, SimTransfer.ITERATIONS);
        var outcome = new AtomicReference<@Nullable Outcome>();
        var session = new ClientSession(loop, plan, (client, _, _) -> new Hasty(client), _ -> {});
        session.outcome().thenAccept(outcome::set);
        crowd.net.connect(loop, session.handler(), crowd.serverProcess, crowd.server::connection);

        crowd.world.run(() -> outcome.get() != null, Duration.ofMinutes(5));

        assertThat(outcome.get()).isInstanceOfSatisfying(Outcome.Failed.class, f ->
                assertThat(f.words()).contains("checkpoints are unconfirmed: the window is that large"));
    }

    private static Link.Handler grab(Link.Handler handler, AtomicReference<@Nullable Link> link) {
        return new Link.Handler() {
            @Override
            public void opened(Link opened) {
                link.set(opened);
                handler.opened(opened);
            }

            @Override
            public void received(ByteBuffer bytes) {
                handler.received(bytes);
            }

            @Override
            public void writable() {
                handler.writable();
            }

            @Override
            public void closed(String reason) {
                handler.closed(reason);
            }
        };
    }

    private record Quiet(Runnable started) implements Conversation {
        @Override
        public void start() {
            started.run();
        }

        @Override
        public void indication(dev.parley.osi.Indication indication) {
            // It does not read.
        }

        @Override
        public void writable() {
            // It has nothing to say.
        }

        @Override
        public boolean isBusy() {
            return true;
        }

        @Override
        public void closed() {
            // Nothing is held.
        }
    }

    /// Sends a hundred checkpoints of one octet at once.
    private record Hasty(ClientSession owner) implements Conversation {
        @Override
        public void start() {
            var offer = Json.object().put("name", "hasty").put("size", 1000).put("modified", 1).put("mode", -1);
            owner.service().request(new Request.CapabilityData(Json.encode(offer)));
            owner.service().flush();
        }

        @Override
        public void indication(dev.parley.osi.Indication indication) {
            if (indication instanceof dev.parley.osi.Indication.CapabilityDataConfirm) {
                var service = owner.service();
                service.request(new Request.ActivityStart(ByteBuffer.wrap(new byte[] {1}), Spdu.NO_DATA));
                for (int i = 0; i < 100; i++) {
                    var crc = new java.util.zip.CRC32C();
                    crc.update(7);
                    service.request(new Request.Data(ByteBuffer.wrap(new byte[] {7})));
                    service.request(new Request.SyncMinor(
                            true, false, ByteBuffer.allocate(12).putInt((int) crc.getValue()).putLong(i + 1).flip()));
                }
                service.flush();
            }
        }

        @Override
        public void writable() {
            // It has said everything.
        }

        @Override
        public boolean isBusy() {
            return true;
        }

        @Override
        public void closed() {
            // Nothing is held.
        }
    }
}
