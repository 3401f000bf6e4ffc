package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/// The tables of Annex A as they are loaded: complete, and without a name that nobody knows.
class TableTest {
    @Test
    void bothSetsHaveEveryRowOfAnnexA() {
        // 934 - 71 impossible and 1009 - 71 impossible rows were counted in the printed tables.
        assertThat(Table.ASYMMETRIC.rules()).hasSize(863);
        assertThat(Table.SYMMETRIC.rules()).hasSize(937);
    }

    @Test
    void everyStateIsReachable() {
        for (var table : new Table[] {Table.ASYMMETRIC, Table.SYMMETRIC}) {
            var reached = EnumSet.of(State.STA01);
            table.rules().forEach(rule -> reached.add(rule.to()));
            assertThat(reached).containsExactlyInAnyOrder(State.values());
        }
    }

    @Test
    void everyEventNameOfTheTablesIsOneThatTheMachineCanMake() {
        for (var rule : Table.ASYMMETRIC.rules()) {
            assertThat(rule.event()).matches("[A-Z][A-Za-z]*([-+/][A-Za-z]*|\\([ars]\\))?");
        }
        assertThat(Table.ASYMMETRIC.isImpossible(State.STA01, "AC")).isTrue();
    }
}
