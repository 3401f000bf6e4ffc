package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;

/// One information element of a Q.931 message (clause 4.5/Q.931), its contents as they stand on the line.
///
/// @param id the identifier octet; with its top bit set the element is that one octet and has no contents
/// @param contents what follows the length, without the protocol discriminator in case of user-user
public record InformationElement(int id, Octets contents) {
    public static final int BEARER_CAPABILITY = 0x04;
    public static final int CAUSE = 0x08;
    public static final int CALL_STATE = 0x14;
    public static final int FACILITY = 0x1c;
    public static final int PROGRESS_INDICATOR = 0x1e;
    public static final int NOTIFICATION_INDICATOR = 0x27;
    public static final int DISPLAY = 0x28;
    public static final int KEYPAD = 0x2c;
    public static final int SIGNAL = 0x34;
    public static final int CONNECTED_NUMBER = 0x4c;
    public static final int CALLING_PARTY_NUMBER = 0x6c;
    public static final int CALLED_PARTY_NUMBER = 0x70;
    public static final int REDIRECTING_NUMBER = 0x74;
    public static final int USER_USER = 0x7e;

    public InformationElement {
        if (id < 0 || id > 0xff || id >= 0x80 && !contents.isEmpty()) {
            throw new IllegalArgumentException("an element with identifier " + id + " and " + contents.size() + " octets");
        }
        if (id != USER_USER && contents.size() > 255 || contents.size() > 0xfff0) {
            throw new IllegalArgumentException("an element of " + contents.size() + " octets");
        }
    }

    /// Unrestricted digital information in packet mode, H.221 and H.242: what H.323 terminals say.
    public static InformationElement bearerForPackets() {
        return new InformationElement(BEARER_CAPABILITY, Octets.ofHex("88c0a5"));
    }

    public static InformationElement display(String text) {
        return new InformationElement(DISPLAY, Octets.ofAscii(text.length() > 82 ? text.substring(0, 82) : text));
    }

    /// A number of unknown type in the E.164 plan; presentation allowed, not screened.
    public static InformationElement callingNumber(String digits) {
        return number(CALLING_PARTY_NUMBER, new PartyNumber(0, 1, Optional.of(new PartyNumber.Shown(0, 0)), Optional.empty(), digits));
    }

    public static InformationElement calledNumber(String digits) {
        return number(CALLED_PARTY_NUMBER, PartyNumber.of(digits));
    }

    /// @param id of the calling, called, connected or redirecting party number
    public static InformationElement number(int id, PartyNumber number) {
        return new InformationElement(id, number.octets());
    }

    public static InformationElement progress(Progress progress) {
        return new InformationElement(PROGRESS_INDICATOR, progress.octets());
    }

    /// @param description 0..127, as 0x79 for a call that is held (clause 4.5.22/Q.931, Q.953)
    public static InformationElement notification(int description) {
        PartyNumber.within("notification description", description, 127);
        return new InformationElement(NOTIFICATION_INDICATOR, Octets.of((byte) (0x80 | description)));
    }

    /// @param value 0..255: tones and alerting (clause 4.5.28/Q.931), 0x4f turns alerting off
    public static InformationElement signal(int value) {
        PartyNumber.within("signal", value, 255);
        return new InformationElement(SIGNAL, Octets.of((byte) value));
    }

    /// Coding by ITU-T, location user.
    public static InformationElement cause(Cause cause) {
        return new InformationElement(CAUSE, Octets.of((byte) 0x80, (byte) (0x80 | cause.code())));
    }

    public static InformationElement callState(int state) {
        return new InformationElement(CALL_STATE, Octets.of((byte) state));
    }

    public static InformationElement keypad(String keys) {
        return new InformationElement(KEYPAD, Octets.ofAscii(keys));
    }

    public static InformationElement userUser(Octets userInformation) {
        return new InformationElement(USER_USER, userInformation);
    }
}
