package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import java.time.Duration;

/// What the two sides agree on for one session.
///
/// @param pageSize octets of a page, 512 to 1 MiB; the leaf of the hash tree
/// @param interval pages from one checkpoint to the next, 1 to 4096
/// @param window how many checkpoints may be unconfirmed, 1 to 64
/// @param keepalive after how much silence the peer counts as lost, 1 s to 1 h
/// @param lastSerial the serial number of the last checkpoint in one activity, 1 to 999,997; a longer file goes on in a new activity
public record Settings(int pageSize, int interval, int window, Duration keepalive, int lastSerial) {
    /// Serial numbers end at 999,999 (8.3.1.10): one is left for the activity end.
    static final int LAST_SERIAL = 999_997;
    /// How many members one batch may have.
    static final int MOST_MEMBERS = 1024;
    /// From here on a file has an activity of its own.
    static final long SMALL = 1 << 20;

    public static final Settings DEFAULT = new Settings(64 << 10, 40, 8, Duration.ofSeconds(30));
    /// The octets that one checkpoint interval may have: more would not be bounded memory.
    private static final long MOST_INTERVAL = 16L << 20;
    /// The octets that one connection may have unconfirmed. A receiver holds them in memory.
    private static final long MOST_UNCONFIRMED = 64L << 20;

    public Settings(int pageSize, int interval, int window, Duration keepalive) {
        this(pageSize, interval, window, keepalive, LAST_SERIAL);
    }

    public Settings {
        demand(pageSize >= 512 && pageSize <= 1 << 20, "a page has 512 octets to 1 MiB, not " + pageSize + " octets");
        demand(interval >= 1 && interval <= 4096, "a checkpoint comes every 1 to 4096 pages, not " + interval);
        demand((long) pageSize * interval <= MOST_INTERVAL,
                "from one checkpoint to the next there are 16 MiB at most, not " + interval + " pages of " + pageSize + " octets");
        demand(window >= 1 && window <= 64, "the window is 1 to 64 checkpoints, not " + window);
        demand(keepalive.toMillis() >= 1000 && keepalive.toMillis() <= 3_600_000, "the keepalive is 1 s to 1 h, not " + seconds(keepalive));
        demand(lastSerial >= 1 && lastSerial <= LAST_SERIAL, "the last serial number is 1 to " + LAST_SERIAL + ", not " + lastSerial);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String seconds(Duration time) {
        long millis = time.toMillis();
        return (millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.valueOf(millis / 1000.0)) + " s";
    }

    long intervalOctets() {
        return (long) pageSize * interval;
    }

    /// Octets of the largest file that travels in a batch: several must fit an interval.
    long mostSmall() {
        return Math.min(SMALL, intervalOctets() / 2);
    }

    ObjectNode write(ObjectNode node) {
        return node.put("pageSize", pageSize).put("interval", interval).put("window", window).put("keepalive", keepalive.toMillis())
                .put("lastSerial", lastSerial);
    }

    /// What the other side wants. The window is lowered to what one connection may have unconfirmed.
    ///
    /// @throws SessionException.ProtocolViolation when they cannot be, each or together
    static Settings read(JsonNode node) {
        int pageSize = (int) Json.number(node, "pageSize", 512, 1 << 20);
        int interval = (int) Json.number(node, "interval", 1, 4096);
        long most = MOST_UNCONFIRMED / ((long) pageSize * interval);
        int window = (int) Math.min(most, Json.number(node, "window", 1, 64));
        var keepalive = Duration.ofMillis(Json.number(node, "keepalive", 1000, 3_600_000));
        int lastSerial = node.has("lastSerial") ? (int) Json.number(node, "lastSerial", 1, LAST_SERIAL) : LAST_SERIAL;
        try {
            return new Settings(pageSize, interval, window, keepalive, lastSerial);
        } catch (IllegalArgumentException e) {
            throw new SessionException.ProtocolViolation(String.valueOf(e.getMessage()));
        }
    }

    /// True when a peer that was asked for the others may answer with these: less of everything.
    boolean isWithin(Settings asked) {
        return pageSize <= asked.pageSize && interval <= asked.interval && window <= asked.window && lastSerial <= asked.lastSerial
                && keepalive.compareTo(asked.keepalive) <= 0;
    }
}
