package dev.parley.h323.machine;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How H.245 travels in a call: in the tunnel when both sides offer it, otherwise on a connection of its own that the side with the other's
/// `h245Address` opens. Until one of them stands, messages wait.
final class ControlCarriage implements ControlMachine.Port {
    static final int MOST_WAITING = 256;

    private final CallConfig config;
    private final CallMachine call;
    private final ControlMachine control;
    private final List<Octets> waiting = new ArrayList<>();
    private Optional<Boolean> peerTunnels = Optional.empty();
    private Optional<TransportAddress> address = Optional.empty();
    /// Where the peer listens, when it is its part to open it.
    private Optional<TransportAddress> left = Optional.empty();
    private final PeerHosts hosts = new PeerHosts();
    private boolean connecting;
    private boolean connected;
    private boolean askedToStart;
    /// The peer has not answered in the tunnel. ooh323c 0.9.4 says in every Setup with fast connect that it tunnels, whether it does or not.
    private boolean deaf;
    private Optional<String> unreachable = Optional.empty();
    private long now;

    ControlCarriage(CallConfig config, CallMachine call) {
        this.config = config;
        this.call = call;
        control = new ControlMachine(this, config);
    }

    ControlMachine control() {
        return control;
    }

    void now(long time) {
        now = time;
    }

    long now() {
        return now;
    }

    /// What we say in `h245Tunnelling`: stays true in every message until the peer says no.
    boolean offersTunnel() {
        return config.style().tunnel() && peerTunnels.orElse(true) && !deaf;
    }

    private boolean tunnelled() {
        return config.style().tunnel() && peerTunnels.orElse(false) && !connected && !deaf;
    }

    /// Whether H.245 has a connection of its own now.
    boolean separate() {
        return connected;
    }

    /// Where the peer may open H.245; empty in the tunnel, and when we open it.
    Optional<TransportAddress> address() {
        return tunnelled() || connecting || connected ? Optional.empty() : address;
    }

    /// At the callee, when Setup is there.
    void calleeChooses(Value user) {
        peerTunnels = Optional.of(user.flagAt("h323-uu-pdu/h245Tunnelling"));
        if (!tunnelled()) {
            call.effect(new Effect.ListenControl());
        }
    }

    void listening(TransportAddress at) {
        address = Optional.of(at);
        if (askedToStart) {
            askedToStart = false;
            tellWhere(at);
        }
    }

    /// Reads from any message what it says about H.245, and the H.245 in it.
    void peerSpoke(Value user, Value body) {
        var pdu = user.structAt("h323-uu-pdu");
        if (pdu.isEmpty()) {
            return;
        }
        if (pdu.get().has("h245Tunnelling")) {
            peerTunnels = Optional.of(pdu.get().flagAt("h245Tunnelling"));
        }
        body.at("sourceCallSignalAddress").flatMap(TransportAddress::fromH225).ifPresent(hosts::told);
        body.at("h245Address").flatMap(TransportAddress::fromH225).ifPresent(this::peerListens);
        for (var list : List.of(body.listAt("parallelH245Control"), pdu.get().listAt("h245Control"))) {
            for (var item : list) {
                if (item instanceof Value.Bytes(var octets)) {
                    received(octets);
                }
            }
        }
    }

    /// When both sides listen and tell each other, the connection that stays is the one of the side with the greater address (clause
    /// 8.2.3/H.323), so the other one leaves it to that. Not every peer knows this rule (OpenH323 turns it round): what it does not open for some
    /// time, we do.
    private void peerListens(TransportAddress at) {
        hosts.told(at);
        if (tunnelled() || connecting || connected) {
            return;
        }
        if (address.isPresent() && address.get().compareTo(at) < 0 && unreachable.isEmpty()) {
            if (left.isEmpty()) {
                call.start(Timer.OVERLAP);
            }
            left = Optional.of(at);
        } else {
            open(at);
        }
    }

    private void open(TransportAddress at) {
        connecting = true;
        call.effect(new Effect.ConnectControl(at));
    }

    /// Whether H.245 may be opened from this host: one that the peer has told of.
    boolean isPeer(Octets host) {
        return hosts.has(host);
    }

    /// Again when both sides have opened one and the other one stays: what was said on the first may not have been heard.
    void connected() {
        if (connected) {
            control.resume();
            return;
        }
        connected = true;
        call.stop(Timer.OVERLAP);
        unreachable.ifPresent(_ -> call.stop(Timer.CONTROL));
        unreachable = Optional.empty();
        begin();
    }

    private void begin() {
        if (deaf || config.style().parallel() && config.callee().isPresent()) {
            control.beginAgain();
        }
        control.begin();
    }

    /// @return whether it mattered: a connection that the call no longer needs may go
    boolean lost() {
        boolean mattered = connected;
        connected = false;
        connecting = false;
        return mattered && !control.ending();
    }

    /// We could not open H.245 where the peer says that it listens, as behind address translation. Then the peer may open it: we listen, tell it
    /// so (Facility startH245), and it has some time, from the answer of the call on, which is the last message to tell it where.
    void unreachable(String why) {
        boolean mattered = connecting && !connected && !control.ending() && call.state() != CallState.CLEARING;
        connecting = false;
        if (mattered) {
            call.effect(new Effect.Note(why + "; waits for the peer to open it"));
            if (unreachable.isEmpty()) {
                call.start(Timer.CONTROL);
                askToStart();
            }
            unreachable = Optional.of(why);
        }
    }

    private void nobodyOpened() {
        if (call.connected()) {
            unreachable.ifPresent(why -> failed(why + ", and the peer has not opened it either"));
        } else {
            call.start(Timer.CONTROL);
        }
    }

    /// There is no way to the peer for a time.
    void suspend() {
        if (!connected) {
            control.suspend();
        }
    }

    void resume() {
        if (!connected) {
            control.resume();
        }
    }

    void callConnected() {
        if (tunnelled()) {
            begin();
            if (!control.heard()) {
                call.start(Timer.TUNNEL);
            }
        } else if (config.style().fastStart() && control.lacksMedia()) {
            needControl();
            call.start(Timer.FILM);
        }
    }

    /// Nothing came back in the tunnel: H.245 gets a connection of its own, which the peer is asked to open.
    private void isDeaf() {
        if (call.recovery().down()) {
            call.start(Timer.TUNNEL);
        } else if (!control.heard() && !connected && !connecting && !askedToStart && !control.ending()) {
            deaf = true;
            askToStart();
            if (control.lacksMedia()) {
                call.start(Timer.FILM);
            }
        }
    }

    /// Nobody has opened H.245 for what fast connect has left out, or the peer says that it has none. One that cannot be reached has some.
    void peerHasNone() {
        if (!connected && !connecting && left.isEmpty() && unreachable.isEmpty() && !control.heard() && call.connected()) {
            call.stop(Timer.FILM);
            control.opensNoMore();
        }
    }

    void wantFastUpdate() {
        needControl().wantFastUpdate(now);
    }

    /// For wishes of the user that need H.245: opens it when fast connect has done without so far. A peer that knows our address opens it by
    /// itself; until then the wish waits.
    ControlMachine needControl() {
        if (tunnelled()) {
            control.begin();
        } else if (!hasReachedPeer() && !connected && !connecting && !askedToStart && address.isEmpty()) {
            askToStart();
        }
        return control;
    }

    /// What stood in Setup may never be read: ooh323c without its tunnel passes it over, and with fast connect it does not open H.245 by itself.
    private boolean hasReachedPeer() {
        return control.heard() || control.begun() && !call.connected();
    }

    private void askToStart() {
        if (address.isPresent()) {
            tellWhere(address.get());
        } else {
            askedToStart = true;
            call.effect(new Effect.ListenControl());
        }
    }

    private void tellWhere(TransportAddress at) {
        call.send(MessageType.FACILITY, List.of(), Signals.facility(call.callIdentifier(), "startH245").with("h245Address", at.forH225()));
    }

    /// Ends H.245 when it had begun.
    ///
    /// @return whether the peer's end must be waited for
    boolean endSession() {
        if (!control.begun() || control.ending()) {
            return false;
        }
        control.end();
        return connected;
    }

    void received(Octets octets) {
        Value message;
        try {
            message = Pdu.H245.decode(octets);
        } catch (ProtocolViolation e) {
            control.malformed(String.valueOf(e.getMessage()));
            return;
        }
        if (!control.heard()) {
            call.stop(Timer.TUNNEL);
        }
        deaf = deaf && connected;
        control.received(message, now);
        if (tunnelled() && !control.begun() && call.connected()) {
            control.begin();
        }
    }

    void expired(Timer timer) {
        if (timer == Timer.CONTROL) {
            nobodyOpened();
        } else if (timer == Timer.FILM) {
            peerHasNone();
        } else if (timer == Timer.TUNNEL) {
            isDeaf();
        } else if (timer == Timer.OVERLAP) {
            left.filter(_ -> !connecting && !connected).ifPresent(this::open);
        } else {
            control.expired(timer, now);
        }
    }

    // What ControlMachine asks for.

    @Override
    public void send(Value message) {
        var octets = Pdu.H245.encode(message);
        if (connected) {
            call.effect(new Effect.SendControl(octets));
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(octets);
        } else {
            failed("more than " + MOST_WAITING + " messages of H.245 wait for a way to the peer");
        }
    }

    /// The messages to put into the next message of call signalling.
    List<Octets> take() {
        if (connected || !tunnelled() && !(config.style().parallel() && peerTunnels.isEmpty())) {
            return List.of();
        }
        var taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    void putBack(List<Octets> messages) {
        waiting.addAll(0, messages);
    }

    /// What waits goes out now: in a Facility of its own, or on the connection.
    void flush() {
        if (waiting.isEmpty() || call.state() == CallState.ENDED || !connected && call.recovery().down()) {
            return;
        }
        if (connected) {
            waiting.forEach(m -> call.effect(new Effect.SendControl(m)));
            waiting.clear();
        } else if (tunnelled() && call.state() != CallState.CALLING) {
            call.send(MessageType.FACILITY, List.of(), Signals.facility(call.callIdentifier(), "transportedInformation"));
        }
    }

    @Override
    public void effect(Effect effect) {
        if (effect instanceof Effect.SendMedia media) {
            hosts.told(media.rtp());
        }
        call.effect(effect);
    }

    @Override
    public void start(Timer timer) {
        call.start(timer);
    }

    @Override
    public void stop(Timer timer) {
        call.stop(timer);
    }

    @Override
    public void failed(String words) {
        call.controlFailed(words);
    }

    @Override
    public void noMedia(String words) {
        call.hangup(Cause.INCOMPATIBLE, Optional.of(words));
    }

    @Override
    public void silent(String words) {
        call.recovery().controlSilent(words);
    }

    @Override
    public void progress() {
        control.progress();
    }

    @Override
    public boolean mayOpen() {
        return !call.fastConnectPending();
    }

    @Override
    public void ended() {
        call.sessionEnded();
    }
}
