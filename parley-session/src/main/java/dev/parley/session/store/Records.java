package dev.parley.session.store;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// A small durable map of texts: the registry of a protocol's name server, for example. One file (SQLite, WAL, synchronous=FULL) in a state
/// folder, so that what is changed is on stable storage on return. Several processes and
/// threads may use it.
public final class Records implements AutoCloseable {
    private static final int VERSION = 1;

    private final Connection connection;
    private final String what;

    private Records(Connection connection, String what) {
        this.connection = connection;
        this.what = what;
    }

    /// Opens or creates the file `NAME.db` in the folder.
    ///
    /// @throws SessionException.StorageFailure when it cannot be opened
    /// @throws SessionException.Refused when it was written by a newer version
    public static Records open(Path folder, String name) {
        var file = folder.resolve(name + ".db");
        try {
            Files.createDirectories(folder);
            var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                try (var version = statement.executeQuery("PRAGMA user_version")) {
                    if (version.next() && version.getInt(1) > VERSION) {
                        throw new SessionException.Refused(file + " was written by a newer Parley: use that one, or another state folder");
                    }
                }
                statement.execute("CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
                statement.execute("PRAGMA user_version = " + VERSION);
            }
            return new Records(connection, file.toString());
        } catch (SQLException | IOException e) {
            throw new SessionException.StorageFailure(file + " cannot be used: " + DiskWords.of(e), e);
        }
    }

    public synchronized void put(String key, String value) {
        change("INSERT INTO record (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);
    }

    public synchronized void remove(String key) {
        change("DELETE FROM record WHERE key = ?", key);
    }

    /// Everything, in the order of the keys.
    public synchronized Map<String, String> all() {
        var all = new LinkedHashMap<String, String>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery("SELECT key, value FROM record ORDER BY key")) {
            while (rows.next()) {
                all.put(rows.getString(1), rows.getString(2));
            }
            return all;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void change(String sql, String... values) {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private SessionException.StorageFailure failure(SQLException e) {
        return new SessionException.StorageFailure(what + " failed: " + e.getMessage(), e);
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
