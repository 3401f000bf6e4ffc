package dev.parley.osi;

/// The four tokens (X.215 clause 7.2) with their bit in the Token Item and the shift of their pair in the Token Setting Item (8.3.1.11).
public enum Token {
    DATA(0x01, 0),
    MINOR(0x04, 2),
    MAJOR_ACTIVITY(0x10, 4),
    RELEASE(0x40, 6);

    private final int mask;
    private final int shift;

    Token(int mask, int shift) {
        this.mask = mask;
        this.shift = shift;
    }

    public int mask() {
        return mask;
    }

    public int shift() {
        return shift;
    }

    /// Where a token is placed. In a CONNECT "requestor" is the calling side, in a RESYNCHRONIZE it is the side that asked.
    public enum Side {
        REQUESTOR,
        ACCEPTOR,
        ACCEPTOR_CHOOSES
    }
}
