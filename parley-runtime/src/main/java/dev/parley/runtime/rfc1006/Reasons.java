package dev.parley.runtime.rfc1006;

/// The reasons of DR TPDUs and the causes of ER TPDUs in words (X.224 13.5 and 13.12).
final class Reasons {
    static final int ADDRESS_UNKNOWN = 3;
    static final int NOT_SPECIFIED = 0;
    static final int PROTOCOL_ERROR = 133;

    private Reasons() {}

    static String disconnect(int reason) {
        return switch (reason) {
            case NOT_SPECIFIED -> "no reason given";
            case 1 -> "congestion at its TSAP";
            case 2 -> "no session entity at this TSAP";
            case ADDRESS_UNKNOWN -> "the called T-selector is unknown";
            case 128 -> "normal disconnect";
            case 129 -> "congestion";
            case 130 -> "the negotiation failed";
            case PROTOCOL_ERROR -> "protocol error";
            default -> "reason " + reason;
        };
    }

    static String error(int cause) {
        return switch (cause) {
            case 1 -> "invalid parameter code";
            case 2 -> "invalid TPDU type";
            case 3 -> "invalid parameter value";
            default -> "no cause given";
        };
    }
}
