package dev.parley.netbios.verbs;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A NetBIOS verb that did not return 00. The message names the code.
public final class VerbFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReturnCode code;
    private final int session;

    VerbFailed(ReturnCode code, String what) {
        this(code, what, 0, null);
    }

    VerbFailed(ReturnCode code, String what, int session, @Nullable Throwable cause) {
        super(String.format(Locale.ROOT, "%s (%02X): %s: %s", code, code.code(), what, code.meaning()), cause);
        this.code = code;
        this.session = session;
    }

    public ReturnCode code() {
        return code;
    }

    /// The session that the code is about, for RECEIVE ANY; 0 when about none.
    public int session() {
        return session;
    }
}
