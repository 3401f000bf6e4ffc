package dev.parley.osi.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One of the two sets of tables of Annex A, read from the text resources. Loading fails on a name that nobody knows.
public final class Table {
    /// Tables A.8 to A.16: symmetric synchronize is not selected, or not known yet.
    public static final Table ASYMMETRIC = load(
            "A08-connection-establishment", "A09-data-transfer", "A10-synchronization", "A11-resynchronization",
            "A12-activity-interrupt-discard", "A13-activity-start-resume-capability", "A14-tokens-and-exceptions", "A15-release",
            "A16-abort");

    /// Tables A.17 to A.25: symmetric synchronize is selected.
    public static final Table SYMMETRIC = load(
            "A17-connection-establishment", "A18-data-transfer", "A19-synchronization", "A20-resynchronization",
            "A21-activity-interrupt-discard", "A22-activity-start-resume-capability", "A23-tokens-and-exceptions", "A24-release",
            "A25-abort");

    /// A term of a condition: a predicate that must hold, or must not.
    public record Term(Predicate predicate, boolean holds) {}

    /// One line: when all terms are true, do the steps, enter the state, do the steps after.
    public record Rule(State from, String event, List<Term> when, List<String> steps, State to, List<String> after) {}

    private final Map<State, Map<String, List<Rule>>> cells = new EnumMap<>(State.class);
    private final Map<State, List<String>> impossible = new EnumMap<>(State.class);

    private Table() {}

    /// The rules of a cell in the order in which they are tried; empty for a blank cell.
    public List<Rule> cell(State state, String event) {
        return cells.getOrDefault(state, Map.of()).getOrDefault(event, List.of());
    }

    public boolean isImpossible(State state, String event) {
        return impossible.getOrDefault(state, List.of()).contains(event);
    }

    public List<Rule> rules() {
        return cells.values().stream().flatMap(events -> events.values().stream()).flatMap(List::stream).toList();
    }

    private static Table load(String... names) {
        var table = new Table();
        for (var name : names) {
            try (var in = Objects.requireNonNull(Table.class.getResourceAsStream(name + ".table"), name);
                    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.startsWith("#") && !line.isBlank()) {
                        table.add(line);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        }
        table.cells.values().forEach(events -> events.values().forEach(Table::sort));
        return table;
    }

    private void add(String line) {
        var columns = line.split("\\s*\\|\\s*", -1);
        var state = State.valueOf(columns[0]);
        if (columns[2].equals("//")) {
            impossible.computeIfAbsent(state, _ -> new ArrayList<>()).add(columns[1]);
            return;
        }
        if (columns.length != 6) {
            throw new IllegalStateException("expected six columns: " + line);
        }
        var steps = list(columns[3], " ; ");
        var after = list(columns[5].replace("][", "] ; ["), " ; ");
        steps.forEach(Steps::check);
        after.forEach(Steps::check);
        var rule = new Rule(state, columns[1], terms(columns[2]), steps, State.valueOf(columns[4]), after);
        cells.computeIfAbsent(state, _ -> new HashMap<>()).computeIfAbsent(columns[1], _ -> new ArrayList<>()).add(rule);
    }

    private static List<Term> terms(String when) {
        return list(when, "&").stream()
                .map(term -> new Term(Predicate.valueOf(term.replace("¬", "")), !term.startsWith("¬")))
                .toList();
    }

    private static List<String> list(String text, String separator) {
        return text.equals("-") ? List.of() : Arrays.stream(text.split(separator)).map(String::strip).toList();
    }

    /// MIP in STA06 and MIP-d in STA05A and STA06 have rows that overlap: "discard" with p14 alone, "deliver" with ¬p185. A point that data
    /// separation protects must be delivered (7.24.2.2), so rows with ¬p185 are tried first. Everywhere else the printed order stays.
    private static void sort(List<Rule> cell) {
        if (cell.size() > 1 && cell.getFirst().event().startsWith("MIP")) {
            cell.sort((a, b) -> Boolean.compare(delivers(b), delivers(a)));
        }
    }

    private static boolean delivers(Rule rule) {
        return rule.when().contains(new Term(Predicate.p185, false));
    }
}
