package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import java.util.List;
import java.util.Optional;

/// What a node or a server wants done.
public sealed interface Output {
    /// Send this there; nowhere means broadcast.
    record Send(Optional<Endpoint> to, NamePacket packet) implements Output {}

    /// A request of our user is over.
    record Done(long ticket, Outcome outcome) implements Output {}

    /// We owned the name and do not any more: another owner showed up.
    record Lost(NetbiosName name, String why) implements Output {}

    /// How a request ended.
    sealed interface Outcome {
        record Registered() implements Outcome {}

        /// Somebody else has the name or the server does not want it.
        record Denied(Ipv4 by, int rcode) implements Outcome {}

        /// @param truncated whether there are more, which only TCP brings
        record Found(List<Resource.Address> addresses, Ipv4 by, boolean truncated) implements Outcome {
            public Found {
                addresses = List.copyOf(addresses);
            }
        }

        /// The name server says that nobody has it.
        record Unknown() implements Outcome {}

        record StatusOf(Resource.Status status, Ipv4 by, boolean truncated) implements Outcome {}

        record Released() implements Outcome {}

        record NoAnswer() implements Outcome {}
    }
}
