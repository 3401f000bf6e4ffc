package dev.parley.h323.wire;

/// A cause value of Q.850 (0..127): why a call was refused or ended.
public record Cause(int code) {
    public static final Cause UNALLOCATED_NUMBER = new Cause(1);
    public static final Cause NO_ROUTE = new Cause(3);
    public static final Cause NORMAL_CLEARING = new Cause(16);
    public static final Cause USER_BUSY = new Cause(17);
    public static final Cause NO_USER_RESPONDING = new Cause(18);
    public static final Cause NO_ANSWER = new Cause(19);
    public static final Cause REJECTED = new Cause(21);
    public static final Cause INVALID_NUMBER = new Cause(28);
    public static final Cause STATUS_RESPONSE = new Cause(30);
    public static final Cause NORMAL_UNSPECIFIED = new Cause(31);
    public static final Cause NETWORK_OUT_OF_ORDER = new Cause(38);
    public static final Cause TEMPORARY_FAILURE = new Cause(41);
    public static final Cause CONGESTION = new Cause(42);
    public static final Cause NO_RESOURCES = new Cause(47);
    public static final Cause INVALID_CALL_REFERENCE = new Cause(81);
    public static final Cause INCOMPATIBLE = new Cause(88);
    public static final Cause INVALID_MESSAGE = new Cause(95);
    public static final Cause MANDATORY_ELEMENT_MISSING = new Cause(96);
    public static final Cause INVALID_CONTENTS = new Cause(100);
    public static final Cause TIMER_EXPIRED = new Cause(102);
    public static final Cause PROTOCOL_ERROR = new Cause(111);
    public static final Cause INTERWORKING = new Cause(127);

    public Cause {
        if (code < 0 || code > 127) {
            throw new IllegalArgumentException("a cause is 0..127, not " + code);
        }
    }

    public String words() {
        return switch (code) {
            case 1 -> "no such number";
            case 2, 3 -> "no route to the destination";
            case 16 -> "normal call clearing";
            case 17 -> "the user is busy";
            case 18 -> "no user responds";
            case 19 -> "no answer";
            case 20 -> "the subscriber is absent";
            case 21 -> "the call was rejected";
            case 22 -> "the number has changed";
            case 26 -> "cleared because the call was taken elsewhere";
            case 27 -> "the destination is out of order";
            case 28 -> "the number is incomplete or has a wrong form";
            case 29 -> "the facility was rejected";
            case 30 -> "answer to a status inquiry";
            case 31 -> "normal, unspecified";
            case 34 -> "no circuit or channel is available";
            case 38 -> "the network is out of order";
            case 41 -> "temporary failure";
            case 42 -> "congestion";
            case 44 -> "the requested channel is not available";
            case 47 -> "no resources are available";
            case 49 -> "the quality of service is not available";
            case 50, 69 -> "the requested facility is not subscribed or not implemented";
            case 57, 58, 65 -> "the bearer capability is not authorized, available or implemented";
            case 63, 79 -> "the service or option is not available or implemented";
            case 81 -> "invalid call reference";
            case 88 -> "incompatible destination";
            case 95 -> "invalid message";
            case 96 -> "a mandatory information element is missing";
            case 97, 98 -> "the message type does not exist or does not fit the call's state";
            case 99 -> "the information element does not exist";
            case 100 -> "an information element has invalid contents";
            case 101 -> "the message does not fit the call's state";
            case 102 -> "a timer expired";
            case 111 -> "protocol error";
            case 127 -> "interworking, unspecified";
            default -> "cause " + code;
        };
    }
}
