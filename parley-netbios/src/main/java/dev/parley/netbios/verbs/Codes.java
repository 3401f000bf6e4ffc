package dev.parley.netbios.verbs;

import dev.parley.api.SessionException;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.wire.Datagram;
import java.nio.ByteBuffer;

/// Which return code an exception of the services is.
final class Codes {
    private Codes() {}

    static ReturnCode ofCall(RuntimeException e) {
        return switch (e) {
            case Caller.CallRefused refused -> switch (refused.refusal()) {
                case NOT_LISTENING_ON_CALLED_NAME, NOT_LISTENING_FOR_CALLING_NAME -> ReturnCode.NOT_LISTENING;
                case CALLED_NAME_NOT_PRESENT -> ReturnCode.NO_ANSWER;
                case INSUFFICIENT_RESOURCES -> ReturnCode.NO_RESOURCE;
                case UNSPECIFIED -> ReturnCode.SESSION_ABORTED;
            };
            case SessionException _ when Thread.interrupted() -> ReturnCode.CANCELLED;
            case SessionException.LimitReached _ -> ReturnCode.TIMED_OUT;
            case SessionException.ConnectionLost _ -> ReturnCode.NO_ANSWER;
            case RuntimeException _ -> ReturnCode.SESSION_ABORTED;
        };
    }

    static ReturnCode ofSend(SessionException e) {
        return switch (e) {
            case SessionException.LimitReached _ -> ReturnCode.BAD_LENGTH;
            case SessionException.OutOfSequence _ -> ReturnCode.SESSION_CLOSED;
            case SessionException _ -> ReturnCode.SESSION_ABORTED;
        };
    }

    static void datagram(ByteBuffer data, Runnable send) {
        if (data.remaining() > Datagram.Message.MOST_DATA) {
            throw new VerbFailed(ReturnCode.BAD_LENGTH, "a datagram of " + data.remaining() + " octets");
        }
        try {
            send.run();
        } catch (SessionException e) {
            throw new VerbFailed(ReturnCode.SYSTEM_ERROR, String.valueOf(e.getMessage()), 0, e);
        }
    }
}
