package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.SessionPacket;
import java.nio.ByteBuffer;

/// The life of one TCP connection of the session service, of either side (RFC 1002 section 5.3). Pure: packets and times in, steps out.
public final class SessionMachine {
    /// Where the connection stands.
    public enum State {
        /// Called side: the session request has not come yet.
        AWAITING_REQUEST,
        /// Called side: the request was handed out, our answer is due.
        ANSWERING,
        /// Calling side: our request was sent.
        AWAITING_RESPONSE,
        OPEN,
        OVER
    }

    /// What a packet means for the user.
    public sealed interface Step {
        /// Nothing: a keepalive.
        record Nothing() implements Step {}

        /// Somebody calls; [SessionMachine#accept] or [SessionMachine#refuse] must follow.
        record Asked(SessionPacket.Request request) implements Step {}

        /// The call was accepted.
        record Opened() implements Step {}

        record Refused(Refusal refusal) implements Step {}

        /// The call is to be made again there.
        record Redirected(Endpoint target) implements Step {}

        record Delivered(ByteBuffer message) implements Step {}
    }

    private State state;
    private long lastSentMillis;
    private boolean begun;

    private SessionMachine(State state, long nowMillis) {
        this.state = state;
        this.lastSentMillis = nowMillis;
    }

    /// The side that has just sent its session request.
    public static SessionMachine calling(long nowMillis) {
        return new SessionMachine(State.AWAITING_RESPONSE, nowMillis);
    }

    public static SessionMachine called(long nowMillis) {
        return new SessionMachine(State.AWAITING_REQUEST, nowMillis);
    }

    public State state() {
        return state;
    }

    /// @throws SessionException.ProtocolViolation a packet that cannot come now; the connection is over then
    public Step receive(SessionPacket packet) {
        return switch (packet) {
            case SessionPacket.KeepAlive _ -> new Step.Nothing();
            case SessionPacket.Request request when state == State.AWAITING_REQUEST -> {
                state = State.ANSWERING;
                yield new Step.Asked(request);
            }
            case SessionPacket.Positive _ when state == State.AWAITING_RESPONSE -> {
                state = State.OPEN;
                yield new Step.Opened();
            }
            case SessionPacket.Negative negative when state == State.AWAITING_RESPONSE -> {
                state = State.OVER;
                yield new Step.Refused(Refusal.of(negative.code()));
            }
            case SessionPacket.Retarget retarget when state == State.AWAITING_RESPONSE -> {
                state = State.OVER;
                yield new Step.Redirected(retarget.target());
            }
            case SessionPacket.Message message when state == State.OPEN -> {
                begun = true;
                yield new Step.Delivered(message.data());
            }
            case SessionPacket.Request _, SessionPacket.Positive _, SessionPacket.Negative _, SessionPacket.Retarget _,
                    SessionPacket.Message _ -> throw unexpected(packet);
        };
    }

    /// Accepts the call that was asked for.
    public SessionPacket accept(long nowMillis) {
        require(State.ANSWERING, "accept a call");
        state = State.OPEN;
        lastSentMillis = nowMillis;
        return new SessionPacket.Positive();
    }

    public SessionPacket refuse(Refusal refusal) {
        require(State.ANSWERING, "refuse a call");
        state = State.OVER;
        return new SessionPacket.Negative(refusal.code());
    }

    public SessionPacket redirect(Endpoint target) {
        require(State.ANSWERING, "redirect a call");
        state = State.OVER;
        return new SessionPacket.Retarget(target);
    }

    /// A message goes out; keepalives are due only on a silent session.
    public void sending(long nowMillis) {
        require(State.OPEN, "send a message");
        begun = true;
        lastSentMillis = nowMillis;
    }

    /// Milliseconds until a keepalive is due: zero or less means now. Not before the first message of either side: some stacks, smbd among them,
    /// end a session whose first packet is a keepalive.
    public long keepAliveDueIn(long nowMillis, long periodMillis) {
        return begun ? lastSentMillis + periodMillis - nowMillis : periodMillis;
    }

    public void keepAliveSent(long nowMillis) {
        lastSentMillis = nowMillis;
    }

    public void end() {
        state = State.OVER;
    }

    private void require(State expected, String what) {
        if (state != expected) {
            throw new SessionException.OutOfSequence("cannot " + what + " in state " + state);
        }
    }

    private SessionException unexpected(SessionPacket packet) {
        var message = "a session " + packet.getClass().getSimpleName() + " packet was not expected in state " + state;
        state = State.OVER;
        return new SessionException.ProtocolViolation(message);
    }
}
