package dev.parley.transfer.engine;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import dev.parley.runtime.Tap;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import dev.parley.testkit.SimDisk;
import dev.parley.testkit.SimNet;
import dev.parley.testkit.SimProcess;
import dev.parley.testkit.SimWorld;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.tree.TreeState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Both sides of one transfer in virtual time: a server and a client process with a disk and a store each, and the line between them. The
/// client runs the command, reconnects, and is started again when it was killed; so is the server.
final class SimTransfer {
    private static final char[] PASSWORD = "secret".toCharArray();
    /// Fewer than a client takes: it logs in thousands of times here.
    static final int ITERATIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    final SimWorld world;
    final SimNet net;
    final SimDisk serverDisk;
    final SimDisk clientDisk;
    final SimStore serverStore = new SimStore();
    final SimStore clientStore = new SimStore();
    final List<String> log = new ArrayList<>();
    SimProcess serverProcess;
    SimProcess clientProcess;
    static final String STREAM = "stream";
    private final Path root;
    private final Path here;
    private final Identity identity;
    private final Settings settings;
    private final boolean get;
    /// What comes as a stream of unknown length, from its beginning in each process; null when files are sent.
    private final byte @Nullable [] stream;
    private final List<Source> sources;
    private final String path;
    private final Set<String> members = new HashSet<>();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private final Map<String, Set<Receipt.Entry>> receipts = Map.of("server ", new HashSet<>(), "client ", new HashSet<>());
    private TransferServer server;
    private TransferClient client;
    private Backoff backoff;
    private TransferClient.@Nullable Result result;
    /// A client has had everything confirmed and recorded, whether or not it lived to say so.
    private boolean wasDone;
    private int runs;
    private long sent;
    private int resyncs;
    private int arrivedFiles;
    private Runnable whenArrived = () -> {};
    private String violation = "";

    /// @param folder has the folders `served` and `here`, and what is sent, as real files: names are resolved there
    /// @param from what is sent, a file or a folder; below `served` for a get
    SimTransfer(long seed, Path folder, Identity identity, Settings settings, boolean get, Path from) throws IOException {
        this(seed, folder, identity, settings, get, from, Source.below(from), null);
    }

    /// The same for the content of a file that comes through standard input, as a stream whose length nobody knows.
    static SimTransfer stream(long seed, Path folder, Identity identity, Settings settings, Path from) throws IOException {
        return new SimTransfer(seed, folder, identity, settings, false, from, List.of(), Files.readAllBytes(from));
    }

    private SimTransfer(long seed, Path folder, Identity identity, Settings settings, boolean get, Path from, List<Source> sources,
            byte @Nullable [] stream) throws IOException {
        this.world = new SimWorld(seed);
        this.net = new SimNet(world);
        this.root = folder.resolve("served");
        this.here = folder.resolve("here");
        this.identity = identity;
        this.settings = settings;
        this.get = get;
        this.sources = sources;
        this.stream = stream;
        this.path = get ? from.getFileName().toString() : "";
        serverDisk = new SimDisk(world.random(), root);
        clientDisk = new SimDisk(world.random(), here);
        for (var source : files()) {
            (get ? serverDisk : clientDisk).put(source.path(), Files.readAllBytes(source.path()), source.modifiedNanos());
        }
        startServer();
        server.store().putUser(user("alice", ""));
        startClient();
    }

    /// A verifier that costs nothing: the login is not what is tested here.
    static Store.User user(String name, String root) {
        return user(name, root, ITERATIONS);
    }

    static Store.User user(String name, String root, int iterations) {
        var salt = new byte[16];
        var mechanism = ScramMechanism.SCRAM_SHA_256;
        var salted = ScramFunctions.saltedPassword(mechanism, StringPreparation.SASL_PREPARATION, PASSWORD, salt, iterations);
        return new Store.User(name, salt, iterations, ScramFunctions.storedKey(mechanism, ScramFunctions.clientKey(mechanism, salted)),
                ScramFunctions.serverKey(mechanism, salted), root, true, true, 0);
    }

    private void startServer() {
        var process = world.process("server");
        serverProcess = process;
        server = new TransferServer(
                serverStore.seenBy(process), serverDisk.seenBy(process), root, identity, (_, e) -> event("server ", get, e), words -> {
                    world.trace("server: " + words);
                    log.add(words);
                });
    }

    private void startClient() {
        var process = world.process("client");
        clientProcess = process;
        runs++;
        var job = new TransferClient.Job(
                "the command", InetSocketAddress.createUnresolved("server", 1), Optional.empty(), "alice", PASSWORD, get, path,
                Target.OnExists.FAIL, get ? List.of() : offered(), here, settings, PATIENCE);
        client = new TransferClient(clientStore.seenBy(process), clientDisk.seenBy(process), job, Tap.NONE, ITERATIONS,
                e -> event("client ", !get, e));
        backoff = new Backoff(PATIENCE, world.nanoTime());
        attempt(client, process);
    }

    private List<Source> offered() {
        return stream == null ? sources : List.of(Source.stream(new ByteArrayInputStream(stream), STREAM, world.wallMillis()));
    }

    private void event(String who, boolean sender, TransferEvent event) {
        world.trace(who + event);
        var receipt = switch (event) {
            case TransferEvent.FileDone f -> f.receipt();
            case TransferEvent.BatchDone b -> b.receipt();
            default -> "";
        };
        if (!receipt.isEmpty()) {
            java.util.Objects.requireNonNull(receipts.get(who)).addAll(Receipt.parse(receipt).entries());
        }
        if (event instanceof TransferEvent.FileDone && !sender && --arrivedFiles == 0) {
            world.after(Duration.ZERO, whenArrived);
        }
        switch (event) {
            case TransferEvent.Checkpoint c when sender && !isBatch(c.name()) -> acknowledged.merge(c.name(), c.offset(), Math::max);
            case TransferEvent.Resumed r when sender && r.offset() < acknowledged(r.name()) ->
                violation = "resumed at " + r.offset() + ", but " + acknowledged(r.name()) + " was acknowledged";
            case TransferEvent.Started s when sender && acknowledged(s.name()) > 0 ->
                violation = "began again, but " + acknowledged(s.name()) + " was acknowledged";
            case TransferEvent.Sent s when sender -> sent += s.octets();
            case TransferEvent.Resync _ when sender -> resyncs++;
            case TransferEvent.FileDone f when sender && f.sent() > 0 && f.receipt().isEmpty() && !members.add(f.name()) ->
                violation = f.name() + " was sent again, but it was acknowledged";
            default -> {}
        }
    }

    /// Members of a batch are confirmed one by one: that they are not sent again is checked by their names.
    private static boolean isBatch(String name) {
        return name.endsWith(" small files");
    }

    private void attempt(TransferClient of, SimProcess process) {
        if (!process.isAlive()) {
            return;
        }
        var loop = process.loop();
        var session = of.session(loop);
        session.outcome().thenAccept(outcome -> loop.execute(() -> ended(of, process, outcome)));
        var cable = net.connect(loop, session.handler(), serverProcess, l -> server.connection(l));
        if (cable.isEmpty()) {
            ended(of, process, new Outcome.Lost("refused"));
        }
    }

    private void ended(TransferClient of, SimProcess process, Outcome outcome) {
        world.trace("client: " + outcome);
        switch (outcome) {
            case Outcome.Done _ -> {
                wasDone = true;
                result = of.result(Optional.empty(), "done");
            }
            // Killed between its last record and its exit: the same command begins anew and meets its own file.
            case Outcome.Failed(_, var words) when wasDone && words.contains("exists already") ->
                    result = of.result(Optional.empty(), words);
            case Outcome.Failed(var failure, var words) -> result = of.failed(failure, words);
            case Outcome.Forgotten(var words) -> {
                of.forget(words);
                attempt(of, process);
            }
            case Outcome.Strange(var words) -> result = of.result(Optional.of(Failure.REFUSED), words);
            case Outcome.Lost(var reason) -> backoff.afterLoss(world.nanoTime(), of.hasProgressed()).ifPresentOrElse(
                    wait -> process.loop().schedule(wait, () -> attempt(of, process)),
                    () -> result = of.result(Optional.of(Failure.LOST), reason));
        }
    }

    /// Runs when the receiver has told of so many complete files.
    void whenArrived(int files, Runnable then) {
        arrivedFiles = files;
        whenArrived = then;
    }

    /// Until both sides have heard the last of each other.
    void settle() {
        world.run(() -> false, Duration.ofMinutes(1));
    }

    /// Kills the server; it is started again a little later.
    ///
    /// @param power true when the power fails: what was not forced is lost
    void restartServer(boolean power, Duration later) {
        serverProcess.kill();
        if (power) {
            serverDisk.crash();
        }
        world.after(later, () -> {
            if (!serverProcess.isAlive()) {
                startServer();
            }
        });
    }

    void restartClient(boolean power, Duration later) {
        if (result == null) {
            clientProcess.kill();
            if (power) {
                clientDisk.crash();
            }
            world.after(later, () -> {
                if (!clientProcess.isAlive()) {
                    startClient();
                }
            });
        }
    }

    /// Starts again what died at an operation of its own.
    private void revive() {
        if (!serverProcess.isAlive()) {
            restartServer(world.random().nextBoolean(), Duration.ofMillis(50));
        }
        if (!clientProcess.isAlive() && result == null) {
            restartClient(world.random().nextBoolean(), Duration.ofMillis(50));
        }
    }

    void reviveAlways() {
        world.after(Duration.ofMillis(300), () -> {
            revive();
            if (result == null) {
                reviveAlways();
            }
        });
    }

    /// Runs until the command is over. A hang is a failure.
    TransferClient.Result run(String what) {
        if (!world.run(() -> result != null, Duration.ofHours(2)) || result == null) {
            throw new AssertionError(what + ": it hangs after " + runs + " runs\n" + world.trace());
        }
        if (!violation.isEmpty()) {
            throw new AssertionError(what + ": " + violation + "\n" + world.trace());
        }
        return result;
    }

    /// Everything arrived as it was sent, and nothing else is there.
    void verify(String what) throws IOException {
        for (var source : files()) {
            var content = arrived(source.name());
            if (content.isEmpty() || !Arrays.equals(content.get(), Files.readAllBytes(source.path()))) {
                throw new AssertionError(what + ": " + source.name() + " did not arrive as it was sent\n" + world.trace());
            }
        }
        for (var source : files()) {
            var entry = new Receipt.Entry(source.name(), source.size(), root(Files.readAllBytes(source.path())));
            receipts.forEach((who, entries) -> {
                if (!entries.contains(entry)) {
                    throw new AssertionError(what + ": " + who + "has no receipt of " + entry + "\n" + world.trace());
                }
            });
        }
        for (var source : sources) {
            var path = (get ? here : root).resolve(source.name());
            boolean there = switch (source.kind()) {
                case FOLDER -> receiverDisk().folders().contains(path);
                case LINK -> arrived(source.name()).filter(to -> new String(to, StandardCharsets.UTF_8).equals(source.detail())).isPresent();
                default -> receiverDisk().modifiedNanos(path) == source.modifiedNanos();
            };
            if (!there) {
                throw new AssertionError(what + ": " + source + " did not arrive as it was sent\n" + world.trace());
            }
        }
        if (stream != null && !arrived(STREAM).filter(content -> Arrays.equals(content, stream)).isPresent()) {
            throw new AssertionError(what + ": the stream did not arrive as it was sent\n" + world.trace());
        }
        if (receiverDisk().files().size() != (stream != null ? 1 : 0) + sources.stream().filter(s -> s.kind() != Source.Kind.FOLDER).count()) {
            throw new AssertionError(what + ": more arrived than was sent: " + receiverDisk().files() + "\n" + world.trace());
        }
    }

    private String root(byte[] content) {
        var tree = TreeState.empty();
        for (int at = 0; at < content.length; at += settings.pageSize()) {
            tree.add(ByteBuffer.wrap(content, at, Math.min(settings.pageSize(), content.length - at)));
        }
        return tree.rootHex();
    }

    private List<Source> files() {
        return sources.stream().filter(source -> source.kind() == Source.Kind.FILE).toList();
    }

    /// The same command again, as a user would do after a failure.
    void again() {
        result = null;
        clientProcess.kill();
        startClient();
    }

    /// At most one window is sent twice for each connection that was lost and for each damage.
    void verifyResent(String what) {
        long content = stream != null ? stream.length : files().stream().mapToLong(Source::size).sum();
        long most = (net.cables().size() - 1L + resyncs) * settings.window() * settings.intervalOctets();
        if (sent - content < 0 || sent - content > most) {
            throw new AssertionError(what + ": " + sent + " octets were sent for " + content + ", at most " + most
                    + " of them may be sent twice\n" + world.trace());
        }
    }

    /// Octets of files that the sending side handed to its connections.
    long sent() {
        return sent;
    }

    /// How far the sender knows that a file is confirmed.
    long acknowledged(String name) {
        return acknowledged.getOrDefault(name, 0L);
    }

    /// What arrived under this name.
    Optional<byte[]> arrived(String name) {
        return receiverDisk().content((get ? here : root).resolve(name));
    }

    SimDisk receiverDisk() {
        return get ? clientDisk : serverDisk;
    }

    SimDisk senderDisk() {
        return get ? serverDisk : clientDisk;
    }

    SimStore receiverStore() {
        return get ? clientStore : serverStore;
    }
}
