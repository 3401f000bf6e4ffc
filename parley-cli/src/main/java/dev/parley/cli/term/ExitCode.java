package dev.parley.cli.term;

/// How a command ended, for scripts.
public enum ExitCode {
    DONE(0, false, "done"),
    OTHER(1, false, "another error"),
    USAGE(2, false, "the command line is wrong"),
    SOURCE(3, false, "the source is missing or unreadable"),
    LOST(4, true, "the peer cannot be reached or was lost; state is kept"),
    REFUSED(5, false, "login or negotiation refused"),
    INTEGRITY(6, false, "what arrived is not what was sent"),
    SOURCE_CHANGED(7, false, "the source changed"),
    LIMIT(8, true, "a limit or quota is reached"),
    ABORTED(10, true, "the peer aborted"),
    TRY_LATER(75, true, "no flow token is free"),
    INTERRUPTED(130, true, "stopped by Ctrl-C, state is saved"),
    TERMINATED(143, true, "stopped by SIGTERM, state is saved");

    private final int number;
    private final boolean resumable;
    private final String words;

    ExitCode(int number, boolean resumable, String words) {
        this.number = number;
        this.resumable = resumable;
        this.words = words;
    }

    public int number() {
        return number;
    }

    /// True when the same command run again goes on from the last checkpoint, where there is a transfer to go on with.
    public boolean resumable() {
        return resumable;
    }

    public String words() {
        return words;
    }

    public static ExitCode of(int number) {
        for (var code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return OTHER;
    }
}
