package dev.parley.session.store;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Whether the file of a [SqliteStore] is damaged, and what to say then.
final class SqliteHealth {
    /// Reading so much takes about a second.
    private static final long MOST_OCTETS = 256L << 20;
    private static final String REMEDY =
            ": it is damaged. Put the folder back from a backup (session numbers stay unused), or begin with another --state"
            + ", where users are added anew";

    private SqliteHealth() {}

    static void check(Connection connection, Path folder) {
        var file = folder.resolve("parley.db");
        try {
            if (Files.size(file) > MOST_OCTETS) {
                return;
            }
            try (var statement = connection.createStatement();
                    var found = statement.executeQuery("PRAGMA quick_check(1)")) {
                var words = found.next() ? found.getString(1) : "no answer";
                if (!words.equals("ok")) {
                    throw new SessionException.StorageFailure(file + " cannot be used: " + words.replace('\n', ' ') + REMEDY, new IOException(words));
                }
            }
        } catch (SQLException | IOException e) {
            throw new SessionException.StorageFailure(file + " cannot be used: " + words(e), e);
        }
    }

    static String words(Exception failure) {
        boolean damaged = failure instanceof SQLiteException e
                && (e.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT || e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB);
        return DiskWords.of(failure) + (damaged ? REMEDY : "");
    }
}
