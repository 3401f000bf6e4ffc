package dev.parley.netbios.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Name service packets to octets and back (RFC 1002 section 4.2).
public final class NamePacketCodec {
    /// UDP payload that RFC 1002 section 4.2.1 lets a sender use; a longer answer is cut and marked truncated.
    public static final int MOST_UDP = 576;

    /// What we read from one datagram, or from one TCP message.
    public static final int MOST_OCTETS = 0xFFFF;

    private static final int HEADER = 12;

    private NamePacketCodec() {}

    public static ByteBuffer encode(NamePacket packet) {
        var out = new PacketWriter();
        out.u16(packet.id()).u16(packet.flags());
        out.u16(packet.questions().size()).u16(packet.answers().size());
        out.u16(packet.authorities().size()).u16(packet.additionals().size());
        for (var question : packet.questions()) {
            out.name(question.name()).u16(question.type()).u16(Resource.CLASS_IN);
        }
        packet.answers().forEach(r -> write(out, r, packet));
        packet.authorities().forEach(r -> write(out, r, packet));
        packet.additionals().forEach(r -> write(out, r, packet));
        return out.toBuffer();
    }

    /// For a datagram: what does not fit is left out, and the rest marked truncated (RFC 1002 section 4.2.1.1).
    public static ByteBuffer encodeForUdp(NamePacket packet) {
        var octets = encode(packet);
        int over = octets.remaining() - MOST_UDP;
        if (over <= 0 || packet.answer().isEmpty()) {
            return octets;
        }
        return encode(switch (packet.answer().get().data()) {
            case Resource.Addresses a -> packet.truncated(Math.max(0, a.addresses().size() - (over + 5) / 6));
            case Resource.Status s -> packet.truncated(Math.max(0, s.names().size() - (over + 17) / 18));
            case Resource.Nothing _, Resource.Waiting _, Resource.Other _ -> packet;
        });
    }

    private static void write(PacketWriter out, Resource resource, NamePacket packet) {
        // The records of a request point to the name in its question, as every implementation does.
        boolean same = !packet.questions().isEmpty() && packet.questions().getFirst().name().equals(resource.name());
        if (same) {
            out.pointer(HEADER);
        } else {
            out.name(resource.name());
        }
        out.u16(resource.data().type()).u16(Resource.CLASS_IN).u32((int) resource.ttlSeconds());
        var data = data(resource.data());
        out.u16(data.remaining()).octets(data);
    }

    private static ByteBuffer data(Resource.Data data) {
        var out = new PacketWriter();
        switch (data) {
            case Resource.Addresses a -> a.addresses().forEach(e -> out.u16(e.flags()).u32(e.address().bits()));
            case Resource.Status s -> {
                out.u8(s.names().size());
                s.names().forEach(n -> out.octets(n.name().octets()).u16(n.flags()));
                out.octets(s.statistics());
            }
            case Resource.Nothing _ -> { }
            case Resource.Waiting w -> out.u16(w.requestFlags());
            case Resource.Other o -> out.octets(o.octets());
        }
        return out.toBuffer();
    }

    /// @throws SessionException.ProtocolViolation whatever is wrong with the octets
    public static NamePacket decode(ByteBuffer octets) {
        if (octets.remaining() > MOST_OCTETS) {
            throw new SessionException.ProtocolViolation("a name service packet has at most " + MOST_OCTETS + " octets, not "
                    + octets.remaining());
        }
        var in = new PacketReader(octets, "name service packet");
        int id = in.u16("the transaction");
        int flags = in.u16("the flags");
        int[] counts = {in.u16("a count"), in.u16("a count"), in.u16("a count"), in.u16("a count")};
        for (int count : counts) {
            if (count > NamePacket.MOST_RECORDS) {
                throw in.broken("a section has at most " + NamePacket.MOST_RECORDS + " records, not " + count);
            }
        }
        var questions = new ArrayList<NamePacket.Question>(counts[0]);
        for (int i = 0; i < counts[0]; i++) {
            var name = in.name();
            int type = in.u16("the type of a question");
            checkClass(in);
            questions.add(new NamePacket.Question(name, type));
        }
        var answers = resources(in, counts[1]);
        var authorities = resources(in, counts[2]);
        var additionals = resources(in, counts[3]);
        // Octets after the last record are ignored: some stacks pad to an even or to the maximum length.
        return new NamePacket(id, flags, questions, answers, authorities, additionals);
    }

    private static List<Resource> resources(PacketReader in, int count) {
        var resources = new ArrayList<Resource>(count);
        for (int i = 0; i < count; i++) {
            var name = in.name();
            int type = in.u16("the type of a record");
            checkClass(in);
            long ttl = in.u32("the time to live") & 0xFFFF_FFFFL;
            int length = in.u16("the length of a record's data");
            resources.add(new Resource(name, ttl, data(in, type, in.octets(length, "a record's data"), name.scope())));
        }
        return resources;
    }

    private static void checkClass(PacketReader in) {
        int value = in.u16("the class");
        if (value != Resource.CLASS_IN) {
            throw in.broken("the class is 1, not " + value);
        }
    }

    private static Resource.Data data(PacketReader packet, int type, ByteBuffer octets, String scope) {
        int length = octets.remaining();
        if (type == Resource.TYPE_NBSTAT) {
            return status(new PacketReader(octets, "node status"), scope);
        }
        if (type == Resource.TYPE_NB && length == 2) {
            return new Resource.Waiting(octets.getShort(0) & 0xFFFF);
        }
        if (type == Resource.TYPE_NB && length % 6 == 0) {
            var in = new PacketReader(octets, "NB record");
            var addresses = new ArrayList<Resource.Address>(length / 6);
            while (in.remaining() > 0) {
                addresses.add(Resource.Address.of(in.u16("the flags"), in.u32("an address")));
            }
            return new Resource.Addresses(addresses);
        }
        if (type == Resource.TYPE_NB) {
            throw packet.broken("an NB record has entries of 6 octets, not " + length + " octets");
        }
        return type == Resource.TYPE_NULL && length == 0 ? new Resource.Nothing() : new Resource.Other(type, octets);
    }

    private static Resource.Status status(PacketReader in, String scope) {
        int count = in.u8("the number of names");
        var names = new ArrayList<Resource.StatusName>(count);
        for (int i = 0; i < count; i++) {
            var octets = in.octets(16, "a name");
            int flags = in.u16("the flags of a name");
            var bytes = new byte[15];
            octets.get(bytes);
            int suffix = octets.get() & 0xFF;
            try {
                var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
                names.add(new Resource.StatusName(new NetbiosName(text, suffix, scope), flags));
            } catch (IllegalArgumentException e) {
                throw in.broken(String.valueOf(e.getMessage()));
            }
        }
        // Statistics differ from stack to stack; some clients even expect more than is ever sent. Whatever there is.
        return new Resource.Status(names, in.octets(in.remaining(), "the statistics"));
    }
}
