package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Lease;
import dev.parley.session.connection.Stranger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a transfer ended without success, by the exit code of the command line.
public enum Failure {
    OTHER(1),
    /// The receiver does not take what is offered, such as a name that is taken.
    UNWANTED(1),
    SOURCE(3),
    LOST(4),
    REFUSED(5),
    INTEGRITY(6),
    SOURCE_CHANGED(7),
    LIMIT(8),
    ABORTED(10),
    /// Somebody cancelled the session: nothing of it is kept.
    CANCELLED(10),
    /// The flow token was not granted: try again later.
    LATER(75);

    private static final List<String> FULL = List.of("No space left", "quota", "File too large", "SQLITE_FULL");

    private final int code;

    Failure(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// The failure with this exit code, or the other one.
    static Failure of(int code, Failure otherwise) {
        for (var failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return otherwise;
    }

    /// What an abort says of it.
    ObjectNode words(String words) {
        var said = Json.object().put("words", words).put("code", code);
        return switch (this) {
            case CANCELLED -> said.put("cancelled", true);
            case UNWANTED -> said.put("unwanted", true);
            default -> said;
        };
    }

    static Failure ofAbort(JsonNode words) {
        return words.path("cancelled").asBoolean() ? CANCELLED
                : words.path("unwanted").asBoolean() ? UNWANTED : of(words.path("code").asInt(), ABORTED);
    }

    /// See [Stranger], with what to do on the command line.
    ///
    /// @param tls whether this side uses TLS
    static String ofStranger(String where, boolean tls, String words) {
        return Stranger.words(where, tls, words) + (tls ? " (if it serves with --insecure-plain, say so here too)"
                : " (if it serves with TLS, leave out --insecure-plain)");
    }

    /// Why a client's session cannot begin.
    static Failure ofBeginning(@Nullable Throwable failure) {
        return failure instanceof SessionException.Cancelled ? CANCELLED : failure == null ? OTHER : ofStorage(failure);
    }

    /// Why a receiving side cannot go on.
    static Failure ofReceiving(Throwable failure) {
        return switch (failure) {
            case SessionException.IntegrityFailure _ -> INTEGRITY;
            case SessionException.LimitReached _ -> LIMIT;
            case SessionException.Cancelled _ -> CANCELLED;
            case SessionException _ -> OTHER;
            default -> ofStorage(failure);
        };
    }

    /// @param receiver who could not store something, as the user of the client sees it
    static String wordsOfReceiving(Throwable failure, String receiver) {
        return failure instanceof SessionException || failure instanceof Lease.Revoked ? String.valueOf(failure.getMessage())
                : receiver + " could not store the data: " + DiskWords.of(failure)
                        + (ofStorage(failure) == LIMIT ? ": make room" : "");
    }

    /// ENOSPC, EDQUOT and EFBIG come as texts only.
    public static Failure ofStorage(Throwable failure) {
        var words = String.valueOf(failure.getMessage());
        return FULL.stream().anyMatch(words::contains) ? LIMIT : OTHER;
    }

    /// True when the same command, run again, may go on from the last checkpoint.
    public boolean resumable() {
        return this == LOST || this == LIMIT || this == OTHER || this == UNWANTED || this == ABORTED || this == LATER;
    }
}
