package dev.parley.h323.machine;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Films of ours that are more than what the peer takes must not be sent, and their user must know, once for each kind; as of each kind for which
/// there is no format at all.
final class Films {
    private final ControlMachine.Port port;
    private final Set<Codec.Kind> refused = EnumSet.noneOf(Codec.Kind.class);
    private final Set<Codec.Kind> told = EnumSet.noneOf(Codec.Kind.class);
    /// What the caller said in fast connect that it takes; nothing when we are the caller: the callee only says what it has taken.
    private Optional<List<Capability>> offered = Optional.empty();

    Films(ControlMachine.Port port) {
        this.port = port;
    }

    /// One of the two sides has other formats than before.
    void again() {
        refused.clear();
        told.clear();
    }

    void offered(List<Capability> formats) {
        offered = Optional.of(formats);
    }

    /// There is no format for a kind.
    ///
    /// @param ours the formats of it that we transmit
    /// @param peer what the peer takes
    void nothingFits(Codec.Kind kind, List<Capability> ours, List<Capability> peer) {
        for (var film : ours) {
            var theirs = peer.stream().filter(p -> p.codec() == film.codec()).toList();
            if (film.use() == Capability.Use.RECORDED && !theirs.isEmpty() && theirs.stream().allMatch(p -> film.within(p).isEmpty())) {
                refuse(film, theirs);
                return;
            }
        }
        if (told.add(kind)) {
            port.effect(new Effect.NoFormat(kind, ours, peer.stream().filter(p -> p.codec().kind() == kind).toList()));
        }
    }

    /// Whether fast connect has opened no channel for one.
    static boolean areLeftOut(CallConfig config, Channels channels) {
        return leftOut(config, channels).findAny().isPresent();
    }

    private static Stream<Capability> leftOut(CallConfig config, Channels channels) {
        return config.capabilities().stream().filter(c -> c.use() == Capability.Use.RECORDED && !channels.have(c.codec().kind()));
    }

    /// The peer has no H.245 to tell what it takes. A caller that offers no such format in fast connect has no such pictures; a callee that
    /// took none of ours does not say why.
    void stayLeftOut(CallConfig config, Channels channels) {
        for (var film : leftOut(config, channels).toList()) {
            var kind = film.codec().kind();
            offered.ifPresentOrElse(o -> nothingFits(kind, config.transmits(kind), o), () -> refuse(film, List.of()));
        }
    }

    private void refuse(Capability film, List<Capability> peer) {
        if (refused.add(film.codec().kind())) {
            port.effect(new Effect.TooMuch(film, peer));
        }
    }
}
