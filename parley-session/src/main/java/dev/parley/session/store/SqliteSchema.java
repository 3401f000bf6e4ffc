package dev.parley.session.store;

import dev.parley.api.SessionException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The tables of [SqliteStore] and their version.
final class SqliteSchema {
    /// 3: sessions have `sent`; what 2 wrote gets it. 2: progress and completions belong to versions of a name. Nothing was released with 1.
    private static final int VERSION = 3;
    private static final int UPGRADED = 2;
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS user (name TEXT PRIMARY KEY, salt BLOB, iterations INTEGER, stored_key BLOB, server_key BLOB,
                root TEXT, may_send INTEGER, may_get INTEGER, quota INTEGER, administrator INTEGER);
            CREATE TABLE IF NOT EXISTS certificate (fingerprint TEXT PRIMARY KEY, user TEXT);
            CREATE TABLE IF NOT EXISTS last_number (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER);
            CREATE TABLE IF NOT EXISTS session (number INTEGER PRIMARY KEY, user TEXT, role TEXT, epoch INTEGER, created INTEGER,
                touched INTEGER, state TEXT, root TEXT, sent INTEGER DEFAULT 0);
            CREATE TABLE IF NOT EXISTS adopted (server TEXT, number INTEGER, local INTEGER UNIQUE, PRIMARY KEY (server, number));
            CREATE TABLE IF NOT EXISTS progress (session INTEGER, item TEXT, epoch INTEGER, serial INTEGER, offset INTEGER, tree BLOB,
                name TEXT, size INTEGER, PRIMARY KEY (session, item));
            CREATE TABLE IF NOT EXISTS completion (session INTEGER, item TEXT, receipt TEXT, PRIMARY KEY (session, item));
            CREATE TABLE IF NOT EXISTS transfer (
                command TEXT PRIMARY KEY, session INTEGER, server TEXT, state TEXT, created INTEGER, sent INTEGER, size INTEGER);
            CREATE TABLE IF NOT EXISTS server (name TEXT PRIMARY KEY, fingerprint TEXT)
            """;

    private SqliteSchema() {}

    /// Makes what is missing, and brings what an older version wrote up to this one.
    ///
    /// @param pragmas further settings of the database
    /// @throws SessionException.Refused when another version wrote it that this one does not know
    static void prepare(Connection connection, Path folder, List<String> pragmas) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            int found = version(statement);
            if (found != 0 && found != VERSION && found != UPGRADED) {
                throw new SessionException.Refused("the state in " + folder + " was written by " + (found > VERSION ? "a newer" : "an older")
                        + " Parley (version " + found + ", this one knows " + VERSION + "): use that one, or another --state");
            }
            if (found == UPGRADED) {
                upgrade(statement);
            }
            for (var sql : SCHEMA.split(";")) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA user_version = " + VERSION);
            for (var pragma : pragmas) {
                statement.execute("PRAGMA " + pragma);
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (var version = statement.executeQuery("PRAGMA user_version")) {
            return version.next() ? version.getInt(1) : 0;
        }
    }

    /// Another process may do the same at this moment.
    private static void upgrade(Statement statement) throws SQLException {
        try {
            statement.execute("ALTER TABLE session ADD COLUMN sent INTEGER DEFAULT 0");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("duplicate column")) {
                throw e;
            }
        }
    }
}
