package dev.parley.h323.machine;

/// Where a call is, with the call states of Q.931 that H.225.0 reports in Status.
public enum CallState {
    NULL(0),
    /// Setup sent.
    CALLING(1),
    /// CallProceeding heard.
    PROCEEDING(3),
    /// Alerting heard.
    DELIVERED(4),
    /// Setup heard.
    PRESENT(6),
    /// Alerting sent.
    RECEIVED(7),
    ACTIVE(10),
    CLEARING(19),
    ENDED(0);

    private final int code;

    CallState(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
