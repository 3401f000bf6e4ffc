package dev.parley.session.connection;

/// What answers does not speak as it should. A damaged line can do that once; one that does it again and again is no server of ours.
public final class Stranger {
    /// So many connections in a row before nobody calls it again.
    public static final int MOST = 3;

    private Stranger() {}

    /// The likeliest reason is that one side uses TLS and the other one does not.
    ///
    /// @param tls whether this side uses TLS
    public static String words(String where, boolean tls, String said) {
        return "what answers at " + where + " is no Parley server, or " + (tls ? "one without TLS: " : "one with TLS: ") + Words.plain(said);
    }
}
