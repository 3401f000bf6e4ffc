package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
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
        STATUS;

        /// Whether a packet of that sort can be the answer.
        boolean answeredBy(int opcode, Resource.Data data) {
            boolean holders = data instanceof Resource.Addresses || data instanceof Resource.Nothing;
            return switch (this) {
                case QUERY, CHALLENGE, WATCH -> opcode == NamePacket.OP_QUERY && holders;
                case STATUS -> opcode == NamePacket.OP_QUERY && data instanceof Resource.Status;
                case RELEASE -> opcode == NamePacket.OP_RELEASE && holders || opcode == NamePacket.OP_WACK;
                case REFRESH -> claims(opcode, holders) || opcode == NamePacket.OP_REFRESH && holders
                        || opcode == NamePacket.OP_REFRESH_ALSO && holders;
                case REGISTER, DEMAND, OVERWRITE, VERIFY -> claims(opcode, holders);
            };
        }

        private static boolean claims(int opcode, boolean holders) {
            return opcode == NamePacket.OP_REGISTRATION && holders || opcode == NamePacket.OP_WACK;
        }
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
    /// How far the name server's requests to wait can move the deadline; set by the first of them.
    long waitsUntil = OwnName.NEVER;
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
