package dev.parley.osi.tool;

/// A script did not run as written: the line, what it says, and what happened.
public final class ScriptFailed extends RuntimeException {
    public ScriptFailed(int line, String words) {
        super("line " + line + ": " + words);
    }
}
