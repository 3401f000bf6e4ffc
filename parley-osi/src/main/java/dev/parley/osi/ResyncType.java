package dev.parley.osi;

/// The kinds of resynchronization with their value in PI 27 (8.3.24).
public enum ResyncType {
    RESTART(0),
    ABANDON(1),
    SET(2);

    private final int code;

    ResyncType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
