package dev.parley.session.store;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The embedded [ConversationStore]: the file `conversations.db` (SQLite, WAL, synchronous=FULL) beside `parley.db`, so that the many small
/// commits of conversations never wait behind the journal of a transfer.
public final class SqliteConversations implements ConversationStore {
    private static final int VERSION = 1;
    private static final int OUT = 0;
    private static final int IN = 1;
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS conversation (id INTEGER PRIMARY KEY AUTOINCREMENT, peer TEXT, name TEXT, key TEXT, session INTEGER,
                epoch INTEGER, state TEXT, words TEXT, sent INTEGER, confirmed INTEGER, received INTEGER, acknowledged INTEGER,
                turn INTEGER, touched INTEGER, UNIQUE (peer, key));
            CREATE INDEX IF NOT EXISTS conversation_name ON conversation (peer, name);
            CREATE TABLE IF NOT EXISTS entry (conversation INTEGER, direction INTEGER, number INTEGER, kind INTEGER, body BLOB,
                PRIMARY KEY (conversation, direction, number)) WITHOUT ROWID
            """;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private SqliteConversations(Connection connection) {
        this.connection = connection;
    }

    /// Opens or creates `conversations.db` in the folder.
    ///
    /// @throws SessionException.StorageFailure when it cannot be opened
    /// @throws SessionException.Refused when it was written by a newer version
    public static SqliteConversations open(Path folder) {
        try {
            PrivateFiles.folder(folder);
            var connection = DriverManager.getConnection("jdbc:sqlite:" + PrivateFiles.file(folder.resolve("conversations.db")));
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                try (var version = statement.executeQuery("PRAGMA user_version")) {
                    if (version.next() && version.getInt(1) > VERSION) {
                        throw new SessionException.Refused("the conversations in " + folder + " were written by a newer Parley (version "
                                + version.getInt(1) + ", this one knows " + VERSION + "): use that one, or another state folder");
                    }
                }
                for (var sql : SCHEMA.split(";")) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + VERSION);
            }
            return new SqliteConversations(connection);
        } catch (SQLException | IOException e) {
            throw new SessionException.StorageFailure("the conversations in " + folder + " cannot be used: " + DiskWords.of(e), e);
        }
    }

    private interface Step<T> {
        T run() throws SQLException;
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> T reading(Step<T> step) {
        try {
            return step.run();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /// All of the step or nothing of it; forced on return.
    private synchronized <T> T writing(Step<T> step) {
        try {
            change("BEGIN IMMEDIATE");
            boolean done = false;
            try {
                var result = step.run();
                change("COMMIT");
                done = true;
                return result;
            } finally {
                if (!done) {
                    takeBack();
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void takeBack() {
        try {
            change("ROLLBACK");
        } catch (SQLException alreadyTakenBack) {
            // By SQLite itself, as on a full disk. The failure that led here is told.
        }
    }

    private static SessionException.StorageFailure failure(SQLException e) {
        return new SessionException.StorageFailure("the store of the conversations failed: " + e.getMessage(), e);
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        var statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private int change(String sql, Object... values) throws SQLException {
        return prepare(sql, values).executeUpdate();
    }

    private synchronized <T> List<T> all(Reading<T> reading, String sql, Object... values) throws SQLException {
        try (var rows = prepare(sql, values).executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) {
                found.add(reading.read(rows));
            }
            return found;
        }
    }

    private static Record record(ResultSet r) throws SQLException {
        return new Record(
                r.getLong(1), r.getString(2), r.getString(3), r.getString(4), r.getLong(5), r.getLong(6), State.valueOf(r.getString(7)),
                r.getString(8), r.getLong(9), r.getLong(10), r.getLong(11), r.getLong(12), r.getLong(13), r.getLong(14));
    }

    private Optional<Record> one(String where, Object... values) throws SQLException {
        return all(SqliteConversations::record, "SELECT * FROM conversation WHERE " + where + " LIMIT 1", values).stream().findFirst();
    }

    @Override
    public Optional<Record> byKey(String peer, String key) {
        return reading(() -> one("peer = ? AND key = ?", peer, key));
    }

    @Override
    public Optional<Record> byName(String peer, String name) {
        return reading(() -> one("peer = ? AND name = ?", peer, name));
    }

    @Override
    public List<Record> all() {
        return reading(() -> all(SqliteConversations::record, "SELECT * FROM conversation ORDER BY id LIMIT 10000"));
    }

    @Override
    public Record create(String peer, String name, String key, long session, int most, long now) {
        return writing(() -> {
            long open = all(row -> row.getLong(1), "SELECT count(*) FROM conversation WHERE state = 'OPEN'").getFirst();
            if (open >= most) {
                throw new SessionException.LimitReached("the limit of " + most + " open conversations is reached");
            }
            change("INSERT INTO conversation (peer, name, key, session, epoch, state, words, sent, confirmed, received, acknowledged, "
                    + "turn, touched) VALUES (?, ?, ?, ?, 0, 'OPEN', '', 0, 0, 0, 0, 0, ?)", peer, name, key, session, now);
            return one("peer = ? AND key = ?", peer, key).orElseThrow();
        });
    }

    @Override
    public Record takeOver(long id, long now) {
        return writing(() -> {
            change("UPDATE conversation SET epoch = epoch + 1, touched = ? WHERE id = ?", now, id);
            return one("id = ?", id).orElseThrow(() -> new SessionException.Refused("this conversation does not exist any more"));
        });
    }

    @Override
    public void number(long id, long session) {
        writing(() -> change("UPDATE conversation SET session = ? WHERE id = ?", session, id));
    }

    private List<Entry> entries(long id, int direction, String column) {
        return reading(() -> all(
                row -> new Entry(row.getLong(1), Kind.values()[row.getInt(2)], row.getBytes(3)),
                "SELECT number, kind, body FROM entry JOIN conversation ON id = conversation WHERE conversation = ? AND direction = ? "
                        + "AND number > " + column + " ORDER BY number", id, direction));
    }

    @Override
    public List<Entry> outgoing(long id) {
        return entries(id, OUT, "confirmed");
    }

    @Override
    public List<Entry> incoming(long id) {
        return entries(id, IN, "acknowledged");
    }

    private void insert(long id, int direction, List<Entry> entries) throws SQLException {
        for (var entry : entries) {
            change("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", id, direction, entry.number(), entry.kind().ordinal(), entry.body());
        }
    }

    @Override
    public void commit(long id, long epoch, List<Entry> sent, long confirmed, long acknowledged, long turn, long now) {
        writing(() -> {
            held(change("UPDATE conversation SET sent = sent + ?, confirmed = ?, acknowledged = ?, turn = ?, touched = ? WHERE id = ? "
                    + "AND epoch = ? AND state = 'OPEN'", sent.size(), confirmed, acknowledged, turn, now, id, epoch));
            insert(id, OUT, sent);
            change("DELETE FROM entry WHERE conversation = ? AND direction = 0 AND number <= ?", id, confirmed);
            return change("DELETE FROM entry WHERE conversation = ? AND direction = 1 AND number <= ?", id, acknowledged);
        });
    }

    @Override
    public void append(long id, long epoch, List<Entry> received, boolean turn, long now) {
        writing(() -> {
            held(change("UPDATE conversation SET received = ?, turn = CASE WHEN ? THEN -1 ELSE turn END, touched = ? WHERE id = ? "
                    + "AND epoch = ? AND state = 'OPEN'", received.getLast().number(), turn ? 1 : 0, now, id, epoch));
            insert(id, IN, received);
            return true;
        });
    }

    private static void held(int changed) {
        if (changed == 0) {
            throw new SessionException.TakenOver("a newer process has taken over this conversation, or it was ended there");
        }
    }

    @Override
    public void end(long id, State state, String words, long now) {
        writing(() -> {
            change("UPDATE conversation SET state = ?, words = ?, touched = ? WHERE id = ? AND state = 'OPEN'",
                    state.name(), words, now, id);
            return change("DELETE FROM entry WHERE conversation = ?", id);
        });
    }

    @Override
    public void remove(long id) {
        writing(() -> {
            change("DELETE FROM entry WHERE conversation = ?", id);
            return change("DELETE FROM conversation WHERE id = ?", id);
        });
    }

    @Override
    public int forget(String name) {
        return writing(() -> {
            change("DELETE FROM entry WHERE conversation IN (SELECT id FROM conversation WHERE name = ?)", name);
            return change("DELETE FROM conversation WHERE name = ?", name);
        });
    }

    @Override
    public int expire(long millis) {
        return writing(() -> {
            change("DELETE FROM entry WHERE conversation IN (SELECT id FROM conversation WHERE touched < ?)", millis);
            return change("DELETE FROM conversation WHERE touched < ?", millis);
        });
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
