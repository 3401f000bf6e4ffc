package dev.parley.h323.machine;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What must be done after an input, in order.
public sealed interface Effect {
    /// A Q.931 message on the connection of the call signalling, in a TPKT.
    record SendSignal(Octets message) implements Effect {}

    /// An H.245 message on its own connection, in a TPKT.
    record SendControl(Octets message) implements Effect {}

    /// Listen for the connection of H.245, and answer with {@link Event.ControlListening} at once.
    record ListenControl() implements Effect {}

    record ConnectControl(TransportAddress to) implements Effect {}

    record CloseControl() implements Effect {}

    record CloseSignal() implements Effect {}

    /// Open the connection of call signalling again, to the first of the addresses where somebody listens, and answer with
    /// {@link Event.SignalBack} or {@link Event.ReconnectFailed}.
    record Reconnect(List<TransportAddress> to) implements Effect {
        public Reconnect {
            to = List.copyOf(to);
        }
    }

    /// Answer with {@link Event.MediaSilence}.
    record AskMedia() implements Effect {}

    /// The connection of call signalling is lost while media goes on, or it is back.
    record Signalling(boolean up, String why) implements Effect {}

    /// The call is placed again, elsewhere.
    ///
    /// @param aliases whom it asks for there; empty for whoever answers
    record Redirected(TransportAddress to, List<String> aliases, String why) implements Effect {
        public Redirected {
            aliases = List.copyOf(aliases);
        }
    }

    record Start(Timer timer, Duration after) implements Effect {}

    record Stop(Timer timer) implements Effect {}

    /// Somebody calls: the user shall say {@link Event.Ring}, {@link Event.Answer} or {@link Event.Hangup}.
    record Incoming(Caller caller) implements Effect {}

    /// Who calls, and whom.
    ///
    /// @param aliases of the caller
    /// @param display what it shows as its name
    /// @param called the aliases it asks for
    record Caller(List<String> aliases, Optional<String> display, List<String> called, Octets callIdentifier, Octets conferenceId) {
        /// Whether it asks for one of these names, or for whoever answers: it names nobody, or only addresses. Of `h323:bob@192.0.2.7` and
        /// `bob@192.0.2.7` the name is `bob`; numbers are compared by what is dialled; capitals make no difference.
        public boolean asksFor(List<String> names) {
            var wanted = called.stream().map(AliasKind::user).filter(n -> !n.isEmpty()).toList();
            return wanted.isEmpty() || wanted.stream().anyMatch(w -> names.stream().map(AliasKind::user).anyMatch(w::equalsIgnoreCase));
        }
    }

    /// The callee has the call and is looking for its user.
    record Proceeding() implements Effect {}

    record Ringing() implements Effect {}

    /// @param display what the peer shows as its name
    record Connected(Optional<String> display) implements Effect {}

    /// Last effect of a call.
    record Ended(CallEnd end) implements Effect {}

    /// Send media from now on.
    record SendMedia(Codec.Kind kind, Capability format, TransportAddress rtp, Optional<TransportAddress> rtcp, int payloadType)
            implements Effect {}

    record StopSending(Codec.Kind kind) implements Effect {}

    /// Media of this format will arrive at our port.
    record ReceiveMedia(Codec.Kind kind, Capability format, Optional<TransportAddress> peerRtcp, int payloadType) implements Effect {}

    record StopReceiving(Codec.Kind kind) implements Effect {}

    /// Press keys by RFC 4733, in the sound that we send.
    record PressKeys(String keys, int payloadType) implements Effect {}

    /// The peer's user pressed keys.
    record Keys(String keys) implements Effect {}

    /// The measured round trip of H.245: the peer lives.
    record RoundTrip(Duration time) implements Effect {}

    /// The peer lost a picture and wants a whole one.
    record FastUpdateWanted() implements Effect {}

    /// The peer wants no more than this, in units of 100 bit/s; empty: no restriction.
    record FlowControl(Codec.Kind kind, Optional<Integer> bitRate) implements Effect {}

    /// Master or slave is decided and capabilities are exchanged.
    record ControlReady(boolean master) implements Effect {}

    /// A film of ours is more than what the peer says that it takes of its format: its channel is not opened.
    ///
    /// @param peer what it takes; empty when it does not say, and has not taken the film
    record TooMuch(Capability film, List<Capability> peer) implements Effect {
        public TooMuch {
            peer = List.copyOf(peer);
        }

        /// What is what.
        public String words() {
            if (peer.isEmpty()) {
                return "the film is " + film.words() + ", but the other side does not take it, and does not say what it takes";
            }
            return "the film is " + film.words() + ", but the other side takes "
                    + peer.stream().map(Capability::words).distinct().collect(Collectors.joining(", or "));
        }
    }

    /// Of this kind nothing is sent: the two sides have no format in common. The call goes on when another kind has one.
    ///
    /// @param ours what we send of it
    /// @param peer what the peer takes of it
    record NoFormat(Codec.Kind kind, List<Capability> ours, List<Capability> peer) implements Effect {
        public NoFormat {
            ours = List.copyOf(ours);
            peer = List.copyOf(peer);
        }

        /// What is what.
        public String words() {
            return "no common format for " + kind.name().toLowerCase(Locale.ROOT) + ": this side has " + formats(ours) + ", the other side takes "
                    + (peer.isEmpty() ? "none" : formats(peer));
        }

        private static String formats(List<Capability> formats) {
            return formats.stream().map(Capability::words).distinct().collect(Collectors.joining(" and "));
        }
    }

    /// A source or a sink of media failed, such as a file without room. That media stops, the call goes on.
    record MediaFailed(String words) implements Effect {}

    /// Something that people may want to know.
    record Note(String words) implements Effect {}
}
