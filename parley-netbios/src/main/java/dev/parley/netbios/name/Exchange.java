package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Ipv4;
import java.util.Optional;

/// One request on its way, with its retries.
final class Exchange {
    enum Kind {
        REGISTER,
        /// The demand after a silent claim by broadcast: a late defence still counts.
        DEMAND,
        /// The server told us to ask the old owner ourselves.
        CHALLENGE,
        OVERWRITE,
        REFRESH,
        /// Claims an owned name again by broadcast.
        VERIFY,
        RELEASE,
        QUERY,
        /// A broadcast query that was answered: a second answer in time shows a conflict.
        WATCH,
        STATUS
    }

    final Kind kind;
    final long ticket;
    final NetbiosName name;
    final boolean group;
    final Optional<Endpoint> to;
    final NamePacket packet;
    /// Whether the other way (broadcast or server) was gone already.
    final boolean second;
    int tries;
    long deadline;
    /// WATCH: who answered first.
    Ipv4 first = Ipv4.NONE;

    Exchange(Kind kind, long ticket, NetbiosName name, boolean group, Optional<Endpoint> to, NamePacket packet, boolean second) {
        this.kind = kind;
        this.ticket = ticket;
        this.name = name;
        this.group = group;
        this.to = to;
        this.packet = packet;
        this.second = second;
    }

    boolean broadcast() {
        return to.isEmpty();
    }
}
