package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;
import java.util.function.ToLongFunction;

/// What a client wants of a server, and how it says so in CONNECT.
///
/// @param password empty: the client certificate is the login
/// @param role `send`, `get` or `admin`
/// @param path the folder at the server (send), or what is wanted (get)
/// @param resume the number of the session that goes on, or 0, by the fingerprint of the server
/// @param size octets of all that is sent; negative when unknown
/// @param fewest iterations of the login that a server may want
public record ClientPlan(
        String user, char[] password, String role, String path, String onExists, ToLongFunction<String> resume, Settings settings,
        FlowOptions flow, long size, FileOptions options, int fewest) {
    /// @param scram the message of the login, or empty
    /// @param resume the number of the session that goes on, or 0
    ObjectNode words(String scram, long resume) {
        var words = settings.write(Json.object().put("v", 1).put("role", role));
        if (!scram.isEmpty()) {
            words.put("scram", scram);
        }
        words.put("path", path).put("onExists", onExists).put("checksum", options.checksum()).put("links", options.links().name())
                .put("anew", options.anew());
        words.putObject("flow").put("class", flow.flowClass()).put("priority", flow.priority()).put("waits", flow.waits()).put("size", size);
        return resume == 0 ? words : words.put("resume", resume);
    }
}
