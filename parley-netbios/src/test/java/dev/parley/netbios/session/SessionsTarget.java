package dev.parley.netbios.session;

import dev.parley.api.SessionException;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.SessionPacket;
import dev.parley.netbios.wire.SessionPacketCodec;
import java.nio.ByteBuffer;

/// A fuzz target: octets of a TCP connection to port 139, in pieces of a size that the first octet says, for the side that is called and the
/// one that calls. Nothing may be thrown but what is declared; what is read is written and read as the same.
public final class SessionsTarget {
    private SessionsTarget() {}

    public static void fuzzerTestOneInput(byte[] octets) {
        if (octets.length > 1) {
            var called = new CalledNames(true);
            called.add(NetbiosName.of("ALPHA", 0x20));
            stream(octets, SessionMachine.called(0), called);
            stream(octets, SessionMachine.calling(0), called);
        }
    }

    private static void stream(byte[] octets, SessionMachine machine, CalledNames names) {
        var packets = new PacketAssembler();
        int piece = 1 + (octets[0] & 0x7F);
        try {
            for (int at = 1; at < octets.length;) {
                while (true) {
                    var packet = packets.next();
                    if (packet.isEmpty()) {
                        break;
                    }
                    take(packet.get(), machine, names);
                }
                int count = Math.min(Math.min(piece, packets.room()), octets.length - at);
                if (count < 1) {
                    throw new IllegalStateException("no room for the next octet");
                }
                System.arraycopy(octets, at, packets.array(), packets.end(), count);
                packets.added(count);
                at += count;
            }
        } catch (SessionException.ProtocolViolation expected) {
            // The only one that is declared.
        }
    }

    private static void take(SessionPacket packet, SessionMachine machine, CalledNames names) {
        ByteBuffer written = SessionPacketCodec.encode(packet);
        if (!SessionPacketCodec.decode(written).equals(packet)) {
            throw new IllegalStateException("another packet is read than was written");
        }
        if (machine.receive(packet) instanceof SessionMachine.Step.Asked asked) {
            switch (names.decide(asked.request().called(), asked.request().calling(), true)) {
                case CalledNames.Decision.Refuse refuse when asked.request().called().suffix() == 0x20 -> machine.refuse(refuse.refusal());
                case CalledNames.Decision.Refuse _, CalledNames.Decision.Accept _, CalledNames.Decision.Redirect _ -> machine.accept(1);
            }
        }
    }
}
