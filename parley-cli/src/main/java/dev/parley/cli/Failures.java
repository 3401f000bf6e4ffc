package dev.parley.cli;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Words and an exit code for what a command did not expect itself.
final class Failures {
    private Failures() {}

    static CommandFailed of(Exception e) {
        return switch (e) {
            case SessionException s -> new CommandFailed(code(s), String.valueOf(s.getMessage()), "", "", s);
            case UncheckedIOException u -> of(Objects.requireNonNull(u.getCause()));
            case IOException io -> new CommandFailed(ExitCode.OTHER, DiskWords.of(io), "", "", io);
            case InterruptedException i -> new CommandFailed(ExitCode.INTERRUPTED, "interrupted", "", "", i);
            default -> {
                // Not expected by anybody: where it came from helps whoever mends it.
                var at = e.getStackTrace().length == 0 ? "" : " (at " + e.getStackTrace()[0] + ")";
                yield new CommandFailed(ExitCode.OTHER, "this should not happen: " + e + at, "", "", e);
            }
        };
    }

    private static ExitCode code(SessionException e) {
        return switch (e) {
            case SessionException.Refused _ -> ExitCode.REFUSED;
            case SessionException.LimitReached _ -> ExitCode.LIMIT;
            case SessionException.ConnectionLost _ -> ExitCode.LOST;
            case SessionException.IntegrityFailure _ -> ExitCode.INTEGRITY;
            case SessionException.TakenOver _ -> ExitCode.ABORTED;
            default -> ExitCode.OTHER;
        };
    }
}
