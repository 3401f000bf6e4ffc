package dev.parley.osi.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    /// An output or an action by its name in Annex A, with the note of the table that restricts it, as in `PR-RS?5`; 0 for none. `action` is
    /// the number of a specific action, -1 for an output.
    public record Step(String name, int note, int action) {
        private static final Pattern FORM = Pattern.compile("\\[(\\d+)]|([^?]+)(?:\\?(\\d))?");

        static Step of(String text) {
            var form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalStateException("expected an output or an action in brackets, not " + text);
            }
            return form.group(1) != null
                    ? new Step(text, 0, Integer.parseInt(form.group(1)))
                    : new Step(form.group(2), form.group(3) == null ? 0 : Integer.parseInt(form.group(3)), -1);
        }

        @Override
        public String toString() {
            return note == 0 ? name : name + "?" + note;
        }
    }

    /// All names of events that some cell of either set knows, as Annex A heads its rows, in alphabetical order.
    public static List<String> events() {
        return Stream.of(ASYMMETRIC, SYMMETRIC)
                .flatMap(table -> table.cells.values().stream())
                .flatMap(cells -> cells.keySet().stream())
                .distinct().sorted().toList();
    }

    /// One line: when all terms are true, do the steps, enter the state, do the steps after. `erratum` names the decision when the line is
    /// not as it is printed, and says what is; otherwise it is empty.
    public record Rule(
            State from, String event, List<Term> when, List<Step> steps, State to, List<Step> after, String erratum) {
        boolean holds(Variables v, Event e) {
            for (var term : when) {
                if (term.predicate().holds(v, e) != term.holds()) {
                    return false;
                }
            }
            return true;
        }

        boolean does(String step) {
            return steps.stream().anyMatch(s -> s.name().equals(step));
        }
    }

    private final Map<State, Map<String, List<Rule>>> cells = new EnumMap<>(State.class);
    private final Map<State, List<String>> impossible = new EnumMap<>(State.class);

    private Table() {}

    /// The rules of a cell in the order in which they are tried; empty for a blank cell.
    public List<Rule> cell(State state, String event) {
        return cells.getOrDefault(state, Map.of()).getOrDefault(event, List.of());
    }

    public List<Rule> rules() {
        return cells.values().stream().flatMap(events -> events.values().stream()).flatMap(List::stream).toList();
    }

    public boolean isImpossible(State state, String event) {
        return impossible.getOrDefault(state, List.of()).contains(event);
    }

    private static Table load(String... names) {
        var table = new Table();
        for (var name : names) {
            try (var in = Objects.requireNonNull(Table.class.getResourceAsStream(name + ".table"), name)) {
                table.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        }
        return table;
    }

    /// Reads lines of "state | event | predicates | steps | next state | steps after | erratum"; the last may be left out, `#` begins a comment.
    ///
    /// @throws IllegalStateException or IllegalArgumentException when a line has a name that nobody knows
    static Table of(String text) {
        var table = new Table();
        table.read(text);
        return table;
    }

    private void read(String text) {
        text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(this::add);
    }

    private void add(String line) {
        var columns = line.split("\\s*\\|\\s*", -1);
        var state = State.valueOf(columns[0]);
        if (columns.length == 3 && columns[2].equals("//")) {
            impossible.computeIfAbsent(state, _ -> new ArrayList<>()).add(columns[1]);
            return;
        }
        if (columns.length != 6 && columns.length != 7) {
            throw new IllegalStateException("expected six or seven columns: " + line);
        }
        var rule = new Rule(
                state, columns[1], terms(columns[2]), steps(columns[3]), State.valueOf(columns[4]), steps(columns[5].replace("][", "] ; [")),
                columns.length == 7 ? columns[6] : "");
        cells.computeIfAbsent(state, _ -> new HashMap<>()).computeIfAbsent(columns[1], _ -> new ArrayList<>()).add(rule);
    }

    private static List<Term> terms(String when) {
        return list(when, "&").stream()
                .map(term -> new Term(Predicate.valueOf(term.replace("¬", "")), !term.startsWith("¬")))
                .toList();
    }

    private static List<Step> steps(String text) {
        var steps = list(text, " ; ").stream().map(Step::of).toList();
        steps.forEach(Steps::check);
        return steps;
    }

    private static List<String> list(String text, String separator) {
        return text.equals("-") ? List.of() : Arrays.stream(text.split(separator)).map(String::strip).toList();
    }
}
