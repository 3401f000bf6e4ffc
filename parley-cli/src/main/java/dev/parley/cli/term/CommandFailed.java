package dev.parley.cli.term;

import org.jspecify.annotations.Nullable;

/// A command that ends without success: what happened, what is kept, and the command that continues. `Parley` tells it and exits.
public final class CommandFailed extends RuntimeException {
    private final ExitCode code;
    private final String kept;
    private final String resume;

    /// @param kept what of the work is kept; empty when there is nothing to say
    /// @param resume the command that continues; empty when there is none
    public CommandFailed(ExitCode code, String message, String kept, String resume, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.kept = kept;
        this.resume = resume;
    }

    public CommandFailed(ExitCode code, String message) {
        this(code, message, "", "", null);
    }

    public ExitCode code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public String kept() {
        return kept;
    }

    public String resume() {
        return resume;
    }
}
