package dev.parley.transfer.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;

/// Which version of a name this is, as the sender tells it. Unfinished files, progress and completions belong to a version, never to a name alone.
///
/// @param size octets, -1 for a stream
/// @param modifiedNanos since 1970
/// @param identity what tells it from another file of the same name, size and time; empty when nobody knows, or when everything is compared
public record Version(long size, long modifiedNanos, String identity) {
    public static Version of(JsonNode node) {
        return new Version(
                Json.number(node, "size", -1, Long.MAX_VALUE), Json.number(node, "modified", Long.MIN_VALUE, Long.MAX_VALUE),
                node.path("identity").asText(""));
    }

    public ObjectNode write(ObjectNode node) {
        return node.put("size", size).put("modified", modifiedNanos).put("identity", identity);
    }

    /// A stream has no size, time and identity of its own: within a session there is one of a name.
    public boolean isStream() {
        return size < 0;
    }

    /// Whether what is offered is this complete one.
    public boolean isSame(Version offered) {
        return offered.isStream() || size == offered.size && modifiedNanos == offered.modifiedNanos
                && (identity.isEmpty() || offered.identity.isEmpty() || identity.equals(offered.identity));
    }

    /// Whether what is offered goes on with this unfinished one. With no identity the sender compares everything.
    public boolean isContinuedBy(Version offered) {
        return size == offered.size && (isStream() || offered.identity.isEmpty()
                || identity.equals(offered.identity) && modifiedNanos == offered.modifiedNanos);
    }
}
