package dev.parley.api;

import org.jspecify.annotations.Nullable;

/// The root of everything that Parley throws on purpose. The message says what was expected, what arrived and what to do.
public sealed class SessionException extends RuntimeException {
    protected SessionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The local caller asked for something out of sequence. Nothing was changed and nothing was sent.
    public static final class OutOfSequence extends SessionException {
        public OutOfSequence(String message) {
            super(message, null);
        }
    }

    /// The peer broke the protocol: malformed bytes, or well-formed ones in the wrong state.
    public static final class ProtocolViolation extends SessionException {
        public ProtocolViolation(String message) {
            super(message, null);
        }
    }

    /// The peer refused: credentials, rights, functional units, version.
    public static final class Refused extends SessionException {
        public Refused(String message) {
            super(message, null);
        }
    }

    /// A limit or a quota was reached; the message names it.
    public static final class LimitReached extends SessionException {
        public LimitReached(String message) {
            super(message, null);
        }
    }

    /// The connection was lost or could not be made.
    public static final class ConnectionLost extends SessionException {
        public ConnectionLost(String message, Throwable cause) {
            super(message, cause);
        }

        public ConnectionLost(String message) {
            super(message, null);
        }
    }

    /// The bytes that arrived or are stored are not the bytes that were sent.
    public static final class IntegrityFailure extends SessionException {
        public IntegrityFailure(String message) {
            super(message, null);
        }
    }

    /// What is being sent is not what it was when a part of it was confirmed. Nothing was mixed.
    public static final class SourceChanged extends SessionException {
        public SourceChanged(String message) {
            super(message, null);
        }
    }

    /// The store or the disk failed; what was acknowledged before is kept.
    public static final class StorageFailure extends SessionException {
        public StorageFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// A newer connection or process has taken over this session; what this one still wanted to write was refused.
    public static final class TakenOver extends SessionException {
        public TakenOver(String message) {
            super(message, null);
        }
    }

    /// Its user cancelled the session: nothing of it is kept.
    public static final class Cancelled extends SessionException {
        public Cancelled(String message) {
            super(message, null);
        }
    }

    /// The peer did not answer within the limit that the message names.
    public static final class TimedOut extends SessionException {
        public TimedOut(String message) {
            super(message, null);
        }
    }

    /// The waiting thread was interrupted; its interrupt flag is set again. The session is as it was.
    public static final class Interrupted extends SessionException {
        public Interrupted(String message, InterruptedException cause) {
            super(message, cause);
        }
    }
}
