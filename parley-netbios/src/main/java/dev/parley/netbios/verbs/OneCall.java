package dev.parley.netbios.verbs;

import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// One LISTEN: takes one call and is done.
final class OneCall implements CalledNames.Listener {
    private final CalledNames called;
    private final NetbiosName local;
    private final Optional<NetbiosName> remote;
    private final SessionTable sessions;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final CompletableFuture<NetbiosSession> session = new CompletableFuture<>();

    OneCall(CalledNames called, NetbiosName local, Optional<NetbiosName> remote, SessionTable sessions) {
        this.called = called;
        this.local = local;
        this.remote = remote;
        this.sessions = sessions;
    }

    NetbiosAdapter.Accepted await(Duration receiveWait, Duration sendWait) {
        if (!called.listenIfPresent(local, this, remote.isPresent())) {
            throw new VerbFailed(ReturnCode.NAME_DELETED, "listen on " + local);
        }
        try {
            var accepted = session.get();
            return new NetbiosAdapter.Accepted(sessions.add(accepted, receiveWait, sendWait).number, accepted.remote());
        } catch (InterruptedException e) {
            if (!open.getAndSet(false)) {
                // The call came at the same time: it is hung up, since nobody wants it any more.
                session.thenAccept(s -> {
                    sessions.unreserve();
                    s.abort("the listen was cancelled");
                });
            }
            throw new VerbFailed(ReturnCode.CANCELLED, "listen on " + local, 0, e);
        } catch (ExecutionException e) {
            throw new VerbFailed(ReturnCode.NAME_DELETED, "listen on " + local, 0, e);
        } finally {
            called.stop(local, this);
        }
    }

    @Override
    public boolean claims(NetbiosName calling) {
        if (!open.get() || remote.filter(r -> !r.equals(calling)).isPresent() || !sessions.reserve()) {
            return false;
        }
        if (!open.getAndSet(false)) {
            sessions.unreserve();
            return false;
        }
        return true;
    }

    @Override
    public Refusal refusal(NetbiosName calling) {
        if (!open.get()) {
            return Refusal.NOT_LISTENING_ON_CALLED_NAME;
        }
        return remote.filter(r -> !r.equals(calling)).isPresent() ? Refusal.NOT_LISTENING_FOR_CALLING_NAME : Refusal.INSUFFICIENT_RESOURCES;
    }

    @Override
    public void left() {
        sessions.unreserve();
        open.set(true);
    }

    @Override
    public void gone() {
        session.completeExceptionally(new IllegalStateException(local + " was deleted"));
    }

    @Override
    public void accept(NetbiosSession accepted) {
        if (!session.complete(accepted)) {
            // The name was deleted meanwhile.
            sessions.unreserve();
            return;
        }
        // Ours until the session is over.
        accepted.ended().toCompletableFuture().join();
    }
}
