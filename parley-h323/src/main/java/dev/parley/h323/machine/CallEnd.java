package dev.parley.h323.machine;

import dev.parley.api.Side;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import java.util.List;
import java.util.Optional;

/// How a call ended.
public sealed interface CallEnd {
    /// For people.
    String words();

    /// The peer ended it.
    default boolean isOfThePeer() {
        return this instanceof Cleared cleared && cleared.by() == Side.REMOTE;
    }

    /// Cleared by a message, after it was connected or before.
    ///
    /// @param reason the name of a ReleaseCompleteReason of H.225.0, when one was given, or why this side ended it: such a name, or one of ours,
    ///     after `: ` with more words ([Reason#name])
    record Cleared(Side by, Cause cause, Optional<String> reason, boolean wasConnected) implements CallEnd {
        /// Whether a connected call ended as calls do: cleared normally, or without a cause (31) and a reason for anything else.
        public boolean isOrderly() {
            return wasConnected && (cause.equals(Cause.NORMAL_CLEARING)
                    || cause.equals(Cause.NORMAL_UNSPECIFIED) && reason.filter(r -> !r.equals("undefinedReason")).isEmpty());
        }

        @Override
        public String words() {
            return cause.words() + reason.map(r -> " (" + Reason.words(r) + ")").orElse("");
        }
    }

    /// The peer wants it elsewhere (Facility).
    ///
    /// @param why the FacilityReason: `callForwarded`, `routeCallToGatekeeper` or `routeCallToMC`; after `: ` why it was not done
    record Redirected(Optional<TransportAddress> to, List<String> aliases, String why) implements CallEnd {
        @Override
        public String words() {
            var who = String.join(", ", aliases);
            var at = to.map(TransportAddress::toString).orElse("");
            var there = who.isEmpty() || at.isEmpty() ? who + at : who + " at " + at;
            return "redirected (" + Reason.words(why) + ")" + (there.isEmpty() ? "" : " to " + there);
        }
    }

    /// The connection went away without a word, or the peer does not answer.
    record Lost(String words) implements CallEnd {}

    /// The peer sent what is no H.323.
    record Malformed(String words) implements CallEnd {}
}
