package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Identity;
import dev.parley.testkit.SimCable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How sessions end: by agreement, by refusal of it, by abort, by loss of the peer; in virtual time.
class TearDownTest {
    private static final Duration KEEPALIVE = Duration.ofSeconds(5);
    private static final Settings SETTINGS = new Settings(512, 2, 3, KEEPALIVE);

    @TempDir
    Path folder;

    private SimCrowd crowd;

    @BeforeEach
    void serve() throws IOException {
        crowd = new SimCrowd(1, folder, Identity.in(folder.resolve("identity")), SETTINGS, FlowRules.DEFAULT);
        crowd.net.slowest(Duration.ofMillis(10));
    }

    /// A client of the test's own.
    private final class Guest implements Conversation {
        final List<Indication> heard = new ArrayList<>();
        final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
        final SimCable cable;
        private final ClientSession session;
        private final Runnable begin;
        private boolean started;

        Guest(Runnable begin) {
            this.begin = begin;
            var loop = crowd.world.process("guest").loop();
            var plan = new ClientPlan("alice", SimCrowd.PASSWORD, "send", "", "fail", _ -> 0, SETTINGS, FlowOptions.DEFAULT, 1,
                    FileOptions.DEFAULT, SimTransfer.ITERATIONS);
            session = new ClientSession(loop, plan, (_, _, _) -> this, _ -> {});
            session.outcome().thenAccept(outcome::set);
            cable = crowd.net.connect(loop, session.handler(), crowd.serverProcess, crowd.server::connection).orElseThrow();
        }

        void request(Request request) {
            session.service().request(request);
            session.service().flush();
        }

        @Override
        public void start() {
            started = true;
            begin.run();
        }

        @Override
        public void indication(Indication indication) {
            heard.add(indication);
        }

        @Override
        public void writable() {
            // The test says what is sent.
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public void closed() {
            // The outcome says it.
        }
    }

    private Guest guest() {
        var guest = new Guest(() -> {});
        assertThat(crowd.world.run(() -> guest.started, Duration.ofMinutes(1))).isTrue();
        return guest;
    }

    private void settle() {
        crowd.world.run(() -> false, Duration.ofSeconds(1));
    }

    private static Request offer() {
        return new Request.CapabilityData(Json.encode(Json.object().put("name", "half").put("size", 1000).put("modified", 1).put("mode", -1)));
    }

    @Test
    void aSessionWhoseWorkIsDoneIsReleasedInGoodOrder() throws IOException {
        var member = crowd.member("done", 10_000, false, FlowOptions.DEFAULT);
        member.start();

        crowd.run("done");

        member.verify("done");
        settle();
        assertThat(crowd.store().sessions("alice")).singleElement().satisfies(s -> assertThat(s.state()).isEqualTo("done"));
        assertThat(crowd.log).noneMatch(line -> line.contains("abort"));
    }

    /// The file is agreed on and nothing of it came yet.
    @Test
    void aSideWithUnfinishedWorkRefusesTheReleaseAndGoesOn() {
        var guest = guest();
        guest.request(offer());
        settle();

        guest.request(new Request.Release(false, Spdu.NO_DATA));
        settle();

        assertThat(guest.heard).last().isInstanceOfSatisfying(
                Indication.ReleaseConfirm.class, c -> assertThat(c.affirmative()).as("released").isFalse());
        assertThat(guest.outcome.get()).as("the session goes on").isNull();
        guest.request(new Request.ActivityStart(ByteBuffer.wrap(new byte[] {1}), Spdu.NO_DATA));
        settle();
        assertThat(guest.outcome.get()).isNull();
    }

    @Test
    void anAbortBringsItsReasonToTheOtherSidesUser() {
        var guest = guest();
        // A page without an offer: the server ends this.
        guest.request(new Request.ActivityStart(ByteBuffer.wrap(new byte[] {1}), Spdu.NO_DATA));
        settle();
        assertThat(guest.outcome.get()).isInstanceOfSatisfying(Outcome.Failed.class, f ->
                assertThat(f.words()).isEqualTo("an activity began without an offer"));

        var other = guest();
        other.request(new Request.Abort(Json.encode(Json.object().put("words", "the moon is in the wrong phase").put("code", 10))));
        settle();
        assertThat(crowd.log).anyMatch(line -> line.contains("the moon is in the wrong phase"));
    }

    @Test
    void eachSideNoticesTheLossOfTheOtherByKeepaliveAndTheStateIsKept() {
        var guest = guest();
        guest.request(offer());
        settle();
        long begun = crowd.world.nanoTime();
        guest.cable.silence();

        crowd.world.run(() -> guest.outcome.get() != null, Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(crowd.world.nanoTime() - begun)).isBetween(KEEPALIVE.dividedBy(2), KEEPALIVE.multipliedBy(2));
        assertThat(guest.outcome.get()).isInstanceOfSatisfying(
                Outcome.Lost.class, l -> assertThat(l.reason()).isEqualTo("nothing was heard of the server for 5 s"));
        crowd.world.run(() -> false, KEEPALIVE);
        assertThat(crowd.log).contains("nothing was heard of the peer for 5 s");
        assertThat(crowd.store().sessions("alice")).singleElement().satisfies(s -> assertThat(s.state()).as("can be resumed").isEqualTo("open"));
    }

    @Test
    void anIdleSessionIsKeptAliveByBothSides() {
        var guest = guest();
        crowd.world.run(() -> false, Duration.ofHours(1));
        assertThat(guest.outcome.get()).isNull();
    }

    /// Its disk takes longer for the answer to an offer than the keepalive. It says so, and is not given up.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowAnswerToAnOfferIsNoLoss(boolean get) throws IOException {
        var member = crowd.member("slow", 20_000, get, FlowOptions.DEFAULT);
        member.start();
        crowd.world.run(() -> !member.events.isEmpty(), Duration.ofMinutes(1));
        (get ? member.process : crowd.serverProcess).slowestWork(KEEPALIVE.multipliedBy(20));

        crowd.run("slow");

        member.verify("slow");
        assertThat(member.events).noneMatch(TransferEvent.Lost.class::isInstance);
        assertThat(crowd.net.cables()).hasSize(1);
        assertThat(Duration.ofNanos(crowd.world.nanoTime())).isGreaterThan(KEEPALIVE.multipliedBy(2));
    }

    /// Silence keeps its meaning while an answer is outstanding.
    @Test
    void aServerThatFallsSilentBeforeItAnswersAnOfferIsLostAfterTheKeepalive() throws IOException {
        var member = crowd.member("quiet", 20_000, false, FlowOptions.DEFAULT);
        member.start();
        crowd.world.run(() -> !member.events.isEmpty(), Duration.ofMinutes(1));
        crowd.serverProcess.slowestWork(Duration.ofMinutes(10));
        settle();
        long begun = crowd.world.nanoTime();
        java.util.Objects.requireNonNull(member.cable).silence();

        crowd.world.run(() -> member.events.stream().anyMatch(TransferEvent.Lost.class::isInstance), Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(crowd.world.nanoTime() - begun)).isBetween(KEEPALIVE.dividedBy(2), KEEPALIVE.multipliedBy(2));
        crowd.serverProcess.slowestWork(Duration.ofMillis(2));
        crowd.run("quiet");
        member.verify("quiet");
    }

    /// The old connection is half open: its client is frozen with all its work, and a new process of the same command comes.
    @Test
    void aNewerConnectionTakesOverFromAHalfOpenOneAndTheOlderIsFenced() throws IOException {
        var member = crowd.member("taken", 60_000, false, FlowOptions.DEFAULT);
        member.start();
        crowd.world.run(() -> member.events.size() > 20, Duration.ofMinutes(1));
        var old = member.process;
        var oldCable = java.util.Objects.requireNonNull(member.cable);
        old.freeze(Duration.ofSeconds(3));
        long number = crowd.store().sessions("alice").getFirst().number();

        member.start();
        crowd.run("take-over");
        crowd.world.run(() -> false, Duration.ofSeconds(10));

        member.verify("take-over");
        assertThat(crowd.log).contains("a newer connection has taken over the session");
        assertThat(crowd.store().session(number)).hasValueSatisfying(s -> assertThat(s.epoch()).isEqualTo(2));
        assertThat(oldCable.waiting(SimCable.Way.TO_CLIENT)).as("nothing more was said to the old one").isZero();
        assertThat(Optional.of(old.isAlive())).hasValue(true);
    }
}
