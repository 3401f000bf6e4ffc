package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.machine.Variables.Resync;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each specific action of Table A.6 that only writes variables, against its definition written a second time, in random worlds: the variables that
/// it names have the new values, and no other has changed.
class ActionTest {
    private static final Map<Integer, Definition> DEFINITIONS = new TreeMap<>();

    private record Definition(String event, boolean symmetric, BiConsumer<Variables, Map<String, Object>> then) {}

    static {
        no(1, "TCONind", (v, m) -> m.put("transportInitiator", false));
        no(2, "SCONreq", (v, m) -> m.put("transportInitiator", true));
        no(7, "SRELreq", (v, m) -> m.put("reuse", true));
        no(8, "SRELreq", (v, m) -> m.put("reuse", false));
        no(12, "AS", (v, m) -> m.put("activity", true));
        no(18, "FN-nr", (v, m) -> m.put("finishCollision", true));
        no(20, "MIP", (v, m) -> m.put("mayAnswer", false));
        no(21, "MIP", (v, m) -> m.put("m", v.m + 1));
        no(22, "MAA/AEA", (v, m) -> put(m, "r", v.m, "a", v.m));
        no(23, "MIP", (v, m) -> put(m, "a", v.mayAnswer ? v.a : v.m, "mayAnswer", true, "m", v.m + 1));
        no(24, "SSYNmreq", (v, m) -> put(m, "a", v.mayAnswer ? v.m : v.a, "mayAnswer", false, "m", v.m + 1));
        serial(25, "MIA", false, (v, m) -> m.put("a", sn(m) + 1));
        no(26, "AS", (v, m) -> put(m, "a", 1L, "m", 1L, "r", 1L));
        serial(27, "AR", false, (v, m) -> put(m, "a", sn(m) + 1, "m", sn(m) + 1, "r", 1L));
        no(31, "MAP", (v, m) -> put(m, "a", v.mayAnswer ? v.a : v.m, "mayAnswer", true, "m", v.m + 1));
        no(32, "DN", (v, m) -> m.put("disconnectReceived", true));
        no(41, "SSYNmdreq", (v, m) -> m.put("separatedOut", v.m));
        yes(42, "SSYNmdreq", (v, m) -> m.put("separatedOut", v.ms));
        no(43, "MAA/AEA", (v, m) -> put(m, "separatedOut", -1L, "separatedIn", -1L));
        no(44, "MIP-d", (v, m) -> m.put("separatedIn", v.m));
        yes(45, "MIP-d", (v, m) -> m.put("separatedIn", v.mr));
        yes(62, "MIP", (v, m) -> m.put("mr", v.mr + 1));
        yes(63, "SSYNmreq", (v, m) -> m.put("ms", v.ms + 1));
        yes(64, "MAA/AEA", (v, m) -> put(m, "rs", v.ms, "as", v.ms, "rr", v.mr, "ar", v.mr));
        serial(65, "MIA", true, (v, m) -> m.put("as", sn(m) + 1));
        serial(66, "SSYNmrsp", true, (v, m) -> m.put("ar", sn(m) + 1));
        yes(70, "AS", (v, m) -> put(m, "as", 1L, "ms", 1L, "rs", 1L, "ar", 1L, "mr", 1L, "rr", 1L));
        no(14, "MAA/AEA", (v, m) -> m.put("activity", v.units.contains(dev.parley.osi.FunctionalUnit.ACTIVITY) ? v.nextActivity : v.activity));
        no(13, "AE", (v, m) -> m.put("nextActivity", v.units.contains(dev.parley.osi.FunctionalUnit.ACTIVITY) ? false : v.nextActivity));
        no(16, "AI", (v, m) -> put(m, "resync", Resync.INTERRUPT, "discardReceiving", true, "discardSending", true));
        no(67, "PR-RS", (v, m) -> put(m, "discardReceiving", true, "discardSending", true));
        serial(28, "RA", false, (v, m) -> {
            put(m, "a", sn(m), "m", sn(m), "separatedOut", -1L, "separatedIn", -1L, "resync", Resync.NONE, "resyncSending", Resync.NONE);
            put(m, "resyncReceiving", Resync.NONE, "discardReceiving", false, "discardSending", false);
            m.put("r", v.resync == Resync.ABANDON || v.resync == Resync.SET ? 0L : v.r);
        });
    }

    /// What the event carries decides: each has a test of its own in [ActionByEventTest].
    private static final Set<Integer> BY_EVENT = Set.of(3, 4, 5, 6, 9, 10, 11, 19, 29, 30, 50, 51, 68, 69, 71, 72);

    static Stream<Integer> actions() {
        return DEFINITIONS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void writesWhatItsDefinitionSaysAndNothingElse(int number) {
        var definition = java.util.Objects.requireNonNull(DEFINITIONS.get(number));
        var random = new Random(number);
        for (int i = 0; i < 200; i++) {
            var v = Worlds.random(random, definition.symmetric);
            var event = Events.of(definition.event, v, random);
            var before = Worlds.values(v);
            var changed = new HashMap<String, Object>();
            changed.put("sn", Facts.serial(event));
            definition.then.accept(v, changed);
            changed.remove("sn");
            var expected = new TreeMap<>(before);
            changed.forEach((name, value) -> expected.put(name, String.valueOf(value)));
            expected.put("resyncTokens", "{}");

            Actions.run(number, v, event);

            assertThat(Worlds.values(v)).as("[" + number + "] at " + event).isEqualTo(expected);
        }
    }

    @org.junit.jupiter.api.Test
    void everyActionOfTheTablesHasATest() {
        var used = new java.util.TreeSet<Integer>();
        for (var table : java.util.List.of(Table.ASYMMETRIC, Table.SYMMETRIC)) {
            table.rules().forEach(rule -> Stream.concat(rule.steps().stream(), rule.after().stream())
                    .map(Table.Step::action).filter(action -> action > 0).forEach(used::add));
        }
        used.removeAll(DEFINITIONS.keySet());

        assertThat(BY_EVENT).isEqualTo(used);
    }

    private static long sn(Map<String, Object> m) {
        return (Long) java.util.Objects.requireNonNull(m.get("sn"));
    }

    private static void no(int number, String event, BiConsumer<Variables, Map<String, Object>> then) {
        DEFINITIONS.put(number, new Definition(event, false, then));
    }

    private static void yes(int number, String event, BiConsumer<Variables, Map<String, Object>> then) {
        DEFINITIONS.put(number, new Definition(event, true, then));
    }

    private static void serial(int number, String event, boolean symmetric, BiConsumer<Variables, Map<String, Object>> then) {
        DEFINITIONS.put(number, new Definition(event, symmetric, then));
    }

    private static void put(Map<String, Object> m, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            m.put((String) pairs[i], pairs[i + 1]);
        }
    }
}
