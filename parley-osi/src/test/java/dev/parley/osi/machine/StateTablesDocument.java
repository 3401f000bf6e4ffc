package dev.parley.osi.machine;

import java.util.List;
import java.util.stream.Collectors;

/// `docs/state-tables.md`, written from the tables that the machine interprets.
final class StateTablesDocument {
    private StateTablesDocument() {}

    static String text() {
        var out = new StringBuilder("""
                # State tables

                Generated from `parley-osi/src/main/resources/dev/parley/osi/machine/*.table`; do not edit. After a change of a table run
                `mvn -pl parley-osi -am test -Dtest=StateTablesDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dosi.docs.write=true`.

                A row says: in this state, at this event, when these predicates hold (`&` and, `¬` not), do these outputs and actions in
                this order, and enter this state; what stands after `/` is done there. Numbers are those of Tables A.6 and A.7 of X.225. `?1`
                and the like refer to the notes of the tables: 1 only with transport expedited, 2 the indication carries V(M), 4 only with
                transport expedited and more than 9 octets of data, 5 not when data separation protects what was sent. A cell without a row is a
                mistake of whoever caused the event. Rows that are not as they are printed name
                [the decision](decisions/0005-x225-disagreements.md).

                ## States

                | state | meaning |
                |---|---|
                """);
        for (var state : State.values()) {
            out.append("| ").append(state).append(" | ").append(state.meaning()).append(" |\n");
        }
        set(out, "Symmetric synchronize not selected (Tables A.8 to A.16)", Table.ASYMMETRIC);
        set(out, "Symmetric synchronize selected (Tables A.17 to A.25)", Table.SYMMETRIC);
        return out.toString();
    }

    private static void set(StringBuilder out, String title, Table table) {
        out.append("\n## ").append(title).append('\n');
        for (var event : Table.events()) {
            var rules = List.of(State.values()).stream().flatMap(state -> table.cell(state, event).stream()).toList();
            var impossible = List.of(State.values()).stream().filter(state -> table.isImpossible(state, event))
                    .map(State::toString).collect(Collectors.joining(", "));
            if (rules.isEmpty()) {
                continue;
            }
            out.append("\n### ").append(event).append("\n\n| state | when | then | next |\n|---|---|---|---|\n");
            rules.forEach(rule -> out.append(row(rule)));
            if (!impossible.isEmpty()) {
                out.append("\nCannot happen in ").append(impossible).append(".\n");
            }
        }
    }

    private static String row(Table.Rule rule) {
        var when = rule.when().stream().map(term -> (term.holds() ? "" : "¬") + term.predicate()).collect(Collectors.joining(" & "));
        var then = rule.steps().stream().map(Table.Step::toString).collect(Collectors.joining(" ; "));
        var after = rule.after().stream().map(Table.Step::toString).collect(Collectors.joining(" ; "));
        return "| " + rule.from() + " | " + when + " | " + then + (rule.erratum().isEmpty() ? "" : " (" + rule.erratum() + ")") + " | " + rule.to()
                + (after.isEmpty() ? "" : " / " + after) + " |\n";
    }
}
