package dev.parley.session.connection;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The small JSON texts that travel as user data. Bounded; what is missing or of the wrong kind is a protocol violation with words.
public final class Json {
    private static final int MOST = 60_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ByteBuffer encode(JsonNode node) {
        return ByteBuffer.wrap(node.toString().getBytes(StandardCharsets.UTF_8));
    }

    public static JsonNode decode(ByteBuffer octets) {
        if (octets.remaining() > MOST) {
            throw new SessionException.ProtocolViolation("user data of " + octets.remaining() + " octets, at most " + MOST + " expected");
        }
        return parse(StandardCharsets.UTF_8.decode(octets.duplicate()).toString());
    }

    /// How many octets a text has inside of an object, with its quotes.
    public static int octets(String text) {
        return MAPPER.getNodeFactory().textNode(text).toString().getBytes(StandardCharsets.UTF_8).length;
    }

    public static JsonNode parse(String text) {
        try {
            var node = MAPPER.readTree(text);
            if (!node.isObject()) {
                throw new SessionException.ProtocolViolation("expected a JSON object in the user data");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new SessionException.ProtocolViolation("expected JSON in the user data" + place(e.getLocation()));
        }
    }

    /// Jackson's own words show how it reads, and what the peer sent.
    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : ", which breaks off at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    public static String text(JsonNode node, String field) {
        var value = node.get(field);
        if (value == null || !value.isTextual()) {
            throw new SessionException.ProtocolViolation("expected the text '" + field + "' in the user data");
        }
        return value.asText();
    }

    /// A whole number within limits.
    public static long number(JsonNode node, String field, long least, long most) {
        var value = node.get(field);
        if (value == null || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw new SessionException.ProtocolViolation(
                    "expected a number from " + least + " to " + most + " as '" + field + "' in the user data, not " + value);
        }
        return value.asLong();
    }
}
