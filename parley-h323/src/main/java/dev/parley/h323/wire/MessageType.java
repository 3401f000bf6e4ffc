package dev.parley.h323.wire;

import java.util.Arrays;
import java.util.Optional;

/// The message types of Q.931 that H.225.0 uses (table 4/H.225.0).
public enum MessageType {
    ALERTING(0x01, "alerting"),
    CALL_PROCEEDING(0x02, "callProceeding"),
    PROGRESS(0x03, "progress"),
    SETUP(0x05, "setup"),
    CONNECT(0x07, "connect"),
    SETUP_ACKNOWLEDGE(0x0d, "setupAcknowledge"),
    RELEASE_COMPLETE(0x5a, "releaseComplete"),
    FACILITY(0x62, "facility"),
    NOTIFY(0x6e, "notify"),
    STATUS_INQUIRY(0x75, "statusInquiry"),
    INFORMATION(0x7b, "information"),
    STATUS(0x7d, "status");

    private final int code;
    private final String body;

    MessageType(int code, String body) {
        this.code = code;
        this.body = body;
    }

    public int code() {
        return code;
    }

    /// The alternative of `h323-message-body` that goes with the type.
    public String body() {
        return body;
    }

    public static Optional<MessageType> of(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst();
    }
}
