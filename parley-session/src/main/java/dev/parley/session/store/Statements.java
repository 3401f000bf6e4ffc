package dev.parley.session.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The statements of one connection, prepared once: preparing one takes longer than a look at one row. There are as many as the store has texts.
/// Used by one thread at a time.
final class Statements implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    /// One that fails is not used again.
    <T> T run(Work<T> work, String sql, Object... values) throws SQLException {
        var known = prepared.remove(sql);
        var statement = known == null ? connection.prepareStatement(sql) : known;
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            var result = work.with(statement);
            statement.clearParameters();
            prepared.put(sql, statement);
            return result;
        } catch (SQLException | RuntimeException e) {
            try (statement) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (var statement : prepared.values()) {
            statement.close();
        }
        prepared.clear();
        connection.close();
    }
}
