package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One test for each cell of Tables A.8 to A.25, generated from the tables, the empty ones too. Each row of a cell is met in a random world in
/// which its predicates hold; then what the row prints must have happened, and nothing else.
class CellTest {
    private static final long SEED = 225;
    private static final int TRIES = 60_000;
    private static final int FEW_TRIES = 1_000;

    /// A row with such a predicate never holds when symmetric synchronize is selected. Nor do we answer an ABORT that releases the transport
    /// connection by an ABORT ACCEPT, which p02 leaves to us: we close.
    private static final Set<String> ONLY_WITHOUT_SYMMETRIC =
            Set.of("¬p178", "p14", "p15", "p19", "p20", "p21", "p33", "p43", "p49");

    @TestFactory
    Stream<DynamicTest> withoutSymmetricSynchronize() {
        return cells(Table.ASYMMETRIC, false);
    }

    @TestFactory
    Stream<DynamicTest> withSymmetricSynchronize() {
        return cells(Table.SYMMETRIC, true);
    }

    private static Stream<DynamicTest> cells(Table table, boolean symmetric) {
        return Stream.of(State.values()).flatMap(state -> Table.events().stream()
                // The kind of a resynchronization is in the name of the event in one set and not in the other.
                .filter(event -> event.contains("RSYNreq") || event.startsWith("RS") ? symmetric == event.matches("RS|SRSYNreq") : true)
                .filter(event -> !table.isImpossible(state, event))
                .map(event -> DynamicTest.dynamicTest(state + " " + event, () -> cell(table, symmetric, state, event))));
    }

    private static void cell(Table table, boolean symmetric, State state, String event) {
        for (var rule : table.cell(state, event)) {
            boolean never = neverHolds(rule, symmetric);
            var world = find(symmetric, state, event, rule, never ? FEW_TRIES : TRIES);
            assertThat(world == null).as("never met: " + rule).isEqualTo(never);
            if (world != null) {
                takesTheRow(rule, world);
            }
        }
        var world = find(symmetric, state, event, null, FEW_TRIES);
        if (world != null) {
            blames(state, world);
        } else {
            assertThat(table.cell(state, event)).as("a world where no row holds").isNotEmpty();
        }
    }

    private static boolean neverHolds(Table.Rule rule, boolean symmetric) {
        return rule.when().stream().anyMatch(term -> symmetric && ONLY_WITHOUT_SYMMETRIC.contains((term.holds() ? "" : "¬") + term.predicate())
                || rule.event().equals("AB-nr") && term.equals(new Table.Term(Predicate.p02, true)))
                // With erratum E13 the row before says the same.
                || rule.from() == State.STA15C && rule.event().equals("MIA") && rule.when().size() == 2
                        && rule.when().contains(new Table.Term(Predicate.p186, false));
    }

    private record World(Variables v, Event event, boolean symmetric) {}

    /// A world in which this row is the first that holds, and nothing else is wrong with the event; or, for null, one in which none holds.
    private static @Nullable World find(
            boolean symmetric, State state, String symbol, Table.@Nullable Rule wanted, int tries) {
        var table = symmetric ? Table.SYMMETRIC : Table.ASYMMETRIC;
        var random = new Random(SEED);
        for (int i = 0; i < tries; i++) {
            var v = Worlds.random(random, symmetric);
            var event = Events.of(symbol, v, random);
            var taken = table.cell(state, symbol).stream().filter(rule -> rule.holds(v, event)).findFirst();
            if (wanted == null ? taken.isEmpty() : taken.filter(rule -> rule == wanted).isPresent() && fits(event, wanted, v, state)) {
                return new World(v, event, symmetric);
            }
        }
        return null;
    }

    private static boolean fits(Event event, Table.Rule rule, Variables v, State state) {
        try {
            switch (event) {
                case Event.FromUser(var request) when state != State.STA15D -> RequestRules.check(request, v);
                case Event.FromPeer(var spdu) -> {
                    return SpduRules.broken(spdu, rule, v) == null;
                }
                default -> {}
            }
            return true;
        } catch (SessionException e) {
            return false;
        }
    }

    private static void takesTheRow(Table.Rule rule, World world) {
        var expected = new Expected(world.v, world.event, world.symmetric).of(rule);
        int queued = world.v.queued.size();
        var machine = new SessionMachine(world.v, rule.from());

        var effects = machine.handle(world.event);

        assertThat(Expected.names(effects, world.symmetric)).as(rule + " in " + Worlds.values(world.v)).isEqualTo(expected);
        assertThat(machine.state()).as(rule.toString()).isEqualTo(rule.to());
        assertThat(world.v.queued).as(rule.toString()).hasSize(rule.does("[10]") && rule.after().isEmpty() ? queued + 1 : 0);
    }

    /// A.4.1: a request is refused and changes nothing; an SPDU is the peer's mistake.
    private static void blames(State state, World world) {
        var before = Worlds.values(world.v);
        boolean reports = world.v.options.reportErrors() && mayReport(state, world.v);
        var machine = new SessionMachine(world.v, state);
        switch (world.event) {
            case Event.FromUser _ -> {
                assertThatThrownBy(() -> machine.handle(world.event))
                        .isInstanceOf(SessionException.OutOfSequence.class)
                        .hasMessageContaining(state.toString());
                assertThat(Worlds.values(world.v)).isEqualTo(before);
                assertThat(machine.state()).isEqualTo(state);
            }
            case Event.FromPeer _ -> {
                var effects = Expected.names(machine.handle(world.event), world.symmetric);
                switch (state) {
                    case STA01, STA01A, STA15D, STA16 -> assertThat(effects).isEmpty();
                    case STA01C, STA01D -> assertThat(effects).containsExactly("TDISreq");
                    default -> assertThat(effects).isEqualTo(
                            reports ? List.of("ER", "SPERind") : List.of("SPABind", "AB-nr", "[4]"));
                }
                assertThat(machine.state()).isEqualTo(switch (state) {
                    case STA01, STA01A, STA15D, STA16 -> state;
                    case STA01C, STA01D -> State.STA01;
                    default -> reports ? State.STA20 : State.STA16;
                });
            }
            // Cannot happen; the transport connection is of no use any more.
            case Event.FromBelow _ -> assertThat(Expected.names(machine.handle(world.event), world.symmetric)).containsExactly("TDISreq");
        }
    }

    /// A.4.1.2 b), written out once more.
    private static boolean mayReport(State state, Variables v) {
        return Set.of("04A", "04B", "05A", "05B", "05C", "06", "10A", "10B", "11A", "11B", "11C", "15A", "15B", "15C", "19", "20", "22", "713")
                        .contains(state.name().substring(3))
                && v.units.contains(dev.parley.osi.FunctionalUnit.EXCEPTIONS)
                && v.units.contains(dev.parley.osi.FunctionalUnit.HALF_DUPLEX)
                && !v.owned.contains(dev.parley.osi.Token.DATA)
                && (!v.units.contains(dev.parley.osi.FunctionalUnit.ACTIVITY) || v.activity || state == State.STA22);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void impossibleCellsHaveNoRows(State state) {
        var both = new ArrayList<String>();
        for (var event : Table.events()) {
            for (var table : List.of(Table.ASYMMETRIC, Table.SYMMETRIC)) {
                if (table.isImpossible(state, event) && !table.cell(state, event).isEmpty()) {
                    both.add(event);
                }
            }
        }

        assertThat(both).isEmpty();
    }
}
