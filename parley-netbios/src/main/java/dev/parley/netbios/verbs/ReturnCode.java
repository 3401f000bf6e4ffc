package dev.parley.netbios.verbs;

/// The return codes of the NetBIOS interface, as LAN technical references number them. 00 is a verb that returns.
public enum ReturnCode {
    BAD_LENGTH(0x01, "the buffer is too long or too short"),
    ILLEGAL_COMMAND(0x03, "there is no such command"),
    TIMED_OUT(0x05, "the command timed out"),
    MESSAGE_INCOMPLETE(0x06, "the message is longer than the buffer; the rest comes with the next receive"),
    BAD_BUFFER(0x07, "the buffer cannot be used"),
    BAD_SESSION_NUMBER(0x08, "there is no session of that number"),
    NO_RESOURCE(0x09, "the remote side is out of resources"),
    SESSION_CLOSED(0x0A, "the session was closed by a hang-up"),
    CANCELLED(0x0B, "the command was cancelled"),
    DUPLICATE_NAME(0x0D, "the name is in the local table already"),
    NAME_TABLE_FULL(0x0E, "the local name table is full"),
    NAME_HAS_SESSIONS(0x0F, "the name has active sessions: hang them up first"),
    SESSION_TABLE_FULL(0x11, "the local session table is full"),
    NOT_LISTENING(0x12, "the remote side does not listen"),
    BAD_NAME_NUMBER(0x13, "there is no name of that number"),
    NO_ANSWER(0x14, "nobody of that name answers"),
    NAME_NOT_FOUND(0x15, "the name is not in the local table, or cannot be a name here"),
    NAME_IN_USE(0x16, "another host has the name"),
    NAME_DELETED(0x17, "the name was deleted"),
    SESSION_ABORTED(0x18, "the session ended abnormally"),
    NAME_CONFLICT(0x19, "two hosts claim the name"),
    INTERFACE_BUSY(0x21, "the interface is busy"),
    TOO_MANY_COMMANDS(0x22, "too many commands are pending"),
    BAD_ADAPTER(0x23, "there is no adapter of that number"),
    COMPLETED_DURING_CANCEL(0x24, "the command ended before it could be cancelled"),
    NOT_CANCELLABLE(0x26, "the command cannot be cancelled"),
    SYSTEM_ERROR(0x40, "the system failed");

    private final int code;
    private final String meaning;

    ReturnCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
