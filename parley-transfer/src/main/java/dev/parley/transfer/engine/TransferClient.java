package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import dev.parley.runtime.Loop;
import dev.parley.runtime.Tap;
import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Lease;
import dev.parley.session.connection.Stranger;
import dev.parley.session.login.ClientLogin;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Names;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends or gets files and goes on until they are there: connects, and after a loss connects again and resumes the same session. What it
/// has to remember is in the store, so the same command run again after a crash goes on too. [#run] blocks; [#stop] may come from anywhere.
public final class TransferClient {
    /// How a whole transfer ended.
    ///
    /// @param sent octets of files that were sent or received over all runs, so that `sent - size` were sent twice
    public record Result(Optional<Failure> failure, String words, long session, long files, long size, long sent) {}

    /// @param command what makes two runs the same transfer
    /// @param patience how long without any progress before it gives up
    /// @param address the server's address, asked again before each attempt
    public record Job(
            String command, InetSocketAddress address, Optional<Tls> tls, String user, char[] password, boolean get, String path,
            Target.OnExists onExists, List<Source> sources, Path folder, Settings settings, Duration patience, FlowOptions flow,
            FileOptions options) {
        public Job(
                String command, InetSocketAddress address, Optional<Tls> tls, String user, char[] password, boolean get, String path,
                Target.OnExists onExists, List<Source> sources, Path folder, Settings settings, Duration patience) {
            this(command, address, tls, user, password, get, path, onExists, sources, folder, settings, patience, FlowOptions.DEFAULT,
                    FileOptions.DEFAULT);
        }

        /// Octets of all that is sent; negative when unknown, as for a get.
        long size() {
            return get || sources.stream().anyMatch(s -> s.size() < 0) ? -1 : sources.stream().mapToLong(Source::size).sum();
        }
    }

    private static final int CONNECT_MILLIS = 10_000;
    /// How often a living connection is looked at, and how long it may stand still at least.
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LEAST_STALL = Duration.ofSeconds(5);
    private static final String CANCELLED = "the session was cancelled by its user";
    /// So many different warnings of a server are told.
    private static final int MOST_WARNED = 1_000;

    private final Store store;
    private final Disk disk;
    private final Names names;
    private final HeldOctets held = new HeldOctets(HeldOctets.BUDGET);
    private final Job job;
    private final Tap tap;
    private final int fewest;
    private final Consumer<TransferEvent> events;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong size = new AtomicLong();
    private final SentCount sent = new SentCount();
    private final StopFlag stop = new StopFlag();
    /// The connection brought the transfer further, since somebody last asked.
    private final AtomicBoolean progressed = new AtomicBoolean();
    private volatile long session;
    /// Under which key the record of the session is in the store, from the time when it is; a session without its record is a cancelled one.
    private volatile String record = "";
    /// Under which number this side keeps its own journal of a get.
    private volatile Optional<Long> journal = Optional.empty();
    private volatile @Nullable ClientSession current;
    private volatile Lease lease = new Lease();
    /// True when something of the session is confirmed, as far as this side knows: then it is worth going on with.
    private volatile boolean kept;
    private final AtomicInteger strange = new AtomicInteger();

    public TransferClient(Store store, Disk disk, Job job, Consumer<TransferEvent> events) {
        this(store, disk, job, Tap.NONE, events);
    }

    /// @param tap on each connection
    public TransferClient(Store store, Disk disk, Job job, Tap tap, Consumer<TransferEvent> events) {
        this(store, disk, job, tap, ClientLogin.FEWEST_ITERATIONS, events);
    }

    /// @param fewest iterations of the login that a server may want
    TransferClient(Store store, Disk disk, Job job, Tap tap, int fewest, Consumer<TransferEvent> events) {
        this.store = store;
        this.disk = disk;
        this.names = new Names(disk, job.folder());
        this.job = job;
        this.tap = tap;
        this.fewest = fewest;
        this.events = events;
    }

    /// Stops when what was sent is confirmed, and after a few seconds in any case; the state is kept.
    public void stop() {
        stop.set();
        var running = current;
        if (running != null) {
            running.stop();
        }
    }

    /// Two processes that get the same into the same folder would write the same unfinished file. For `send` the server decides: the newer one wins.
    public Result run() throws InterruptedException {
        return run(_ -> {});
    }

    /// @param told is given the result of a transfer that is done, before anything of it is forgotten: who dies there is told the same by the
    ///     next run of the command
    public Result run(Consumer<Result> told) throws InterruptedException {
        this.told = told;
        if (!job.get()) {
            return connectAgainAndAgain();
        }
        var claim = store.claim(job.command());
        if (claim.isEmpty()) {
            return result(Optional.of(Failure.LATER), "another process is getting this already: wait for it, or end it");
        }
        try (var _ = claim.get()) {
            return connectAgainAndAgain();
        }
    }

    private Result connectAgainAndAgain() throws InterruptedException {
        var backoff = new Backoff(job.patience(), System.nanoTime());
        while (true) {
            if (isCancelled()) {
                return failed(Failure.CANCELLED, CANCELLED);
            }
            var outcome = attempt(backoff);
            switch (outcome) {
                case Outcome.Done _ -> {
                    return result(Optional.empty(), "done");
                }
                case Outcome.Failed(var failure, var words) -> {
                    return failed(failure, words);
                }
                case Outcome.Forgotten(var words) -> forget(words);
                case Outcome.Strange(var words) -> {
                    if (strange.incrementAndGet() == Stranger.MOST) {
                        return result(Optional.of(Failure.REFUSED), Failure.ofStranger(where(), job.tls().isPresent(), words));
                    }
                    if (!again(backoff, words)) {
                        return result(Optional.of(Failure.LOST), stop.isSet() ? "stopped" : words);
                    }
                }
                case Outcome.Lost(var reason) -> {
                    if (!again(backoff, reason)) {
                        return result(Optional.of(Failure.LOST), stop.isSet() ? "stopped" : reason);
                    }
                }
            }
        }
    }

    /// Somebody has cancelled the session on this machine: nothing is left to go on with.
    private boolean isCancelled() {
        try {
            return !record.isEmpty() && store.transfer(record).isEmpty();
        } catch (SessionException.StorageFailure _) {
            // Nobody knows. The transfer goes on as long as it can.
            return false;
        }
    }

    /// Waits before the next attempt; false when there is none.
    private boolean again(Backoff backoff, String reason) throws InterruptedException {
        var wait = backoff.afterLoss(System.nanoTime(), hasProgressed());
        if (stop.isSet() || wait.isEmpty()) {
            return false;
        }
        events.accept(new TransferEvent.Lost(reason));
        stop.pause(wait.get());
        return true;
    }

    /// The server has given up the session, because nobody came back for long or somebody cancelled it: nothing of it is there, so the same
    /// command begins again.
    void forget(String words) {
        events.accept(new TransferEvent.Warning(words + ": the transfer begins again"));
        drop();
    }

    /// A session in which nothing is confirmed is not kept: the server forgets it too.
    Result failed(Failure failure, String words) {
        if (failure == Failure.CANCELLED || failure == Failure.UNWANTED && !kept && sent.get() == 0) {
            drop();
        }
        return result(Optional.of(failure), words);
    }

    private void drop() {
        try {
            new Remnants(store, disk, job.folder()).drop(recordKey(), journal);
        } catch (IOException e) {
            events.accept(new TransferEvent.Warning("what the session left unfinished cannot be deleted: " + DiskWords.of(e)));
        }
        kept = false;
        session = 0;
        record = "";
        journal = Optional.empty();
    }

    private String where() {
        return job.address().getHostString() + ":" + job.address().getPort();
    }

    /// True when the last connection has brought the transfer further since this was last asked.
    boolean hasProgressed() {
        return progressed.getAndSet(false);
    }

    Result result(Optional<Failure> failure, String words) {
        var result = new Result(failure, words, session, files.get(), size.get(), sent.get());
        if (failure.isEmpty()) {
            told.accept(result);
            try {
                drop();
            } catch (SessionException.StorageFailure _) {
                // It is complete all the same: the same command run again would only learn that from the server.
            }
        }
        return result;
    }

    private volatile String fingerprint = "";
    private Consumer<Result> told = _ -> {};

    /// Under which name this side knows the server; empty before it has said so.
    public String server() {
        return fingerprint;
    }

    /// Of this session; before it has a record, where that would be.
    private String recordKey() {
        return record.isEmpty() ? key(fingerprint) : record;
    }

    private String key(String server) {
        return job.command() + " " + server;
    }

    private Outcome attempt(Backoff backoff) throws InterruptedException {
        var loop = VirtualLoop.onPlatformThreads();
        var client = session(loop);
        int millis = (int) Math.clamp(backoff.left(System.nanoTime()).toMillis(), LEAST_STALL.toMillis(), CONNECT_MILLIS);
        try {
            Tcp.connect(Resolved.of(job.address()), job.tls(), millis, loop, l -> tap.on(client.handler(), l));
            if (stop.isSet()) {
                client.stop();
            }
            return await(client, backoff);
        } catch (javax.net.ssl.SSLHandshakeException e) {
            return new Outcome.Failed(Failure.REFUSED, TlsRefusal.words(e));
        } catch (javax.net.ssl.SSLException e) {
            return new Outcome.Strange(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Lost(where() + ": " + e.getMessage());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            loop.stop();
        }
    }

    /// A receiver whose disk hangs is still there, by its signs of life: it has as long as a lost one.
    private Outcome await(ClientSession client, Backoff backoff) throws InterruptedException, ExecutionException {
        var most = job.patience().compareTo(LEAST_STALL) < 0 ? LEAST_STALL : job.patience();
        while (true) {
            try {
                return client.outcome().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException nothingYet) {
                if (isCancelled()) {
                    client.loop().execute(() -> client.fail(Failure.CANCELLED, CANCELLED));
                }
                backoff.look(System.nanoTime(), hasProgressed(), client.waits());
                if (backoff.left(System.nanoTime()).plus(most).compareTo(job.patience()) <= 0) {
                    client.giveUp("the server has " + (job.get() ? "sent" : "confirmed") + " nothing for " + most.toSeconds() + " s");
                }
            }
        }
    }

    /// The next connection of this transfer; whoever calls gives its handler to a link.
    ClientSession session(Loop loop) {
        progressed.set(false);
        var plan = new ClientPlan(
                job.user(), job.password(), job.get() ? "get" : "send", job.path(),
                job.onExists().name().toLowerCase(java.util.Locale.ROOT), server -> {
                    fingerprint = server;
                    return store.transfer(key(server)).map(Store.Transfer::session).orElse(key(server).equals(record) ? session : 0);
                }, job.settings(), job.flow(), job.size(), job.options(), fewest);
        var client = new ClientSession(loop, plan, this::begin, this::event);
        current = client;
        return client;
    }

    private Conversation begin(ClientSession client, long number, Settings settings) {
        strange.set(0);
        var key = key(client.fingerprint());
        var before = store.transfer(key);
        if (key.equals(record) && before.isEmpty()) {
            throw new SessionException.Cancelled(CANCELLED);
        }
        kept |= before.filter(transfer -> transfer.sentBytes() > 0).isPresent();
        before.ifPresent(transfer -> sent.atLeast(transfer.sentBytes()));
        sent.atLeast(client.sentBefore());
        files.set(0);
        size.set(0);
        var now = client.loop().wallMillis();
        store.putTransfer(new Store.Transfer(key, number, client.fingerprint(), "open",
                before.map(Store.Transfer::createdMillis).orElse(now), sent.get(), size.get()));
        var options = session == 0 ? job.options() : job.options().goingOn();
        session = number;
        record = key;
        if (!job.get()) {
            var outbox = Outboxes.client(client.server(), number);
            return new Sending(client, client.loop(), disk, settings, outbox,
                    Parcels.of(job.sources(), settings, outbox, options));
        }
        // The client keeps the journal of what it gets under the server's number where it can; the epoch rises with each connection here too.
        // An older connection of this process may still be at work.
        lease.revoke();
        lease = new Lease();
        var mine = store.adopt(client.fingerprint(), number, job.user(), job.folder().toAbsolutePath().toString(), now);
        journal = Optional.of(mine.number());
        return new Receiving(client, client.loop(), settings, lease, new Inbox(
                new Journal(store, mine, names, job.onExists(), settings.pageSize()),
                (content, receipt) -> Outboxes.checked(content, receipt, client.server(), number), UserRoom.UNLIMITED,
                "this side, which gets into " + job.folder().toAbsolutePath() + ","), held);
    }

    /// Keeps the count of sent octets over all runs.
    private void moved(long octets) {
        var client = current;
        if (client != null) {
            var key = recordKey();
            sent.add(octets, client.loop(), all -> store.noteSent(key, all, size.get()));
        }
    }

    private void event(TransferEvent event) {
        switch (event) {
            case TransferEvent.FileDone f -> {
                progressed.set(true);
                kept = true;
                files.incrementAndGet();
                size.addAndGet(f.size());
            }
            case TransferEvent.Sent s -> moved(s.octets());
            case TransferEvent.Resumed _ -> kept = true;
            case TransferEvent.Checkpoint _ -> {
                progressed.set(true);
                kept = true;
            }
            case TransferEvent.Warning w when warned.size() >= MOST_WARNED || !warned.add(w.words()) -> {
                // Each connection says it again.
                return;
            }
            default -> {}
        }
        events.accept(event);
    }
}
