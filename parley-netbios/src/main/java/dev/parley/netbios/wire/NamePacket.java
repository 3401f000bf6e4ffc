package dev.parley.netbios.wire;

import java.util.List;
import java.util.Optional;

/// A name service packet (RFC 1002 section 4.2).
///
/// @param id the transaction
/// @param flags the second word of the header; the constants here are the words of section 4.2
public record NamePacket(
        int id, int flags, List<Question> questions, List<Resource> answers, List<Resource> authorities, List<Resource> additionals) {
    public static final int RESPONSE = 0x8000;
    public static final int AUTHORITATIVE = 0x0400;
    public static final int TRUNCATED = 0x0200;
    public static final int RECURSION_DESIRED = 0x0100;
    public static final int RECURSION_AVAILABLE = 0x0080;
    public static final int BROADCAST = 0x0010;

    public static final int OP_QUERY = 0;
    public static final int OP_REGISTRATION = 5;
    public static final int OP_RELEASE = 6;
    public static final int OP_WACK = 7;
    public static final int OP_REFRESH = 8;
    /// RFC 1002 says 8 in one place and 9 in another.
    public static final int OP_REFRESH_ALSO = 9;
    public static final int OP_MULTIHOMED = 15;

    public static final int OK = 0;
    public static final int FORMAT_ERROR = 1;
    public static final int SERVER_FAILURE = 2;
    public static final int NO_SUCH_NAME = 3;
    public static final int REFUSED = 5;
    public static final int ACTIVE = 6;
    public static final int CONFLICT = 7;

    /// Records in one section of a packet that we read; real ones have one or none.
    public static final int MOST_RECORDS = 32;

    public NamePacket {
        if (id < 0 || id > 0xFFFF || flags < 0 || flags > 0xFFFF) {
            throw new IllegalArgumentException("the transaction and the flags have 16 bits each");
        }
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        authorities = List.copyOf(authorities);
        additionals = List.copyOf(additionals);
        if (Math.max(Math.max(questions.size(), answers.size()), Math.max(authorities.size(), additionals.size())) > MOST_RECORDS) {
            throw new IllegalArgumentException("a section has at most " + MOST_RECORDS + " records");
        }
    }

    /// What is asked for.
    public record Question(NetbiosName name, int type) {}

    public boolean isResponse() {
        return (flags & RESPONSE) != 0;
    }

    public boolean isBroadcast() {
        return (flags & BROADCAST) != 0;
    }

    public boolean isTruncated() {
        return (flags & TRUNCATED) != 0;
    }

    public boolean recursionDesired() {
        return (flags & RECURSION_DESIRED) != 0;
    }

    public int opcode() {
        return flags >> 11 & 0xF;
    }

    public int rcode() {
        return flags & 0xF;
    }

    /// The only question, or nothing when there are none or several.
    public Optional<Question> question() {
        return questions.size() == 1 ? Optional.of(questions.getFirst()) : Optional.empty();
    }

    /// The first answer.
    public Optional<Resource> answer() {
        return answers.isEmpty() ? Optional.empty() : Optional.of(answers.getFirst());
    }

    /// The addresses that a request carries in its additional record: the claim of a registration, refresh or release.
    public Optional<Resource.Address> claim() {
        return additionals.size() == 1 && additionals.getFirst().data() instanceof Resource.Addresses a && a.addresses().size() == 1
                ? Optional.of(a.addresses().getFirst())
                : Optional.empty();
    }

    /// The same answer with no more than so many addresses or names, marked truncated when some were left out.
    public NamePacket truncated(int most) {
        if (answers.size() != 1) {
            return this;
        }
        var whole = answers.getFirst();
        Resource.Data data = switch (whole.data()) {
            case Resource.Addresses a when a.addresses().size() > most -> new Resource.Addresses(a.addresses().subList(0, most));
            case Resource.Status s when s.names().size() > most -> new Resource.Status(s.names().subList(0, most), s.statistics());
            case Resource.Data other -> other;
        };
        return data == whole.data() ? this : new NamePacket(id, flags | TRUNCATED, questions,
                List.of(new Resource(whole.name(), whole.ttlSeconds(), data)), authorities, additionals);
    }

    public static NamePacket query(int id, NetbiosName name, boolean broadcast) {
        return ask(id, broadcast ? 0x0110 : 0x0100, name, Resource.TYPE_NB);
    }

    public static NamePacket statusRequest(int id, NetbiosName name) {
        return ask(id, 0x0000, name, Resource.TYPE_NBSTAT);
    }

    /// A registration, refresh or release: the question is the name and the additional record the claim.
    public static NamePacket claim(int id, int flags, NetbiosName name, long ttlSeconds, Resource.Address claim) {
        return new NamePacket(id, flags, List.of(new Question(name, Resource.TYPE_NB)), List.of(), List.of(),
                List.of(new Resource(name, ttlSeconds, new Resource.Addresses(List.of(claim)))));
    }

    /// A response with one record.
    public static NamePacket response(int id, int flags, Resource answer) {
        return new NamePacket(id, flags | RESPONSE, List.of(), List.of(answer), List.of(), List.of());
    }

    private static NamePacket ask(int id, int flags, NetbiosName name, int type) {
        return new NamePacket(id, flags, List.of(new Question(name, type)), List.of(), List.of(), List.of());
    }
}
