package dev.parley.h323.machine;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What happens to a call.
public sealed interface Event {
    /// From the user of the call.
    record Place() implements Event {}

    record Ring() implements Event {}

    record Answer() implements Event {}

    /// @param why when it is not the user who ends the call: the name of a reason, after `: ` more words; may be empty
    record Hangup(Cause cause, String why) implements Event {
        public Hangup(Cause cause) {
            this(cause, "");
        }
    }

    /// Send the caller elsewhere.
    ///
    /// @param aliases whom to ask for there; with these alone a gatekeeper must know where
    record Forward(Optional<TransportAddress> to, List<String> aliases) implements Event {
        public Forward {
            aliases = AliasKind.checked(aliases);
        }
    }

    record PressKeys(String keys) implements Event {}

    record WantFastUpdate() implements Event {}

    /// Offer a bit rate to the peer's channel, in units of 100 bit/s.
    record LimitRate(Codec.Kind kind, int bitRate) implements Event {}

    /// Ask the peer to stop sending (the empty capability set), or to go on.
    record Pause(boolean on) implements Event {}

    /// Ask the peer to send another format.
    record WantMode(Codec codec) implements Event {}

    /// Ask the peer to close its channel of a kind.
    record WantClosed(Codec.Kind kind) implements Event {}

    /// Have other formats from now on.
    record Offer(List<Capability> capabilities) implements Event {
        public Offer {
            capabilities = List.copyOf(capabilities);
        }
    }

    /// What is the state of the call at the peer?
    record AskStatus() implements Event {}

    /// From the network.
    record Signal(Octets message) implements Event {}

    record SignalLost(String why) implements Event {}

    /// What comes on the connection of call signalling is no TPKT: nothing more of it can be read.
    record SignalGarbled(String why) implements Event {}

    /// A key that the peer's user pressed came in RTP.
    record KeyHeard(char key) implements Event {}

    /// There is a new connection of call signalling: the one that we opened, or one on which the caller came back.
    record SignalBack() implements Event {}

    /// None could be opened.
    record ReconnectFailed(String why) implements Event {}

    /// @param since how long neither media nor reports have come; nothing: none have ever come
    record MediaSilence(Optional<Duration> since) implements Event {}

    record Control(Octets message) implements Event {}

    /// We listen for H.245 here.
    record ControlListening(TransportAddress at) implements Event {}

    /// The connection of H.245 stands, whoever opened it.
    record ControlConnected() implements Event {}

    record ControlLost(String why) implements Event {}

    /// We could not open it, and so far nobody else has.
    record ControlUnreachable(String why) implements Event {}

    record Expired(Timer timer) implements Event {}
}
