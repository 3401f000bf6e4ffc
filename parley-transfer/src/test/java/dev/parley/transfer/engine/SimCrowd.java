package dev.parley.transfer.engine;

import dev.parley.runtime.Tap;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import dev.parley.testkit.SimCable;
import dev.parley.testkit.SimDisk;
import dev.parley.testkit.SimNet;
import dev.parley.testkit.SimProcess;
import dev.parley.testkit.SimWorld;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One server and many clients in virtual time, each with a process, a disk and a store of its own. A client runs its command, reconnects, and
/// can be killed and started again.
final class SimCrowd {
    static final char[] PASSWORD = "secret".toCharArray();
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    final SimWorld world;
    final SimNet net;
    final WireTap tap;
    final SimStore serverStore = new SimStore();
    final SimDisk serverDisk;
    final SimProcess serverProcess;
    final List<String> log = new ArrayList<>();
    final List<Member> members = new ArrayList<>();
    final TransferServer server;
    private final Path folder;
    private final Path root;
    private final Settings settings;

    SimCrowd(long seed, Path folder, Identity identity, Settings settings, FlowRules rules) throws IOException {
        this(seed, folder, identity, settings, rules, new HeldOctets(HeldOctets.BUDGET));
    }

    SimCrowd(long seed, Path folder, Identity identity, Settings settings, FlowRules rules, HeldOctets held) throws IOException {
        world = new SimWorld(seed);
        net = new SimNet(world);
        tap = new WireTap(world::nanoTime);
        this.folder = folder;
        this.settings = settings;
        root = Files.createDirectories(folder.resolve("served"));
        serverDisk = new SimDisk(world.random(), root);
        serverProcess = world.process("server");
        var store = serverStore.seenBy(serverProcess);
        server = new TransferServer(store, serverDisk.seenBy(serverProcess), root, identity, rules, 5,
                (n, e) -> world.trace("server: " + n + " " + e),
                words -> {
                    world.trace("server: " + words);
                    log.add(words);
                }, held);
        store.putUser(SimTransfer.user("alice", ""));
    }

    Store store() {
        return serverStore.seenBy(serverProcess);
    }

    /// A client that will send a file of this size, or get it.
    Member member(String name, int size, boolean get, FlowOptions flow) throws IOException {
        return member(name, "alice", size, get, flow);
    }

    Member member(String name, String user, int size, boolean get, FlowOptions flow) throws IOException {
        var member = new Member(name, user, size, get, flow);
        members.add(member);
        return member;
    }

    /// Runs until all are over.
    void run(String what) {
        if (!world.run(() -> members.stream().allMatch(m -> m.result != null), Duration.ofHours(12))) {
            throw new AssertionError(what + ": it hangs\n" + world.trace());
        }
    }

    final class Member {
        final String name;
        final List<TransferEvent> events = new ArrayList<>();
        final SimStore store = new SimStore();
        final SimDisk disk;
        final byte[] content;
        TransferClient.@Nullable Result result;
        @Nullable SimCable cable;
        SimProcess process;
        long endedAt;
        private final String user;
        private final boolean get;
        private final FlowOptions flow;
        private final Path file;
        private final Path here;
        private @Nullable TransferClient client;
        private @Nullable Backoff backoff;

        Member(String name, String user, int size, boolean get, FlowOptions flow) throws IOException {
            this.name = name;
            this.user = user;
            this.get = get;
            this.flow = flow;
            here = Files.createDirectories(folder.resolve("here-" + name));
            disk = new SimDisk(world.random(), here);
            content = new byte[size];
            new Random(name.hashCode()).nextBytes(content);
            file = Files.write((get ? root : folder).resolve(name), content);
            (get ? serverDisk : disk).put(file, content, Files.getLastModifiedTime(file).toMillis());
            process = world.process(name);
        }

        Member startAfter(Duration delay) {
            world.after(delay, this::start);
            return this;
        }

        void start() {
            process = world.process(name);
            result = null;
            try {
                var job = new TransferClient.Job(
                        "send " + name, InetSocketAddress.createUnresolved("server", 1), Optional.empty(), user, PASSWORD, get, get ? name : "",
                        Target.OnExists.FAIL, get ? List.of() : Source.below(file), here, settings, PATIENCE, flow,
                        FileOptions.DEFAULT);
                var mine = new TransferClient(store.seenBy(process), disk.seenBy(process), job, Tap.NONE, SimTransfer.ITERATIONS, e -> {
                    world.trace(name + ": " + e);
                    events.add(e);
                });
                client = mine;
                backoff = new Backoff(PATIENCE, world.nanoTime());
                attempt(mine, process);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void attempt(TransferClient of, SimProcess in) {
            if (!in.isAlive() || client != of) {
                return;
            }
            var loop = in.loop();
            var session = of.session(loop);
            session.outcome().thenAccept(outcome -> loop.execute(() -> ended(of, in, outcome)));
            var wire = tap.new Connection(name);
            var made = net.connect(loop, wire.client(session.handler()), serverProcess, l -> wire.server(server.connection(l)));
            cable = made.orElse(null);
            if (made.isEmpty()) {
                ended(of, in, new Outcome.Lost("refused"));
            }
        }

        private void ended(TransferClient of, SimProcess in, Outcome outcome) {
            world.trace(name + ": " + outcome);
            if (client != of) {
                return;
            }
            endedAt = world.nanoTime();
            switch (outcome) {
                case Outcome.Done _ -> result = of.result(Optional.empty(), "done");
                case Outcome.Failed(var failure, var words) -> result = of.result(Optional.of(failure), words);
                case Outcome.Forgotten(var words) -> result = of.result(Optional.of(Failure.REFUSED), words);
                case Outcome.Strange(var words) -> result = of.result(Optional.of(Failure.REFUSED), words);
                case Outcome.Lost(var reason) -> {
                    events.add(new TransferEvent.Lost(reason));
                    java.util.Objects.requireNonNull(backoff).afterLoss(world.nanoTime(), of.hasProgressed()).ifPresentOrElse(
                            wait -> in.loop().schedule(wait, () -> attempt(of, in)),
                            () -> result = of.result(Optional.of(Failure.LOST), reason));
                }
            }
        }

        /// As by kill -9; started again a little later.
        void killAndRestart(Duration later) {
            if (result == null && process.isAlive()) {
                process.kill();
                world.after(later, this::start);
            }
        }

        String user() {
            return user;
        }

        boolean transmits() {
            return events.stream().anyMatch(TransferEvent.Sent.class::isInstance);
        }

        List<TransferEvent.Token.State> tokenStates() {
            return events.stream().filter(TransferEvent.Token.class::isInstance).map(e -> ((TransferEvent.Token) e).state()).distinct().toList();
        }

        void verify(String what) {
            if (result == null || result.failure().isPresent()) {
                throw new AssertionError(what + ": " + name + " ended with " + result + "\n" + world.trace());
            }
            var arrived = (get ? disk : serverDisk).content((get ? here : root).resolve(name));
            if (arrived.isEmpty() || !Arrays.equals(arrived.get(), content)) {
                throw new AssertionError(what + ": " + name + " did not arrive as it was sent\n" + world.trace());
            }
        }
    }
}
