package dev.parley.h323.rtp;

import java.nio.ByteBuffer;

/// A named telephone event as RTP carries it (RFC 4733 section 2.3).
///
/// @param event 0..255; 0..15 are the keys 0-9 * # A-D
/// @param end whether the event is over
/// @param volume 0..63, the power below 0 dBm0
/// @param duration 0..65535 in units of the clock, from the packet's timestamp until now
public record TelephoneEvent(int event, boolean end, int volume, int duration) {
    private static final String KEYS = "0123456789*#ABCD";
    private static final int LENGTH = 4;

    public TelephoneEvent {
        if (event < 0 || event > 0xFF || volume < 0 || volume > 63 || duration < 0 || duration > 0xFFFF) {
            throw new IllegalArgumentException("event " + event + ", volume " + volume + ", duration " + duration
                    + ": expected 0..255, 0..63 and 0..65535");
        }
    }

    /// @throws IllegalArgumentException when it is no key of a telephone
    public static int eventOf(char key) {
        int event = KEYS.indexOf(Character.toUpperCase(key));
        if (event < 0) {
            throw new IllegalArgumentException("'" + key + "' is no key of a telephone: expected one of " + KEYS);
        }
        return event;
    }

    public static boolean isKey(int event) {
        return event >= 0 && event < KEYS.length();
    }

    public static char keyOf(int event) {
        return KEYS.charAt(event);
    }

    public ByteBuffer encode() {
        return ByteBuffer.allocate(LENGTH).put((byte) event).put((byte) ((end ? 0x80 : 0) | volume)).putShort((short) duration).flip();
    }

    /// What follows the first event is not looked at: RFC 2833 let senders add older ones.
    ///
    /// @throws dev.parley.api.SessionException.ProtocolViolation when the payload is too short
    public static TelephoneEvent decode(ByteBuffer payload) {
        var in = new OctetReader(payload, "telephone event");
        int event = in.u8("the event");
        int flags = in.u8("the volume");
        return new TelephoneEvent(event, (flags & 0x80) != 0, flags & 0x3F, in.u16("the duration"));
    }
}
