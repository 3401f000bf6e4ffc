package dev.parley.h323.wire;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The envelope of H.225.0 call signalling (clauses 4.2 to 4.5 of Q.931): call reference, message type, information elements.
///
/// @param callReference 0..32767; 0 is the global one
/// @param fromDestination the call reference flag: set by the side that did not originate the call
/// @param type the message type octet; see {@link MessageType}
/// @param elements in the order of the line. Any order is accepted, and elements of any identifier are kept
public record Q931(int callReference, boolean fromDestination, int type, List<InformationElement> elements) {
    private static final int DISCRIMINATOR = 0x08;
    private static final int USER_DISCRIMINATOR = 0x05;
    private static final int MOST_ELEMENTS = 64;

    public Q931 {
        if (callReference < 0 || callReference > 0x7fff || type < 0 || type > 0xff) {
            throw new IllegalArgumentException("call reference " + callReference + ", message type " + type);
        }
        elements = List.copyOf(elements);
    }

    public Optional<MessageType> messageType() {
        return MessageType.of(type);
    }

    /// Reads one message.
    ///
    /// @throws ProtocolViolation when the octets are no Q.931 message; a bad user-user element shows only in {@link #userInformation}
    public static Q931 decode(Octets octets) {
        var head = head(octets);
        return new Q931(head.callReference, head.fromDestination, head.type, elements(octets.toArray(), 3 + octets.at(1)));
    }

    /// Reads no more than whose message it is and of what type: enough to answer one whose elements are broken.
    ///
    /// @throws ProtocolViolation when not even that can be read
    public static Q931 head(Octets octets) {
        var in = octets.toArray();
        if (in.length < 3 || in[0] != DISCRIMINATOR) {
            throw new ProtocolViolation("a Q.931 message begins with 08; arrived: " + octets.size() + " octets, " + start(in));
        }
        // The call reference has two octets in H.323. Gateways were seen to pass on one of ISDN with one octet, and the dummy one with none.
        int lengthOfReference = in[1] & 0xff;
        if (lengthOfReference > 2 || in.length < 3 + lengthOfReference) {
            throw new ProtocolViolation("a call reference of " + lengthOfReference + " octets in a message of " + in.length + "; two are expected");
        }
        int reference = 0;
        boolean flag = false;
        for (int i = 0; i < lengthOfReference; i++) {
            int octet = in[2 + i] & 0xff;
            flag |= i == 0 && octet >= 0x80;
            reference = reference << 8 | (i == 0 ? octet & 0x7f : octet);
        }
        return new Q931(reference, flag, in[2 + lengthOfReference] & 0xff, List.of());
    }

    private static List<InformationElement> elements(byte[] in, int from) {
        var elements = new ArrayList<InformationElement>();
        int at = from;
        while (at < in.length) {
            if (elements.size() == MOST_ELEMENTS) {
                throw new ProtocolViolation("more than " + MOST_ELEMENTS + " information elements in one message");
            }
            int id = in[at++] & 0xff;
            if (id >= 0x80) {
                elements.add(new InformationElement(id, Octets.EMPTY));
                continue;
            }
            int lengthOctets = id == InformationElement.USER_USER ? 2 : 1;
            int length = 0;
            if (at + lengthOctets > in.length) {
                throw cut(id, at + lengthOctets, in.length);
            }
            for (int i = 0; i < lengthOctets; i++) {
                length = length << 8 | in[at++] & 0xff;
            }
            if (length > in.length - at) {
                throw cut(id, at + length, in.length);
            }
            var contents = Arrays.copyOfRange(in, at, at + length);
            at += length;
            if (id == InformationElement.USER_USER) {
                if (length == 0 || contents[0] != USER_DISCRIMINATOR) {
                    throw new ProtocolViolation("a user-user element begins with 05 (X.680 coding); arrived: " + start(contents));
                }
                contents = Arrays.copyOfRange(contents, 1, length);
            }
            elements.add(new InformationElement(id, Octets.of(contents)));
        }
        return elements;
    }

    private static ProtocolViolation cut(int id, int needs, int has) {
        return new ProtocolViolation("element %02x needs %d octets, but the message ends after %d".formatted(id, needs, has));
    }

    private static String start(byte[] octets) {
        return Octets.of(Arrays.copyOf(octets, Math.min(8, octets.length))).hex();
    }

    public Octets encode() {
        var out = new ByteArrayOutputStream();
        out.write(DISCRIMINATOR);
        out.write(2);
        out.write(callReference >> 8 | (fromDestination ? 0x80 : 0));
        out.write(callReference);
        out.write(type);
        for (var element : elements) {
            out.write(element.id());
            if (element.id() < 0x80) {
                boolean user = element.id() == InformationElement.USER_USER;
                int length = element.contents().size() + (user ? 1 : 0);
                if (user) {
                    out.write(length >> 8);
                }
                out.write(length);
                if (user) {
                    out.write(USER_DISCRIMINATOR);
                }
                out.writeBytes(element.contents().toArray());
            }
        }
        return Octets.of(out.toByteArray());
    }

    /// The first element of an identifier. Elements behind a shift to another codeset (90..9f) have other meanings and are passed over.
    public Optional<Octets> element(int id) {
        int codeset = 0;
        boolean once = false;
        for (var element : elements) {
            if ((element.id() & 0xf0) == 0x90) {
                codeset = element.id() & 7;
                once = (element.id() & 8) != 0;
                continue;
            }
            if (codeset == 0 && element.id() == id) {
                return Optional.of(element.contents());
            }
            if (once) {
                codeset = 0;
                once = false;
            }
        }
        return Optional.empty();
    }

    /// The contents of the user-user element. Empty when there is none, as in the StatusInquiry of some gateways.
    ///
    /// @throws ProtocolViolation when they are malformed
    public Optional<Value> userInformation() {
        return element(InformationElement.USER_USER).map(Pdu.USER_INFORMATION::decode);
    }

    /// The Q.850 cause, when one is given in the coding of the ITU. An element that cannot be read counts as absent (clause 5.8.7.2/Q.931).
    public Optional<Cause> cause() {
        return element(InformationElement.CAUSE).flatMap(c -> {
            int at = 0;
            while (at < c.size() && c.at(at) < 0x80) {
                at++;
            }
            return at + 1 < c.size() ? Optional.of(new Cause(c.at(at + 1) & 0x7f)) : Optional.empty();
        });
    }

    /// The display text. A trailing 00, which ooh323c counts as a part of it, is cut off.
    public Optional<String> display() {
        return element(InformationElement.DISPLAY).map(d -> printable(d.latin1())).filter(s -> !s.isEmpty());
    }

    public Optional<String> callingNumber() {
        return digits(InformationElement.CALLING_PARTY_NUMBER);
    }

    public Optional<String> calledNumber() {
        return digits(InformationElement.CALLED_PARTY_NUMBER);
    }

    /// Keys pressed, of an Information message.
    public Optional<String> keypad() {
        return element(InformationElement.KEYPAD).map(k -> printable(k.latin1()));
    }

    /// The call state of a Status message (clause 4.5.7/Q.931).
    public Optional<Integer> callState() {
        return element(InformationElement.CALL_STATE).filter(s -> !s.isEmpty()).map(s -> s.at(0) & 0x3f);
    }

    /// Who answered, when that is somebody else (Q.951).
    public Optional<PartyNumber> connectedNumber() {
        return element(InformationElement.CONNECTED_NUMBER).flatMap(PartyNumber::read);
    }

    /// Who sent the call here, and why (Q.952).
    public Optional<PartyNumber> redirectingNumber() {
        return element(InformationElement.REDIRECTING_NUMBER).flatMap(PartyNumber::read);
    }

    /// What happens to the call on its way; the first, when there are two.
    public Optional<Progress> progress() {
        return element(InformationElement.PROGRESS_INDICATOR).flatMap(Progress::read);
    }

    /// The notification description (clause 4.5.22/Q.931), 0..127.
    public Optional<Integer> notification() {
        return element(InformationElement.NOTIFICATION_INDICATOR).filter(n -> !n.isEmpty()).map(n -> n.at(0) & 0x7f);
    }

    /// Which tone or alerting goes on or off (clause 4.5.28/Q.931), 0..255.
    public Optional<Integer> signal() {
        return element(InformationElement.SIGNAL).filter(s -> !s.isEmpty()).map(s -> s.at(0));
    }

    /// Octet 3 is continued by 3a when its top bit is 0; then come the digits. Other characters are dropped.
    private Optional<String> digits(int id) {
        return element(id).flatMap(c -> {
            int at = 0;
            while (at < c.size() && c.at(at) < 0x80) {
                at++;
            }
            return at >= c.size() ? Optional.empty() : Optional.of(c.latin1().substring(at + 1).chars()
                    .filter(d -> "0123456789*#,".indexOf(d) >= 0)
                    .mapToObj(Character::toString).collect(Collectors.joining()));
        });
    }

    private static String printable(String text) {
        return text.chars().filter(c -> c >= ' ' && c != 0x7f).mapToObj(Character::toString).collect(Collectors.joining());
    }
}
