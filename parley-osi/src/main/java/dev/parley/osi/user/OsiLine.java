package dev.parley.osi.user;

import dev.parley.api.Peer;
import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.runtime.Security;
import dev.parley.runtime.tcp.VirtualLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One transport connection and the sessions on it, one after the other: after a refusal, a release or an abort that kept the transport, the
/// side that opened it may connect again. Brings the callers' threads and the connection's loop together.
public final class OsiLine implements AutoCloseable {
    private final VirtualLoop loop;
    private final Limits limits;
    private final Consumer<OsiCall> calls;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<CompletableFuture<?>> pending = new HashSet<>();
    private final CompletableFuture<SessionService> ready = new CompletableFuture<>();
    private @Nullable OsiSession session;
    private @Nullable CompletableFuture<Indication> answer;
    private Optional<Indication.Refused> refusal = Optional.empty();
    private @Nullable String over;
    private boolean lost;
    private long writable;

    OsiLine(VirtualLoop loop, Limits limits, Consumer<OsiCall> calls) {
        this.loop = loop;
        this.limits = limits;
        this.calls = calls;
    }

    /// S-CONNECT: sends the request and waits for the confirm.
    ///
    /// @throws SessionException.Refused with the reason; [#refusal] has all parameters, and whether this line may be used again
    public OsiSession connect(Request.Connect proposal) {
        return switch (confirm(proposal)) {
            case Indication.Accepted _ -> held();
            case Indication.Refused refused -> throw new SessionException.Refused(
                    "the peer refused the connection: " + Words.reason(refused.reason())
                            + (refused.userData().hasRemaining() ? ", with " + refused.userData().remaining() + " octets of user data" : ""));
            case Indication other -> throw new SessionException.ConnectionLost("the connection was not made: " + Words.of(other));
        };
    }

    /// As [#connect], with the answer as it is: accepted, refused, or an abort.
    public Indication confirm(Request.Connect proposal) {
        var confirm = new CompletableFuture<Indication>();
        hold(() -> {
            if (answer != null || session != null && !session.hasEnded()) {
                throw new SessionException.OutOfSequence("this transport connection carries a session already");
            }
            answer = confirm;
        });
        try {
            track(confirm);
            run(service -> service.request(proposal));
            var indication = await(confirm, "the peer has not answered S-CONNECT");
            switch (indication) {
                case Indication.Accepted accepted -> held().connected(accepted);
                case Indication.Refused refused -> hold(() -> refusal = Optional.of(refused));
                default -> {}
            }
            return indication;
        } catch (SessionException.Interrupted | SessionException.TimedOut e) {
            close();
            throw e;
        } finally {
            hold(() -> {
                answer = null;
                pending.remove(confirm);
            });
        }
    }

    /// The session that it carries now, or carried last.
    public Optional<OsiSession> session() {
        lock.lock();
        try {
            return Optional.ofNullable(session);
        } finally {
            lock.unlock();
        }
    }

    /// Sends octets as a TSDU, past the protocol machine: for testing how a peer takes what it should not get.
    public void raw(ByteBuffer octets) {
        run(service -> {
            ((OsiConnection) service).raw(octets);
            return true;
        });
    }

    /// The parameters of the last refusal.
    public Optional<Indication.Refused> refusal() {
        lock.lock();
        try {
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    /// False when the transport connection is gone.
    public boolean isOpen() {
        lock.lock();
        try {
            return over == null;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the transport connection is gone; false when it is still there.
    public boolean awaitClosed(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        lock.lock();
        try {
            while (over == null) {
                if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return over != null;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while waiting for the end of the transport connection", e);
        } finally {
            lock.unlock();
        }
    }

    public Peer peer() {
        return new Peer(service().peer(), "");
    }

    public Security security() {
        return service().security();
    }

    /// Closes the transport connection: when a session has ended after what is still to be sent, otherwise at once; then it ends as lost.
    @Override
    public void close() {
        start(service -> {
            if (session().filter(s -> !s.hasEnded()).isPresent()) {
                service.disconnect();
            } else {
                ((OsiConnection) service).close();
            }
        });
    }

    Limits limits() {
        return limits;
    }

    /// Work on the connection's loop, with its result.
    interface Work<T> {
        T on(SessionService service);
    }

    <T> T run(Work<T> work) {
        var result = new CompletableFuture<T>();
        track(result);
        loop.execute(() -> {
            try {
                var service = service();
                T value = work.on(service);
                service.flush();
                result.complete(value);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return await(result, "the connection's own thread does not answer");
        } finally {
            hold(() -> pending.remove(result));
        }
    }

    /// Does it later, waits for nothing.
    void start(Consumer<SessionService> work) {
        loop.execute(() -> {
            if (ready.isDone() && isOpen()) {
                work.accept(service());
            }
        });
    }

    /// Issues a request when the peer can take more data; waits for that within the limits.
    long whenWritable(Request request, OsiSession from) {
        long deadline = System.nanoTime() + limits.answer().toNanos();
        while (true) {
            long before = writable();
            var serial = run(service -> {
                from.check();
                return service.isWritable() ? Optional.of(service.request(request)) : Optional.<Long>empty();
            });
            if (serial.isPresent()) {
                return serial.get();
            }
            awaitWritable(before, deadline);
        }
    }

    private long writable() {
        lock.lock();
        try {
            return writable;
        } finally {
            lock.unlock();
        }
    }

    private void awaitWritable(long before, long deadline) {
        lock.lock();
        try {
            while (writable == before && over == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new SessionException.TimedOut("the peer has taken no data for " + limits.answer().toSeconds() + " s; nothing was sent");
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while the peer was slow; nothing was sent", e);
        } finally {
            lock.unlock();
        }
    }

    <T> T await(CompletableFuture<T> future, String late) {
        try {
            return future.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted: " + late, e);
        } catch (TimeoutException e) {
            throw new SessionException.TimedOut(late + " within " + limits.answer().toMillis() + " ms");
        } catch (ExecutionException e) {
            throw again(e.getCause());
        }
    }

    /// The failure as one of the caller's own thread, so that its stack trace shows who asked.
    private static RuntimeException again(@Nullable Throwable cause) {
        return switch (cause) {
            case SessionException.OutOfSequence e -> new SessionException.OutOfSequence(String.valueOf(e.getMessage()));
            case SessionException.LimitReached e -> new SessionException.LimitReached(String.valueOf(e.getMessage()));
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(cause);
        };
    }

    /// So that nobody waits for a connection that is gone.
    void track(CompletableFuture<?> future) {
        hold(() -> {
            if (over != null) {
                throw new SessionException.ConnectionLost("the transport connection is closed: " + over);
            }
            pending.add(future);
        });
    }

    private OsiSession held() {
        lock.lock();
        try {
            if (session == null) {
                throw new AssertionError("an accepted connection has a session");
            }
            return session;
        } finally {
            lock.unlock();
        }
    }

    void hold(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    OsiSession newSession(Optional<Indication.Connect> proposal) {
        var made = new OsiSession(this, service().peer(), proposal);
        hold(() -> session = made);
        return made;
    }

    void awaitReady() {
        await(ready, "the transport connection is not up");
    }

    private SessionService service() {
        var service = ready.getNow(null);
        if (service == null || !isOpen()) {
            throw new SessionException.ConnectionLost("the transport connection is closed");
        }
        return service;
    }

    /// What the connection below reports to, on its loop.
    SessionService.User user() {
        return new SessionService.User() {
            @Override
            public void ready(SessionService service) {
                ready.complete(service);
            }

            @Override
            public void indication(Indication indication) {
                take(indication);
            }

            @Override
            public void writable() {
                hold(() -> {
                    writable++;
                    changed.signalAll();
                });
            }

            @Override
            public void lost(String reason) {
                hold(() -> lost = true);
            }

            @Override
            public void closed(String reason) {
                closedBelow(reason);
            }
        };
    }

    private void take(Indication indication) {
        CompletableFuture<Indication> waiting;
        OsiSession current;
        lock.lock();
        try {
            waiting = answer;
            current = session;
        } finally {
            lock.unlock();
        }
        switch (indication) {
            case Indication.Connect proposal -> calls.accept(new OsiCall(this, proposal, newSession(Optional.of(proposal))));
            case Indication.Accepted _ when waiting != null -> {
                newSession(Optional.empty());
                waiting.complete(indication);
            }
            case Indication.Refused _ when waiting != null -> waiting.complete(indication);
            default -> {
                if (current != null && !current.hasEnded()) {
                    current.take(indication, lost, service());
                } else if (waiting != null) {
                    waiting.complete(indication);
                }
            }
        }
    }

    private void closedBelow(String reason) {
        lock.lock();
        try {
            over = reason.isEmpty() ? "the peer closed it" : reason;
            changed.signalAll();
            var gone = new SessionException.ConnectionLost("the transport connection is closed: " + over);
            Set.copyOf(pending).forEach(future -> future.completeExceptionally(gone));
            ready.completeExceptionally(gone);
            if (session != null) {
                session.closedBelow(over);
            }
        } finally {
            lock.unlock();
        }
        loop.stop();
    }
}
