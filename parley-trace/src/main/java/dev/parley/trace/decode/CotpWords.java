package dev.parley.trace.decode;

import dev.parley.trace.model.Item;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The fields of X.224 TPDUs in words (X.224 clause 13, RFC 1006).
final class CotpWords {
    /// TPDU codes; the lower four bits of some are a credit.
    enum Kind {
        CR(0xE0, 0xF0, "connection request"),
        CC(0xD0, 0xF0, "connection confirm"),
        DR(0x80, 0xFF, "disconnect request"),
        DC(0xC0, 0xFF, "disconnect confirm"),
        DT(0xF0, 0xFF, "data"),
        ED(0x10, 0xFF, "expedited data"),
        AK(0x60, 0xF0, "data acknowledgement"),
        EA(0x20, 0xFF, "expedited data acknowledgement"),
        RJ(0x50, 0xF0, "reject"),
        ER(0x70, 0xFF, "TPDU error");

        private final int code;
        private final int mask;
        private final String title;

        Kind(int code, int mask, String title) {
            this.code = code;
            this.mask = mask;
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private CotpWords() {}

    static Optional<Kind> kind(int code) {
        for (var kind : Kind.values()) {
            if ((code & kind.mask) == kind.code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /// @param header from the length indicator on
    /// @throws IndexOutOfBoundsException when it is too short for its kind
    static List<Item> items(Kind kind, ByteBuffer header) {
        var items = new ArrayList<Item>();
        if (kind == Kind.ED && header.limit() == 3) {
            // RFC 1006 gives it the header of a DT TPDU.
            items.add(new Item("number", String.valueOf(header.get(2) & 0x7F)));
            return items;
        }
        items.add(new Item("destination reference", String.valueOf(header.getShort(2) & 0xFFFF)));
        switch (kind) {
            case CR, CC -> {
                items.add(new Item("source reference", String.valueOf(header.getShort(4) & 0xFFFF)));
                items.add(new Item("class", String.valueOf(header.get(6) >> 4 & 0x0F)));
                parameters(header, 7, items);
            }
            case DR -> {
                items.add(new Item("source reference", String.valueOf(header.getShort(4) & 0xFFFF)));
                items.add(new Item("reason", disconnect(header.get(6) & 0xFF)));
                parameters(header, 7, items);
            }
            case ER -> {
                items.add(new Item("reject cause", reject(header.get(4) & 0xFF)));
                parameters(header, 5, items);
                items.replaceAll(i -> i.name().equals("calling T-selector") ? new Item("invalid TPDU", i.value()) : i);
            }
            case ED, EA -> items.add(new Item("number", String.valueOf(header.get(4) & 0x7F)));
            default -> items.add(new Item("header", Octets.words(header, 32)));
        }
        return items;
    }

    static String summary(List<Item> items) {
        return items.stream().filter(i -> !i.name().endsWith("reference") && !i.name().equals("number"))
                .map(i -> i.name() + " " + i.value()).collect(Collectors.joining(", "));
    }

    private static void parameters(ByteBuffer header, int from, List<Item> items) {
        int at = from;
        while (at < header.limit()) {
            int code = header.get(at) & 0xFF;
            int size = header.get(at + 1) & 0xFF;
            var value = header.slice(at + 2, size);
            items.add(parameter(code, value));
            at += 2 + size;
        }
    }

    private static Item parameter(int code, ByteBuffer value) {
        return switch (code) {
            case 0xC0 -> new Item("TPDU size", value.remaining() == 1 && value.get(0) >= 7 && value.get(0) <= 16
                    ? (1 << value.get(0)) + (value.get(0) > 13 ? " (more than X.224 has)" : "") : "invalid, " + Octets.words(value, 8));
            case 0xC1 -> new Item("calling T-selector", Octets.words(value, 32));
            case 0xC2 -> new Item("called T-selector", Octets.words(value, 32));
            case 0xC6 -> new Item("additional options", value.remaining() == 1 && (value.get(0) & 1) != 0
                    ? "transport expedited data" : "no transport expedited data");
            case 0xE0 -> new Item("additional information", Octets.words(value, 32));
            default -> new Item("parameter %02x".formatted(code), Octets.words(value, 32));
        };
    }

    private static String disconnect(int reason) {
        return reason + switch (reason) {
            case 0 -> " (not specified)";
            case 1 -> " (congestion at the TSAP)";
            case 2 -> " (no session entity at this TSAP)";
            case 3 -> " (address unknown)";
            case 128 -> " (normal disconnect)";
            case 129 -> " (congestion when the connection was requested)";
            case 130 -> " (connection negotiation failed)";
            case 131 -> " (duplicate source reference)";
            case 132 -> " (mismatched references)";
            case 133 -> " (protocol error)";
            case 135 -> " (reference overflow)";
            case 136 -> " (refused on this network connection)";
            case 138 -> " (header or parameter length invalid)";
            default -> " (not in X.224)";
        };
    }

    private static String reject(int cause) {
        return cause + switch (cause) {
            case 0 -> " (not specified)";
            case 1 -> " (invalid parameter code)";
            case 2 -> " (invalid TPDU type)";
            case 3 -> " (invalid parameter value)";
            default -> " (not in X.224)";
        };
    }
}
