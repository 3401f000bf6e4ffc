package dev.parley.trace.decode;

import dev.parley.trace.model.Item;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The names of SPDUs by identifier (X.225 8.3). Some identifiers mean two things: what stands behind a GIVE TOKENS or PLEASE TOKENS is of
/// category 2 (Table 6), and a MAJOR SYNC POINT differs from an ACTIVITY END by its Sync Type Item.
final class SpduNames {
    private static final Set<String> IN_SUMMARY = Set.of(
            "functional units", "tokens", "serial number", "second serial number", "type", "second type", "reason", "activity",
            "transport", "user data", "prepare", "initial serial number", "enclosure", "options", "version");

    /// @param hasInformation whether user information follows the parameters, up to the end of the TSDU
    record Name(String symbol, String title, boolean hasInformation) {}

    private SpduNames() {}

    static Name of(int identifier, boolean concatenated, boolean syncType) {
        return switch (identifier) {
            case 0 -> name("ER", "EXCEPTION REPORT");
            case 1 -> concatenated ? new Name("DT", "DATA TRANSFER", true) : name("GT", "GIVE TOKENS");
            case 2 -> name("PT", "PLEASE TOKENS");
            case 5 -> new Name("EX", "EXPEDITED", true);
            case 7 -> name("PR", "PREPARE");
            case 8 -> name("NF", "NOT FINISHED");
            case 9 -> name("FN", "FINISH");
            case 10 -> name("DN", "DISCONNECT");
            case 12 -> name("RF", "REFUSE");
            case 13 -> name("CN", "CONNECT");
            case 14 -> name("AC", "ACCEPT");
            case 15 -> name("CDO", "CONNECT DATA OVERFLOW");
            case 16 -> name("OA", "OVERFLOW ACCEPT");
            case 21 -> name("GTC", "GIVE TOKENS CONFIRM");
            case 22 -> name("GTA", "GIVE TOKENS ACK");
            case 25 -> concatenated ? name("AI", "ACTIVITY INTERRUPT") : name("AB", "ABORT");
            case 26 -> concatenated ? name("AIA", "ACTIVITY INTERRUPT ACK") : name("AA", "ABORT ACCEPT");
            case 29 -> name("AR", "ACTIVITY RESUME");
            case 33 -> new Name("TD", "TYPED DATA", true);
            case 34 -> name("RA", "RESYNCHRONIZE ACK");
            case 41 -> syncType ? name("MAP", "MAJOR SYNC POINT") : name("AE", "ACTIVITY END");
            case 42 -> name("MAA", "MAJOR SYNC ACK or ACTIVITY END ACK");
            case 45 -> name("AS", "ACTIVITY START");
            case 48 -> name("ED", "EXCEPTION DATA");
            case 49 -> name("MIP", "MINOR SYNC POINT");
            case 50 -> name("MIA", "MINOR SYNC ACK");
            case 53 -> name("RS", "RESYNCHRONIZE");
            case 57 -> name("AD", "ACTIVITY DISCARD");
            case 58 -> name("ADA", "ACTIVITY DISCARD ACK");
            case 61 -> name("CD", "CAPABILITY DATA");
            case 62 -> name("CDA", "CAPABILITY DATA ACK");
            default -> name("?", "unknown SPDU " + identifier);
        };
    }

    private static Name name(String symbol, String title) {
        return new Name(symbol, title, false);
    }

    /// What matters most, on one line; user data only by its size.
    static String summary(List<Item> items) {
        return items.stream()
                .flatMap(i -> i.parts().isEmpty() ? java.util.stream.Stream.of(i) : i.parts().stream())
                .filter(i -> IN_SUMMARY.contains(i.name()))
                .map(SpduNames::brief)
                .collect(Collectors.joining("; "));
    }

    private static String brief(Item item) {
        int colon = item.value().indexOf(':');
        return switch (item.name()) {
            case "user data" -> colon < 0 ? "no user data" : item.value().substring(0, colon);
            case "functional units" -> item.value();
            default -> item.name() + " " + item.value();
        };
    }
}
