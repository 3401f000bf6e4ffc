package dev.parley.osi.user;

import static dev.parley.osi.user.Words.none;

import dev.parley.api.MessageSession;
import dev.parley.api.Peer;
import dev.parley.api.Phase;
import dev.parley.api.SessionEnd;
import dev.parley.api.SessionException;
import dev.parley.api.SessionId;
import dev.parley.api.Side;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// One X.215 session connection. Requests and responses are methods in the standard's words; they return when the primitive is issued.
/// Indications and confirms come in order from [#receive], as a sealed type. A request out of sequence throws
/// [SessionException.OutOfSequence] with the state and tokens that forbid it; nothing was sent and nothing changed. User data buffers belong
/// to the session from the call on. Safe to use from several threads; one receives, any may send.
public final class OsiSession implements MessageSession {
    private static final int MOST_WORDS = 512;

    private final SessionId id = SessionId.next("osi");
    private final OsiLine line;
    private final String address;
    private final Optional<Indication.Connect> proposal;
    private final Arrived arrived;
    private final Ending ending;
    private volatile Optional<Indication.Accepted> accepted = Optional.empty();
    private volatile Set<FunctionalUnit> units = Set.of();

    OsiSession(OsiLine line, String address, Optional<Indication.Connect> proposal) {
        this.line = line;
        this.address = address;
        this.proposal = proposal;
        arrived = new Arrived(line.limits().waiting(), () -> line.start(service -> service.setReading(true)));
        ending = new Ending(proposal.isPresent(), arrived::end);
    }

    OsiSession connected(Indication.Accepted confirm) {
        accepted = Optional.of(confirm);
        return open(confirm.selected());
    }

    OsiSession open(Set<FunctionalUnit> selected) {
        units = Set.copyOf(selected);
        ending.opened();
        return this;
    }

    @Override
    public SessionId id() {
        return id;
    }

    @Override
    public Peer peer() {
        return new Peer(address, "");
    }

    @Override
    public Phase phase() {
        return ending.phase();
    }

    /// The functional units that both sides selected.
    public Set<FunctionalUnit> units() {
        return units;
    }

    /// The calling side's S-CONNECT confirm: the called side's parameters and user data.
    public Optional<Indication.Accepted> accepted() {
        return accepted;
    }

    /// The called side's S-CONNECT indication.
    public Optional<Indication.Connect> proposal() {
        return proposal;
    }

    /// The transport connection below, for another session after this one.
    public OsiLine line() {
        return line;
    }

    public boolean owns(Token token) {
        return line.run(service -> !hasEnded() && service.owns(token));
    }

    /// The next indication or confirm.
    ///
    /// @throws SessionException.TimedOut when none came within the idle limit; the session goes on
    /// @throws SessionException.OutOfSequence when the session has ended and everything was received
    public Indication receive() {
        return receive(line.limits().idle()).orElseThrow(() -> new SessionException.TimedOut(
                "no indication came for " + line.limits().idle().toMillis() + " ms"));
    }

    /// @param wait zero is for ever
    /// @return empty when none came in time
    public Optional<Indication> receive(Duration wait) {
        return arrived.take(wait);
    }

    /// The next indication where only one kind is expected.
    ///
    /// @throws SessionException.OutOfSequence when another one comes, which is then lost; its name is in the message
    public <T extends Indication> T expect(Class<T> kind) {
        var next = receive();
        if (!kind.isInstance(next)) {
            throw new SessionException.OutOfSequence("expected " + kind.getSimpleName() + ", but the peer sent " + next);
        }
        return kind.cast(next);
    }

    /// Any primitive as a value, for tools; the methods below are the same with names. Returns the serial number that a synchronization point
    /// was given, otherwise -1. Normal and typed data wait while the peer is slow.
    public long request(Request request) {
        check();
        long serial = switch (request) {
            case Request.Data _, Request.TypedData _ -> line.whenWritable(request, this);
            default -> line.run(service -> {
                check();
                long given = service.request(request);
                // Before the next event, which may be the peer's own release.
                switch (request) {
                    case Request.Release _ -> ending.tearingDown(service);
                    case Request.ReleaseResponse r -> ending.answered(r.affirmative());
                    default -> {}
                }
                return given;
            });
        };
        if (request instanceof Request.Abort) {
            ending.finish(new SessionEnd.Aborted(Side.LOCAL, ""), "we aborted");
        }
        return serial;
    }

    /// S-DATA.
    @Override
    public void send(ByteBuffer data) {
        request(new Request.Data(data));
    }

    /// S-TYPED-DATA: not bound to the data token.
    public void sendTyped(ByteBuffer data) {
        request(new Request.TypedData(data));
    }

    /// S-EXPEDITED-DATA: 1 to 14 octets, which may overtake.
    public void sendExpedited(ByteBuffer data) {
        request(new Request.ExpeditedData(data));
    }

    /// S-CAPABILITY-DATA request: outside of an activity, by the owner of the major/activity token.
    public void sendCapability(ByteBuffer data) {
        request(new Request.CapabilityData(data));
    }

    public void answerCapability(ByteBuffer data) {
        request(new Request.CapabilityDataResponse(data));
    }

    public void giveTokens(Token... tokens) {
        request(new Request.GiveTokens(Set.of(tokens), none()));
    }

    public void pleaseTokens(ByteBuffer data, Token... tokens) {
        request(new Request.PleaseTokens(Set.of(tokens), data));
    }

    /// S-CONTROL-GIVE: all tokens at once, outside of an activity.
    public void giveControl(ByteBuffer data) {
        request(new Request.GiveControl(data));
    }

    /// S-SYNC-MINOR request with explicit confirmation; returns the serial number.
    public long syncMinor(ByteBuffer data) {
        return request(new Request.SyncMinor(true, false, data));
    }

    /// @param explicit whether a confirmation is asked for
    /// @param separation whether the data before this point is protected against resynchronization
    public long syncMinor(boolean explicit, boolean separation, ByteBuffer data) {
        return request(new Request.SyncMinor(explicit, separation, data));
    }

    /// S-SYNC-MINOR response: confirms this point and all older ones.
    public void confirmMinor(long serial, ByteBuffer data) {
        request(new Request.SyncMinorResponse(serial, data));
    }

    /// S-SYNC-MAJOR request; returns the serial number.
    public long syncMajor(ByteBuffer data) {
        return request(new Request.SyncMajor(data));
    }

    public void confirmMajor(ByteBuffer data) {
        request(new Request.SyncMajorResponse(data));
    }

    /// S-RESYNCHRONIZE request.
    ///
    /// @param serial empty with abandon
    /// @param tokens where each available token shall be: requestor, acceptor, or the acceptor chooses; empty leaves all with the requestor
    public void resynchronize(ResyncType type, Optional<Long> serial, Map<Token, Token.Side> tokens, ByteBuffer data) {
        request(new Request.Resynchronize(Optional.of(type), serial, Optional.empty(), Optional.empty(), tokens, data));
    }

    /// S-RESYNCHRONIZE response.
    public void confirmResynchronize(Optional<Long> serial, Map<Token, Token.Side> tokens, ByteBuffer data) {
        request(new Request.ResynchronizeResponse(serial, Optional.empty(), tokens, data));
    }

    /// S-U-EXCEPTION-REPORT: by the side without the data token.
    public void reportException(int reason, ByteBuffer data) {
        request(new Request.ExceptionReport(reason, data));
    }

    public void startActivity(ByteBuffer activity, ByteBuffer data) {
        request(new Request.ActivityStart(activity, data));
    }

    /// S-ACTIVITY-RESUME of an activity of this connection; with [#request] also of an older one. The next serial number is `serial` + 1.
    public void resumeActivity(ByteBuffer activity, ByteBuffer oldActivity, long serial, ByteBuffer data) {
        request(new Request.ActivityResume(
                activity, oldActivity, serial, Optional.empty(), dev.parley.osi.ConnectionIdentifier.NONE, Optional.empty(), data));
    }

    public void interruptActivity(Optional<Integer> reason, ByteBuffer data) {
        request(new Request.ActivityInterrupt(reason, data));
    }

    public void confirmInterrupt(ByteBuffer data) {
        request(new Request.ActivityInterruptResponse(data));
    }

    public void discardActivity(Optional<Integer> reason, ByteBuffer data) {
        request(new Request.ActivityDiscard(reason, data));
    }

    public void confirmDiscard(ByteBuffer data) {
        request(new Request.ActivityDiscardResponse(data));
    }

    /// S-ACTIVITY-END request; returns the serial number of the major synchronization point that it is.
    public long endActivity(ByteBuffer data) {
        return request(new Request.ActivityEnd(data));
    }

    public void confirmEnd(ByteBuffer data) {
        request(new Request.ActivityEndResponse(data));
    }

    @Override
    public void release() {
        release(false, none());
    }

    /// S-RELEASE: waits for the confirm. What arrives meanwhile can be received afterwards. Both sides may ask at once; then both agree.
    ///
    /// @param keepTransport whether this line shall carry another session
    /// @throws SessionException.Refused when the peer wants to go on (negotiated release); the session goes on
    public void release(boolean keepTransport, ByteBuffer data) {
        if (hasEnded()) {
            return;
        }
        var answer = ending.releasing();
        line.track(answer);
        request(new Request.Release(keepTransport, data));
        if (!line.await(answer, "the peer has not answered the release")) {
            throw new SessionException.Refused("the peer wants to go on: it has refused the release");
        }
    }

    /// S-RELEASE response. A negative one needs the negotiated release functional unit.
    public void answerRelease(boolean affirmative, ByteBuffer data) {
        request(new Request.ReleaseResponse(affirmative, data));
    }

    @Override
    public void abort(String reason) {
        var words = reason.getBytes(StandardCharsets.UTF_8);
        abort(false, ByteBuffer.wrap(words, 0, Math.min(words.length, MOST_WORDS)).slice(), reason);
    }

    /// S-U-ABORT with user data as it is: 9 octets in protocol version 1.
    public void abort(boolean keepTransport, ByteBuffer data) {
        abort(keepTransport, data, "");
    }

    private void abort(boolean keepTransport, ByteBuffer data, String words) {
        line.start(service -> {
            if (!hasEnded()) {
                ending.finish(new SessionEnd.Aborted(Side.LOCAL, words), "we aborted");
                abort(service, new Request.Abort(keepTransport, data));
                service.flush();
            }
        });
    }

    /// Version 1 has no room for words, and some states know no abort: then without words, then without a message.
    private static void abort(SessionService service, Request.Abort abort) {
        try {
            service.request(abort);
        } catch (SessionException e) {
            if (abort.userData().hasRemaining()) {
                abort(service, new Request.Abort(abort.keepTransport(), none()));
            } else {
                service.disconnect();
            }
        }
    }

    @Override
    public CompletionStage<SessionEnd> ended() {
        return ending.ended().minimalCompletionStage();
    }

    @Override
    public void close() {
        if (!hasEnded()) {
            abort("closed without a release");
        }
    }

    boolean hasEnded() {
        return ending.hasEnded();
    }

    /// A session that has ended must not touch the next one on its line.
    void check() {
        if (hasEnded()) {
            throw new SessionException.OutOfSequence("the session has ended");
        }
    }

    /// On the connection's loop.
    void take(Indication indication, boolean lost, SessionService service) {
        if (indication instanceof Indication.Release && ending.isCollision()) {
            ending.collided(service);
            return;
        }
        arrived.together(() -> add(indication, lost, service));
    }

    private void add(Indication indication, boolean lost, SessionService service) {
        if (arrived.add(indication)) {
            service.setReading(false);
        }
        switch (indication) {
            case Indication.Release _ -> ending.indicated();
            case Indication.ReleaseConfirm c -> ending.confirmed(c.affirmative(), service);
            case Indication.UserAbort(var data) -> ending.finish(
                    new SessionEnd.Aborted(Side.REMOTE, StandardCharsets.UTF_8.decode(data.duplicate()).toString()), "the peer aborted");
            case Indication.ProviderAbort(var reason, _) -> ending.finish(
                    lost ? new SessionEnd.Lost(new IOException(reason)) : new SessionEnd.Aborted(Side.PROVIDER, reason), reason);
            default -> {}
        }
    }

    /// On the connection's loop.
    void closedBelow(String reason) {
        ending.finish(new SessionEnd.Lost(new IOException(reason)), reason);
    }

    /// The called side refused it: it never was a session.
    void refused() {
        ending.finish(new SessionEnd.Aborted(Side.LOCAL, "refused"), "refused");
    }

    @Override
    public String toString() {
        return id + " with " + address;
    }
}
