package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.SessionPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// Makes calls: connects, asks for the session and follows redirections (RFC 1002 section 5.3.1).
public final class Caller {
    private final SessionLimits limits;
    private final Optional<InetAddress> from;
    private final Recorder recorder;

    public Caller(SessionLimits limits) {
        this(limits, Optional.empty(), Recorder.NONE);
    }

    /// @param from the local address of the calls, where it matters on a host that has several
    /// @param recorder what crosses the connections is told to
    public Caller(SessionLimits limits, Optional<InetAddress> from, Recorder recorder) {
        this.limits = limits;
        this.from = from;
        this.recorder = recorder;
    }

    /// The peer does not want the session.
    public static final class CallRefused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Refusal refusal;

        CallRefused(NetbiosName called, Refusal refusal) {
            super(called + " refuses the session: " + refusal.meaning());
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /// Calls a name at an address that is known already.
    ///
    /// @throws CallRefused with the peer's reason
    /// @throws SessionException.ConnectionLost nobody answers there
    /// @throws SessionException.LimitReached the answer took too long, or too many redirections
    public NetbiosSession call(InetSocketAddress address, NetbiosName called, NetbiosName calling) {
        var line = open(address, called, calling);
        return new NetbiosSession(line.socket(), line.machine(), calling, called, limits, () -> { }).start();
    }

    /// Like [#call], for those who read and write the packets themselves.
    public RawSession callRaw(InetSocketAddress address, NetbiosName called, NetbiosName calling) {
        return open(address, called, calling).socket().raw();
    }

    /// An accepted call.
    record Line(PacketSocket socket, SessionMachine machine) {}

    /// The connection, after the peer has accepted the call.
    Line open(InetSocketAddress address, NetbiosName called, NetbiosName calling) {
        var target = address;
        for (int redirected = 0; redirected <= limits.retargets(); redirected++) {
            var socket = connect(target);
            var machine = SessionMachine.calling(NetbiosSession.now());
            SessionMachine.Step step;
            try {
                step = ask(socket, machine, called, calling);
            } catch (SessionException e) {
                socket.close();
                throw e;
            }
            if (step instanceof SessionMachine.Step.Opened) {
                return new Line(socket, machine);
            }
            socket.close();
            target = switch (step) {
                case SessionMachine.Step.Redirected r -> address(r);
                case SessionMachine.Step.Refused r -> throw new CallRefused(called, r.refusal());
                case SessionMachine.Step.Nothing _, SessionMachine.Step.Asked _, SessionMachine.Step.Opened _,
                        SessionMachine.Step.Delivered _ -> throw new IllegalStateException("no answer to a call: " + step);
            };
        }
        throw new SessionException.LimitReached(called + " redirected the call more than " + limits.retargets() + " times");
    }

    private PacketSocket connect(InetSocketAddress target) {
        try {
            return PacketSocket.connect(target, from, limits.setUp(), recorder);
        } catch (IOException e) {
            throw new SessionException.ConnectionLost("no connection to " + target + ": " + e.getMessage(), e);
        }
    }

    private SessionMachine.Step ask(PacketSocket socket, SessionMachine machine, NetbiosName called, NetbiosName calling) {
        socket.write(new SessionPacket.Request(called, calling));
        long deadline = System.nanoTime() + limits.setUp().toNanos();
        while (true) {
            var packet = socket.readUntil(deadline)
                    .orElseThrow(() -> new SessionException.ConnectionLost(called + " closed the connection instead of answering"));
            var step = machine.receive(packet);
            if (!(step instanceof SessionMachine.Step.Nothing)) {
                return step;
            }
        }
    }

    private static InetSocketAddress address(SessionMachine.Step.Redirected redirected) {
        var target = redirected.target();
        if (!target.address().isHost() || target.port() == 0) {
            throw new SessionException.ProtocolViolation("redirected to " + target + ", where no host can be");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(target.address().octets()), target.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
