package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tables of Annex A as they are loaded: complete, without a name that nobody knows, and without rows that contradict each other.
class TableTest {
    /// Cells of which two rows can hold at once, as the tables print them; the first row then counts. Each with its reason in decision 0005.
    private static final Set<String> OVERLAPS = Set.of(
            // The calling side answers a collision of releases first, so it has no DISCONNECT then: p69 & p01 & not Vdnr is meant.
            "STA09 SRELrsp+",
            // The second row with ¬p186 says the same as those before.
            "STA15C MIA");

    @Test
    void bothSetsHaveEveryRowOfAnnexA() {
        // 863 and 937 rows were counted in the printed tables. E21 adds one to each, E22 five to the second, E25 three and one.
        assertThat(Table.ASYMMETRIC.rules()).hasSize(863 + 1 + 3);
        assertThat(Table.SYMMETRIC.rules()).hasSize(937 + 1 + 5 + 1);
    }

    @Test
    void everyStateIsReachedFromTheFirst() {
        for (var table : List.of(Table.ASYMMETRIC, Table.SYMMETRIC)) {
            var reached = EnumSet.of(State.STA01);
            int before;
            do {
                before = reached.size();
                table.rules().stream().filter(rule -> reached.contains(rule.from())).forEach(rule -> reached.add(rule.to()));
            } while (reached.size() > before);
            assertThat(reached).containsExactlyInAnyOrder(State.values());
        }
    }

    @Test
    void noTwoRowsOfACellHoldAtOnce() {
        var overlaps = new TreeSet<String>();
        for (boolean symmetric : new boolean[] {false, true}) {
            var table = symmetric ? Table.SYMMETRIC : Table.ASYMMETRIC;
            var cells = new HashSet<List<Object>>();
            table.rules().forEach(rule -> cells.add(List.of(rule.from(), rule.event())));
            for (var cell : cells) {
                var rules = table.cell((State) cell.getFirst(), (String) cell.getLast());
                if (rules.size() > 1 && overlap(rules, symmetric)) {
                    overlaps.add(cell.getFirst() + " " + cell.getLast());
                }
            }
        }

        assertThat(overlaps).isEqualTo(new TreeSet<>(OVERLAPS));
    }

    private static boolean overlap(List<Table.Rule> rules, boolean symmetric) {
        var random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            var v = Worlds.random(random, symmetric);
            var event = Events.of(rules.getFirst().event(), v, random);
            if (rules.stream().filter(rule -> rule.holds(v, event)).count() > 1) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyEventNameOfTheTablesIsOneThatTheMachineMakes() {
        for (var symbol : Table.events()) {
            var v = Worlds.random(new Random(1), symbol.equals("RS") || symbol.equals("SRSYNreq"));
            assertThat(Events.of(symbol, v, new Random(1)).symbol(v.symmetric())).isEqualTo(symbol);
        }
        assertThat(Table.ASYMMETRIC.isImpossible(State.STA01, "AC")).isTrue();
    }

    @Test
    void linesThatAreNotAsPrintedNameTheDecision() {
        var notes = new ArrayList<String>();
        List.of(Table.ASYMMETRIC, Table.SYMMETRIC).forEach(table -> table.rules().stream()
                .map(Table.Rule::erratum).filter(note -> !note.isEmpty()).forEach(notes::add));

        assertThat(notes).hasSize(56).allMatch(note -> note.matches("E\\d+: printed .+"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "STA07 | DT | - | SDTind | STA713 | -",
        "STA713 | DT | p99 | SDTind | STA713 | -",
        "STA713 | DT | p05 | SDTINDD | STA713 | -",
        "STA713 | DT | p05 | [99] | STA713 | -",
        "STA713 | DT | p05 | SDTind | STA714 | -",
        "STA713 | DT | p05 | SDTind",
    })
    void aNameThatNobodyKnowsFailsTheLoading(String line) {
        assertThatThrownBy(() -> Table.of(line)).isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class);
    }

    @Test
    void aLineIsReadWithAllItsColumns() {
        var table = Table.of("# a comment\n\nSTA06 | RS | p24 & ¬p32 | [19] ; SRSYNind?2 ; [16] | STA11A | [72][6] | E9: printed -\nSTA01 | AA | //");

        var rule = table.cell(State.STA06, "RS").getFirst();
        assertThat(rule.when()).containsExactly(new Table.Term(Predicate.p24, true), new Table.Term(Predicate.p32, false));
        assertThat(rule.steps()).extracting(Table.Step::toString).containsExactly("[19]", "SRSYNind?2", "[16]");
        assertThat(rule.after()).extracting(Table.Step::action).containsExactly(72, 6);
        assertThat(rule.erratum()).isEqualTo("E9: printed -");
        assertThat(table.isImpossible(State.STA01, "AA")).isTrue();
        assertThat(table.cell(State.STA01, "AA")).isEmpty();
    }
}
