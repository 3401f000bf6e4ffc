package dev.parley.netbios.wire;

/// Why a session request is refused (RFC 1002 section 4.3.4).
public enum Refusal {
    NOT_LISTENING_ON_CALLED_NAME(0x80, "not listening on the called name"),
    NOT_LISTENING_FOR_CALLING_NAME(0x81, "not listening for the calling name"),
    CALLED_NAME_NOT_PRESENT(0x82, "the called name is not present"),
    INSUFFICIENT_RESOURCES(0x83, "the called name is present, but there are not enough resources"),
    UNSPECIFIED(0x8F, "an unspecified error");

    private final int code;
    private final String meaning;

    Refusal(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /// Unknown codes are unspecified errors.
    public static Refusal of(int code) {
        for (var refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        return UNSPECIFIED;
    }
}
