package dev.parley.cli;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/// Words and an exit code for what a command did not expect itself.
final class Failures {
    private Failures() {}

    static CommandFailed of(Exception e) {
        return switch (e) {
            case SessionException s -> new CommandFailed(code(s), String.valueOf(s.getMessage()), "", "", s);
            case UncheckedIOException u -> of(Objects.requireNonNull(u.getCause()));
            case IOException io -> new CommandFailed(ExitCode.OTHER, words(io), "", "", io);
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

    private static String words(IOException e) {
        return switch (e) {
            case NoSuchFileException n -> "there is no " + n.getFile();
            case FileAlreadyExistsException f -> f.getFile() + " exists already";
            case java.nio.file.AccessDeniedException a -> "no permission for " + a.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }
}
