package dev.parley.session.store;

import dev.parley.api.SessionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The embedded store: one SQLite file in WAL mode with synchronous=FULL, so that a commit is on stable storage when it returns.
///
/// A session number is never reused, not even when the file is restored from a backup: the next one is the larger of the last one + 1 and the
/// seconds since 1970 times 1000, and a server does not give 1000 numbers in a second for long.
public final class SqliteStore implements Store {
    private final Path folder;
    private final Connection connection;
    private final Statements statements;
    /// Commits on this one reach the disk some time later.
    private final Statements hasty;

    private SqliteStore(Path folder, Connection connection, Connection hasty) {
        this.folder = folder;
        this.connection = connection;
        this.statements = new Statements(connection);
        this.hasty = new Statements(hasty);
    }

    /// Opens or creates `parley.db` in the folder.
    ///
    /// @throws SessionException.StorageFailure when it cannot be opened or was written by another version
    public static SqliteStore open(Path folder) {
        return open(folder, List.of());
    }

    /// @param pragmas further settings of the database, such as how large it may become
    static SqliteStore open(Path folder, List<String> pragmas) {
        try {
            PrivateFiles.folder(folder);
            var file = PrivateFiles.file(folder.resolve("parley.db"));
            var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            SqliteSchema.prepare(connection, folder, pragmas);
            var hasty = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (var statement = hasty.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("PRAGMA synchronous = NORMAL");
            }
            return new SqliteStore(folder, connection, hasty);
        } catch (SQLException | IOException e) {
            throw new SessionException.StorageFailure("the state folder " + folder + " cannot be used: " + SqliteHealth.words(e), e);
        }
    }

    /// Looks for damage before anybody relies on it; not in a file of more than 256 MiB, which would take long.
    ///
    /// @throws SessionException.StorageFailure with what to do
    public synchronized void check() {
        SqliteHealth.check(connection, folder);
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private int change(String sql, Object... values) {
        return change(statements, sql, values);
    }

    private synchronized int change(Statements on, String sql, Object... values) {
        try {
            return on.run(PreparedStatement::executeUpdate, sql, values);
        } catch (SQLException e) {
            throw new SessionException.StorageFailure("the store failed: " + e.getMessage(), e);
        }
    }

    private synchronized <T> List<T> all(Reading<T> reading, String sql, Object... values) {
        try {
            return statements.run(statement -> {
                var found = new ArrayList<T>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(reading.read(rows));
                    }
                }
                return found;
            }, sql, values);
        } catch (SQLException e) {
            throw new SessionException.StorageFailure("the store failed: " + e.getMessage(), e);
        }
    }

    private <T> Optional<T> one(Reading<T> reading, String sql, Object... values) {
        return all(reading, sql, values).stream().findFirst();
    }

    @Override
    public void putUser(User u) {
        change("INSERT OR REPLACE INTO user VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", u.name(), u.salt(), u.iterations(), u.storedKey(),
                u.serverKey(), u.root(), u.maySend() ? 1 : 0, u.mayGet() ? 1 : 0, u.quota(),
                u.administrator() ? 1 : 0);
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(row.getString(1), row.getBytes(2), row.getInt(3), row.getBytes(4), row.getBytes(5), row.getString(6),
                row.getInt(7) != 0, row.getInt(8) != 0, row.getLong(9), row.getInt(10) != 0);
    }

    @Override
    public Optional<User> user(String name) {
        return one(SqliteStore::user, "SELECT * FROM user WHERE name = ?", name);
    }

    @Override
    public List<User> users() {
        return all(SqliteStore::user, "SELECT * FROM user ORDER BY name");
    }

    @Override
    public synchronized boolean removeUser(String name) {
        change("DELETE FROM certificate WHERE user = ?", name);
        return change("DELETE FROM user WHERE name = ?", name) > 0;
    }

    @Override
    public void putCertificate(String fingerprint, String user) {
        change("INSERT OR REPLACE INTO certificate VALUES (?, ?)", fingerprint, user);
    }

    @Override
    public Optional<User> userOfCertificate(String fingerprint) {
        return one(SqliteStore::user, "SELECT user.* FROM user JOIN certificate ON user.name = certificate.user WHERE fingerprint = ?", fingerprint);
    }

    @Override
    public List<String> certificates(String user) {
        return all(row -> row.getString(1), "SELECT fingerprint FROM certificate WHERE user = ? ORDER BY fingerprint", user);
    }

    @Override
    public synchronized Session newSession(String user, String role, String root, long now) {
        long floor = now / 1000 * 1000;
        long number = one(row -> row.getLong(1),
                "INSERT INTO last_number VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET number = max(number + 1, excluded.number) RETURNING number",
                floor).orElseThrow();
        change("INSERT INTO session VALUES (?, ?, ?, 1, ?, ?, 'open', ?, 0)", number, user, role, now, now, root);
        return session(number).orElseThrow();
    }

    @Override
    public synchronized Session adopt(String server, long number, String user, String root, long now) {
        long local = adopted(server, number).orElseGet(() -> name(server, number, user, root, now));
        change("INSERT OR IGNORE INTO session VALUES (?, ?, 'get', 0, ?, ?, 'open', ?, 0)", local, user, now, now, root);
        return takeOver(local, now);
    }

    @Override
    public Optional<Long> adopted(String server, long number) {
        return one(row -> row.getLong(1), "SELECT local FROM adopted WHERE server = ? AND number = ?", server, number);
    }

    /// The number itself, unless another server's session has it.
    private long name(String server, long number, String user, String root, long now) {
        long local = session(number).isEmpty() ? number : newSession(user, "get", root, now).number();
        change("INSERT INTO adopted VALUES (?, ?, ?)", server, number, local);
        return local;
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getString(7),
                row.getString(8));
    }

    @Override
    public Optional<Session> session(long number) {
        return one(SqliteStore::session, "SELECT * FROM session WHERE number = ?", number);
    }

    @Override
    public List<Session> sessions(String user) {
        return all(SqliteStore::session, "SELECT * FROM session WHERE ? IN ('', user) ORDER BY number DESC LIMIT 10000", user);
    }

    @Override
    public synchronized Session takeOver(long session, long now) {
        change("UPDATE session SET epoch = epoch + 1, touched = ?, state = 'open' WHERE number = ?", now, session);
        return session(session).orElseThrow(() -> new SessionException.Refused("session " + session + " does not exist here"));
    }

    @Override
    public void endSession(long session, String state, long now) {
        change("UPDATE session SET state = ?, touched = ? WHERE number = ?", state, now, session);
    }

    @Override
    public synchronized boolean removeSession(long session) {
        change("DELETE FROM progress WHERE session = ?", session);
        change("DELETE FROM completion WHERE session = ?", session);
        change("DELETE FROM adopted WHERE local = ?", session);
        return change("DELETE FROM session WHERE number = ?", session) > 0;
    }

    @Override
    public void touch(long session, long now) {
        change(hasty, "UPDATE session SET touched = ? WHERE number = ?", now, session);
    }

    @Override
    public List<Session> untouchedSince(long millis) {
        return all(SqliteStore::session, "SELECT * FROM session WHERE touched < ?", millis);
    }

    @Override
    public void confirm(Progress p) {
        confirm(statements, p);
    }

    @Override
    public void note(Progress p) {
        confirm(hasty, p);
    }

    private void confirm(Statements on, Progress p) {
        int changed = change(
                on, "INSERT OR REPLACE INTO progress SELECT ?, ?, ?, ?, ?, ?, ?, ? FROM session WHERE number = ? AND epoch = ?",
                p.session(), p.item(), p.epoch(), p.serial(), p.offset(), p.tree(), p.details(), p.size(), p.session(), p.epoch());
        if (changed == 0) {
            throw Store.notMine(p.session(), session(p.session()));
        }
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getBytes(6),
                row.getString(7), row.getLong(8));
    }

    @Override
    public Optional<Progress> progress(long session, String item) {
        return one(SqliteStore::progress, "SELECT * FROM progress WHERE session = ? AND item = ?", session, item);
    }

    @Override
    public List<Progress> progressOf(long session) {
        return all(SqliteStore::progress, "SELECT * FROM progress WHERE session = ? ORDER BY item LIMIT 10000", session);
    }

    @Override
    public List<Completion> completions(long session) {
        return all(row -> new Completion(row.getString(1), row.getString(2)),
                "SELECT item, receipt FROM completion WHERE session = ? ORDER BY item LIMIT 10000", session);
    }

    @Override
    public long sent(long session) {
        return one(row -> row.getLong(1), "SELECT sent FROM session WHERE number = ?", session).orElse(0L);
    }

    @Override
    public void noteSent(long session, long octets) {
        change(hasty, "UPDATE session SET sent = max(sent, ?) WHERE number = ?", octets, session);
    }

    @Override
    public synchronized void complete(long session, long epoch, List<Completion> items) {
        // Begun by hand: JDBC's way of transactions is lost when SQLite takes one back by itself, as it does on a full disk, and all that
        // follows would belong to a transaction that nobody commits.
        change("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            if (session(session).filter(s -> s.epoch() == epoch).isEmpty()) {
                throw Store.notMine(session, session(session));
            }
            record(session, items);
            change("COMMIT");
            done = true;
        } finally {
            if (!done) {
                takeBack();
            }
        }
    }

    private void record(long session, List<Completion> items) {
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO completion VALUES (?, ?, ?)");
                var delete = connection.prepareStatement("DELETE FROM progress WHERE session = ? AND item = ?")) {
            for (var item : items) {
                delete.setLong(1, session);
                delete.setString(2, item.item());
                delete.executeUpdate();
                insert.setLong(1, session);
                insert.setString(2, item.item());
                insert.setString(3, item.details());
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new SessionException.StorageFailure("the store failed: " + e.getMessage(), e);
        }
    }

    private void takeBack() {
        try {
            change("ROLLBACK");
        } catch (SessionException.StorageFailure alreadyTakenBack) {
            // By SQLite itself. The failure that led here is told.
        }
    }

    @Override
    public synchronized void discard(long session, long epoch, String item) {
        change("DELETE FROM progress WHERE session = ? AND item = ? AND EXISTS (SELECT * FROM session WHERE number = ? AND epoch = ?)",
                session, item, session, epoch);
        if (session(session).filter(s -> s.epoch() == epoch).isEmpty()) {
            throw Store.notMine(session, session(session));
        }
    }

    @Override
    public Optional<String> completion(long session, String item) {
        return one(row -> row.getString(1), "SELECT receipt FROM completion WHERE session = ? AND item = ?", session, item);
    }

    @Override
    public void putTransfer(Transfer t) {
        change("INSERT OR REPLACE INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?)", t.command(), t.session(), t.server(), t.state(),
                t.createdMillis(), t.sentBytes(), t.size());
    }

    @Override
    public void noteSent(String command, long sentBytes, long size) {
        change(hasty, "UPDATE transfer SET sent = ?, size = ? WHERE command = ?", sentBytes, size, command);
    }

    private static Transfer transfer(ResultSet row) throws SQLException {
        return new Transfer(row.getString(1), row.getLong(2), row.getString(3), row.getString(4), row.getLong(5), row.getLong(6), row.getLong(7));
    }

    @Override
    public Optional<Transfer> transfer(String command) {
        return one(SqliteStore::transfer, "SELECT * FROM transfer WHERE command = ?", command);
    }

    @Override
    public List<Transfer> transfers() {
        return all(SqliteStore::transfer, "SELECT * FROM transfer ORDER BY created DESC LIMIT 10000");
    }

    @Override
    public void removeTransfer(String command) {
        change("DELETE FROM transfer WHERE command = ?", command);
    }

    @Override
    public Optional<Claim> claim(String command) {
        var file = folder.resolve("claims").resolve(UUID.nameUUIDFromBytes(command.getBytes(StandardCharsets.UTF_8)).toString());
        return ProcessLock.of(file).map(lock -> lock::close);
    }

    @Override
    public void putServer(String name, String fingerprint) {
        change("INSERT OR REPLACE INTO server VALUES (?, ?)", name, fingerprint);
    }

    @Override
    public Optional<String> server(String name) {
        return one(row -> row.getString(1), "SELECT fingerprint FROM server WHERE name = ?", name);
    }

    @Override
    public synchronized void close() {
        try {
            statements.close();
            hasty.close();
        } catch (SQLException e) {
            throw new SessionException.StorageFailure("the store could not be closed: " + e.getMessage(), e);
        }
    }
}
