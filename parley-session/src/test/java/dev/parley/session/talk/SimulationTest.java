package dev.parley.session.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.session.connection.Json;
import dev.parley.session.store.ConversationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jspecify.annotations.Nullable;

/// A shop and an order book in virtual time, in one thread: lines are cut, processes die in the middle of a unit, the store fails before
/// and after an operation. In the end each application has every message once, in order. A failing seed replays exactly.
@Timeout(300)
class SimulationTest {
    private static final int ORDERS = 60;
    private static final int OPEN = 10;
    private static final int MOST_EVENTS = 400_000;
    /// A few times in each run a connection has sent so much.
    private static final int KEY_OCTETS = 300;

    @Test
    void hundredsOfSeedsEndComplete() {
        run(1, 300);
    }

    @Test
    @Tag("slow")
    void tensOfThousandsOfSeedsEndComplete() {
        run(1_000, 40_000);
    }

    @Test
    void aConnectionMakesPlaceForTheNextOneWhenItsKeysAreUsedUp() {
        var run = new Run(3, 0).finish("no fault");

        // Both sides have sent about 1000 octets of entries.
        assertThat(run.connections).isBetween(3, 8);
    }

    @Test
    void aCutAfterAnyOctetInEitherDirectionLosesAndDoublesNothing() {
        var whole = new Run(7, 0, 12).finish("no cut");
        assertThat(whole.world.sent[0]).isGreaterThan(500);
        for (int side = 0; side < 2; side++) {
            for (long octets = 0; octets < whole.world.sent[side]; octets++) {
                var run = new Run(7, 0, 12);
                run.world.cutAfter[side] = octets;
                run.finish("cut after octet " + octets + " of side " + side);
            }
        }
    }

    @Test
    void aStoreThatFailsAtAnyOperationLosesAndDoublesNothing() {
        int operations = new Run(5, 0).finish("no failure").operations();
        for (int n = 1; n <= operations; n++) {
            for (boolean afterwards : new boolean[] {false, true}) {
                for (boolean book : new boolean[] {false, true}) {
                    var run = new Run(5, 0);
                    int failing = n;
                    var store = book ? run.book.store : run.shop.store;
                    var hook = afterwards ? "after" : "before";
                    java.util.function.IntConsumer fail = number -> {
                        if (number == failing) {
                            throw new SessionException.StorageFailure(hook, new IOException("disk"));
                        }
                    };
                    if (afterwards) {
                        store.after = fail;
                    } else {
                        store.before = fail;
                    }
                    run.finish("failure " + hook + " operation " + n + " of the " + (book ? "book" : "shop"));
                }
            }
        }
    }

    private static void run(long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            new Run(seed, 0.02).finish("seed " + seed);
        }
    }

    /// One simulation.
    private static final class Run implements Dialogue.Holder {
        private final World world;
        private final double trouble;
        private final int orders;
        private final Process shop;
        private final Process book;
        private int connections;
        private World.@Nullable Wire wire;

        Run(long seed, double trouble) {
            this(seed, trouble, ORDERS);
        }

        Run(long seed, double trouble, int orders) {
            this.orders = orders;
            world = new World(seed);
            this.trouble = trouble;
            var options = ConversationOptions.DEFAULT.message(2000);
            boolean asked = world.random.nextInt(3) == 0;
            shop = new Process(this, true, asked ? options.turns(ConversationOptions.Turns.ASKED) : options);
            book = new Process(this, false, asked && world.random.nextBoolean() ? options.turns(ConversationOptions.Turns.ASKED) : options);
            world.in(1, this::tend);
            world.in(1, () -> steps(shop));
            world.in(1, () -> steps(book));
        }

        int operations() {
            return Math.max(shop.store.operations(), book.store.operations());
        }

        Run finish(String what) {
            int events = 0;
            while (!isDone()) {
                assertThat(events++).as("hangs: " + what + ", shop has " + shop.log.size() + ", book " + book.log.size())
                        .isLessThan(MOST_EVENTS);
                world.step();
            }
            var numbers = LongStream.rangeClosed(1, orders).boxed().toList();
            assertThat(book.log).as(what).isEqualTo(numbers.stream().map(n -> "order " + n).toList());
            assertThat(shop.log).as(what).isEqualTo(numbers.stream().map(n -> "re order " + n).toList());
            return this;
        }

        private boolean isDone() {
            return shop.log.size() >= orders && book.log.size() >= orders;
        }

        /// Connects when there is no line; makes trouble.
        private void tend() {
            if (happens(trouble / 2) && wire != null) {
                wire.cut();
            }
            if (happens(trouble / 4)) {
                shop.restart();
            }
            if (happens(trouble / 4)) {
                book.restart();
            }
            if (!shop.hasLine()) {
                connect();
            }
            world.in(2_000 + world.random.nextInt(20_000), this::tend);
        }

        private void connect() {
            connections++;
            var next = world.new Wire();
            wire = next;
            var calling = world.new SimulatedLoop();
            var called = world.new SimulatedLoop();
            shop.loops.add(calling);
            book.loops.add(called);
            shop.wire(next);
            book.wire(next);
            next.open(
                    calling, OsiConnection.initiator(calling, OsiLimits.DEFAULT, new Side(shop, calling)),
                    called, OsiConnection.responder(called, OsiLimits.DEFAULT, new Side(book, called)));
        }

        private void steps(Process process) {
            try {
                process.step();
            } catch (SessionException.StorageFailure | Death e) {
                process.restart();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            world.in(500 + world.random.nextInt(4_000), () -> steps(process));
        }

        private boolean happens(double probability) {
            return world.random.nextDouble() < probability;
        }

        @Override
        public void over(Dialogue dialogue) {
            // A failed dialogue is begun again by the next step of its application.
        }

        @Override
        public void closed(Dialogue dialogue) {
            throw new AssertionError("nobody closes");
        }
    }

    /// The process dies here.
    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// One process: its store and its application's log outlive it, all else dies with it.
    private static final class Process {
        private final Run run;
        private final boolean isShop;
        private final ConversationOptions options;
        private final MemoryConversations store = new MemoryConversations();
        private final List<String> log = new ArrayList<>();
        private final List<World.SimulatedLoop> loops = new ArrayList<>();
        private final List<World.Wire> wires = new ArrayList<>();
        private long logged;
        private boolean lined;
        private Dialogue dialogue;
        private Conversation conversation;

        Process(Run run, boolean isShop, ConversationOptions options) {
            this.run = run;
            this.isShop = isShop;
            this.options = options;
            dialogue = begin();
            conversation = new HeldConversation(dialogue);
        }

        private Dialogue begin() {
            return new Dialogue(store, store.takeOver(1, 0), isShop, "shop", options, run, run.world);
        }

        void wire(World.Wire wire) {
            wires.add(wire);
        }

        boolean hasLine() {
            return lined;
        }

        void restart() {
            loops.forEach(World.SimulatedLoop::die);
            loops.clear();
            wires.forEach(World.Wire::cut);
            wires.clear();
            lined = false;
            dialogue = begin();
            conversation = new HeldConversation(dialogue);
        }

        private void mayDie() {
            if (run.happens(run.trouble / 20)) {
                throw new Death();
            }
        }

        void step() throws InterruptedException {
            if (isShop && log.isEmpty()) {
                while (conversation.sent() < OPEN && store.all().getFirst().received() == 0) {
                    order(conversation.sent() + 1);
                }
            }
            for (int i = run.world.random.nextInt(4); i >= 0; i--) {
                var received = conversation.receive(Duration.ZERO);
                mayDie();
                switch (received.orElse(null)) {
                    case Received.Message m -> message(m);
                    case Received.TurnAsked _ -> {
                        if (conversation.hasTurn()) {
                            conversation.giveTurn();
                        }
                    }
                    case Received.TurnGiven _ -> {}
                    case null -> {
                        return;
                    }
                    default -> throw new AssertionError(received);
                }
                mayDie();
            }
        }

        /// Numbers count the turns too, so the shop counts its orders in its log.
        private void message(Received.Message m) throws InterruptedException {
            if (m.number() > logged) {
                log.add(m.text());
                logged = m.number();
            }
            mayDie();
            if (!isShop) {
                conversation.send(("re " + m.text()).getBytes());
            } else {
                long next = Long.parseLong(m.text().substring(9)) + OPEN;
                if (next <= run.orders) {
                    order(next);
                }
            }
        }

        private void order(long number) throws InterruptedException {
            conversation.send(("order " + number).getBytes());
        }
    }

    /// A connection of one process, without the login.
    private static final class Side implements SessionService.User {
        private final Process process;
        private final World.SimulatedLoop loop;
        private @Nullable SessionService service;
        private @Nullable Line line;

        Side(Process process, World.SimulatedLoop loop) {
            this.process = process;
            this.loop = loop;
            if (process.isShop) {
                process.lined = true;
            }
        }

        @Override
        public void ready(SessionService ready) {
            service = ready;
            if (process.isShop) {
                var words = Json.object().put("received", process.dialogue.received());
                ready.request(new Request.Connect(
                        ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, Line.UNITS, Optional.of(1L), Optional.empty(),
                        Line.tokens(Token.Side.ACCEPTOR_CHOOSES), Json.encode(words)));
                ready.flush();
            }
        }

        @Override
        public void indication(Indication indication) {
            try {
                switch (indication) {
                    case Indication.Connect c -> accept(Json.number(Json.decode(c.userData()), "received", 0, Long.MAX_VALUE));
                    case Indication.Accepted a -> {
                        var state = attach(Json.number(Json.decode(a.userData()), "received", 0, Long.MAX_VALUE));
                        java.util.Objects.requireNonNull(line).start(state);
                    }
                    case Indication.UserAbort _, Indication.ProviderAbort _ -> {
                        if (line != null) {
                            line.stop();
                        }
                    }
                    default -> java.util.Objects.requireNonNull(line).indication(indication);
                }
            } catch (SessionException.ConnectionLost | SessionException.OutOfSequence | SessionException.StorageFailure e) {
                java.util.Objects.requireNonNull(service).disconnect();
            }
        }

        private Dialogue.Attached attach(long peerReceived) {
            var limits = new Line.Limits(40, KEY_OCTETS);
            var begun = new Line(loop, java.util.Objects.requireNonNull(service), process.dialogue, process.options, limits);
            line = begun;
            return process.dialogue.attach(begun, peerReceived, process.options.message());
        }

        private void accept(long received) {
            var state = attach(received);
            boolean mine = state.turn() == ConversationStore.HELD || state.turn() > received;
            var connection = java.util.Objects.requireNonNull(service);
            connection.request(new Request.Accept(
                    ConnectionIdentifier.NONE, Spdu.NO_DATA, Line.UNITS, Optional.of(1L), Optional.empty(),
                    Line.tokens(mine ? Token.Side.ACCEPTOR : Token.Side.REQUESTOR), Set.of(),
                    Json.encode(Json.object().put("received", state.received()))));
            connection.flush();
            java.util.Objects.requireNonNull(line).start(state);
        }

        @Override
        public void writable() {
            if (line != null) {
                line.writable();
            }
        }

        @Override
        public void closed(String reason) {
            if (line != null) {
                line.closed(reason);
            }
            if (process.isShop && process.loops.contains(loop)) {
                process.lined = false;
            }
        }
    }
}
