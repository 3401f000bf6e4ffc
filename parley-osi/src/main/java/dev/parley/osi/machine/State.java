package dev.parley.osi.machine;

/// The states of Table A.2 (there is no 07, 12, 13, 14 and 17).
public enum State {
    STA01("idle, no transport connection"),
    STA01A("waits for ABORT ACCEPT"),
    STA01B("waits for the transport connect confirm"),
    STA01C("idle, transport connected"),
    STA01D("waits for CONNECT DATA OVERFLOW"),
    STA02A("waits for ACCEPT"),
    STA02B("waits for OVERFLOW ACCEPT"),
    STA03("waits for DISCONNECT"),
    STA04A("waits for MAJOR SYNC ACK"),
    STA04B("waits for ACTIVITY END ACK"),
    STA05A("waits for RESYNCHRONIZE ACK"),
    STA05B("waits for ACTIVITY INTERRUPT ACK"),
    STA05C("waits for ACTIVITY DISCARD ACK"),
    STA06("waits for RESYNCHRONIZE after a collision"),
    STA08("waits for the S-CONNECT response"),
    STA09("waits for the S-RELEASE response"),
    STA10A("waits for the S-SYNC-MAJOR response"),
    STA10B("waits for the S-ACTIVITY-END response"),
    STA11A("waits for the S-RESYNCHRONIZE response"),
    STA11B("waits for the S-ACTIVITY-INTERRUPT response"),
    STA11C("waits for the S-ACTIVITY-DISCARD response"),
    STA15A("after PREPARE (MAJOR SYNC ACK)"),
    STA15B("after PREPARE (RESYNCHRONIZE)"),
    STA15C("after PREPARE (RESYNCHRONIZE ACK)"),
    STA15D("after PREPARE (ABORT)"),
    STA16("waits for the transport disconnect"),
    STA18("waits for GIVE TOKENS ACK"),
    STA19("recovery, an exception was reported to the peer's user"),
    STA20("recovery, an exception was reported to this user"),
    STA21("waits for CAPABILITY DATA ACK"),
    STA22("waits for the S-CAPABILITY-DATA response"),
    STA713("data transfer");

    private final String meaning;

    State(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
