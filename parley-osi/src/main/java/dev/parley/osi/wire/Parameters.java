package dev.parley.osi.wire;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The PGI and PI units of one SPDU, by code (8.2). The codes that clause 8.3 defines are kept when this SPDU may have them; codes that
/// nobody defined and those of Annex B are passed over, as the clause asks.
final class Parameters {
    static final int CONNECTION_IDENTIFIER = 1;
    static final int CONNECT_ITEM = 5;
    static final int CALLED_REFERENCE = 9;
    static final int CALLING_REFERENCE = 10;
    static final int COMMON_REFERENCE = 11;
    static final int ADDITIONAL_REFERENCE = 12;
    static final int SYNC_TYPE = 15;
    static final int TOKEN_ITEM = 16;
    static final int TRANSPORT_DISCONNECT = 17;
    static final int PROTOCOL_OPTIONS = 19;
    static final int REQUIREMENTS = 20;
    static final int TSDU_SIZE = 21;
    static final int VERSION = 22;
    static final int INITIAL_SERIAL = 23;
    static final int PREPARE_TYPE = 24;
    static final int ENCLOSURE = 25;
    static final int TOKEN_SETTING = 26;
    static final int RESYNC_TYPE = 27;
    static final int LINKING = 33;
    static final int ACTIVITY = 41;
    static final int SERIAL = 42;
    static final int ACK_DATA = 46;
    static final int REFLECT = 49;
    static final int REASON = 50;
    static final int CALLING_SELECTOR = 51;
    static final int CALLED_SELECTOR = 52;
    static final int SECOND_RESYNC_TYPE = 53;
    static final int SECOND_SERIAL = 54;
    static final int SECOND_INITIAL_SERIAL = 55;
    static final int SERIAL_LIMIT = 56;
    static final int LARGE_INITIAL_SERIAL = 57;
    static final int LARGE_SECOND_INITIAL_SERIAL = 58;
    static final int OVERFLOW = 60;
    static final int USER_DATA = 193;
    static final int EXTENDED_USER_DATA = 194;

    private static final Set<Integer> KNOWN = Set.of(
            1, 5, 9, 10, 11, 12, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 33, 41, 42, 46, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58,
            60, 193, 194);

    private final Map<Integer, ByteBuffer> values = new TreeMap<>();
    private final String where;

    private Parameters(String where) {
        this.where = where;
    }

    /// Reads units until the reader ends. Order and repetition are checked (8.2.6): codes increase, except that the new activity identifier
    /// (41) follows the linking information (33) and PI 46 follows PI 42, which is increasing too.
    static Parameters read(OctetReader reader, String where, Set<Integer> allowed) {
        var parameters = new Parameters(where);
        int last = -1;
        while (reader.hasMore()) {
            int code = reader.octet("a parameter code");
            int length = reader.length("parameter " + code);
            if (!KNOWN.contains(code)) {
                reader.slice(length);
                continue;
            }
            if (code <= last) {
                throw reader.broken("parameter " + code + " follows parameter " + last + ", expected increasing codes without repetition");
            }
            last = code;
            var value = reader.slice(length);
            // A parameter with length 0 means its default (8.2.5), as if it were absent.
            if (allowed.contains(code) && length > 0) {
                parameters.values.put(code, value);
            }
        }
        return parameters;
    }

    static Parameters none(String where) {
        return new Parameters(where);
    }

    boolean has(int code) {
        return values.containsKey(code);
    }

    Optional<ByteBuffer> value(int code, int most) {
        var value = values.get(code);
        if (value == null) {
            return Optional.empty();
        }
        if (value.remaining() > most) {
            throw broken(code, "has " + value.remaining() + " octets, at most " + most + " are allowed");
        }
        return Optional.of(value.duplicate());
    }

    ByteBuffer mandatory(int code, int most) {
        return value(code, most).orElseThrow(() -> broken(code, "is missing"));
    }

    Optional<Integer> octet(int code) {
        return value(code, 1).map(value -> value.get(0) & 0xFF);
    }

    int mandatoryOctet(int code) {
        return mandatory(code, 1).get(0) & 0xFF;
    }

    Optional<Integer> sixteen(int code) {
        return values.containsKey(code) ? Optional.of(exactly(code, 2).getShort(0) & 0xFFFF) : Optional.empty();
    }

    ByteBuffer exactly(int code, int length) {
        var value = mandatory(code, length);
        if (value.remaining() != length) {
            throw broken(code, "has " + value.remaining() + " octets, expected " + length);
        }
        return value;
    }

    /// A serial number: decimal digits (8.3.1.10), at most 18 so that it fits 64 bits; leading zeros are allowed.
    Optional<Long> serial(int code) {
        return value(code, 18).map(digits -> {
            long number = 0;
            while (digits.hasRemaining()) {
                int digit = digits.get() - '0';
                if (digit < 0 || digit > 9) {
                    throw broken(code, "holds an octet that is no decimal digit");
                }
                number = number * 10 + digit;
            }
            return number;
        });
    }

    long mandatorySerial(int code) {
        return serial(code).orElseThrow(() -> broken(code, "(serial number) is missing"));
    }

    Parameters group(int code, Set<Integer> allowed) {
        var value = values.get(code);
        var name = where + " group " + code;
        return value == null ? none(name) : read(new OctetReader(value.duplicate(), name), name, allowed);
    }

    SessionException.ProtocolViolation broken(int code, String what) {
        return new SessionException.ProtocolViolation("invalid " + where + ": parameter " + code + " " + what);
    }
}
