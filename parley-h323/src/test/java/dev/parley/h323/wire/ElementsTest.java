package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.per.Octets;
import dev.parley.testkit.Tshark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the elements of Q.931 hold that tell of other networks: numbers, progress, notifications, signals.
class ElementsTest {
    private static final long SEED = Long.getLong("parley.seed", 931);
    private static final int[] NUMBERS = {InformationElement.CALLING_PARTY_NUMBER, InformationElement.CALLED_PARTY_NUMBER,
        InformationElement.CONNECTED_NUMBER, InformationElement.REDIRECTING_NUMBER};

    private static Q931 read(String elements) {
        return Q931.decode(Octets.ofHex("0802801107" + elements));
    }

    @Test
    void theOctetsOfQ931AreRead() {
        var message = read("4c06018034303132" + "740721018233313435" + "1e028a88" + "2701f9" + "34014f");

        assertThat(message.connectedNumber()).hasValue(new PartyNumber(0, 1, Optional.of(new PartyNumber.Shown(0, 0)), Optional.empty(), "4012"));
        assertThat(message.redirectingNumber()).hasValue(new PartyNumber(2, 1, Optional.of(new PartyNumber.Shown(0, 1)), Optional.of(2), "3145"));
        assertThat(message.progress()).hasValue(new Progress(10, 8));
        assertThat(message.notification()).hasValue(0x79);
        assertThat(message.signal()).hasValue(0x4f);
    }

    @Test
    void whatCannotBeReadCountsAsAbsent() {
        for (var elements : List.of("", "4c00" + "7400" + "1e00" + "2700" + "3400", "4c0101" + "740401010101" + "1e018a",
                "4c03010101" + "1e02ea88")) {
            var message = read(elements);

            assertThat(message.connectedNumber()).as(elements).isEmpty();
            assertThat(message.redirectingNumber()).as(elements).isEmpty();
            assertThat(message.progress()).as(elements).isEmpty();
            assertThat(message.notification()).as(elements).isEmpty();
            assertThat(message.signal()).as(elements).isEmpty();
        }
    }

    @Test
    void aNumberHasRoomFor252Digits() {
        var longest = "74ff" + "010182" + "31".repeat(252);
        assertThat(read(longest).redirectingNumber().orElseThrow().digits()).hasSize(252);
        assertThat(read("4cfe" + "81" + "31".repeat(253)).connectedNumber()).isEmpty();
        assertThatThrownBy(() -> PartyNumber.of("1".repeat(253))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0..252, not 253");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void whatHasNoRoomInItsBitsIsRefused(int value) {
        var shown = Optional.of(new PartyNumber.Shown(0, 0));
        for (Runnable refused : List.<Runnable>of(() -> new Progress(value, 0), () -> new Progress(0, value), () -> new PartyNumber.Shown(value, 0),
                () -> new PartyNumber.Shown(0, value), () -> new PartyNumber(value, 0, shown, Optional.empty(), ""),
                () -> new PartyNumber(0, value, shown, Optional.empty(), ""), () -> new PartyNumber(0, 0, shown, Optional.of(value), ""),
                () -> InformationElement.notification(value), () -> InformationElement.signal(value))) {
            assertThatThrownBy(refused::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not " + value);
        }
        assertThatThrownBy(() -> new PartyNumber(0, 1, Optional.empty(), Optional.of(1), "1")).isInstanceOf(IllegalArgumentException.class);
    }

    /// Three octets before the digits are of a redirecting number only; there tshark takes what they say for another one's, too.
    private static PartyNumber anyNumber(Random random, boolean redirecting) {
        int octets = random.nextInt(redirecting ? 3 : 2);
        var digits = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            digits.append("0123456789*#".charAt(random.nextInt(12)));
        }
        return new PartyNumber(random.nextInt(8), random.nextInt(16),
                octets == 0 ? Optional.empty() : Optional.of(new PartyNumber.Shown(random.nextInt(4), random.nextInt(4))),
                octets == 2 ? Optional.of(random.nextInt(16)) : Optional.empty(), digits.toString());
    }

    private record Case(int id, PartyNumber number, Progress progress, int notification, int signal) {
        static Case of(int i) {
            var random = new Random(SEED + i);
            int id = NUMBERS[i % NUMBERS.length];
            return new Case(id, anyNumber(random, id == InformationElement.REDIRECTING_NUMBER), new Progress(random.nextInt(16), random.nextInt(128)),
                    random.nextInt(128), random.nextInt(256));
        }

        Q931 message() {
            return new Q931(0x11, true, MessageType.CONNECT.code(), List.of(InformationElement.progress(progress),
                    InformationElement.notification(notification), InformationElement.signal(signal), InformationElement.number(id, number)));
        }
    }

    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < 400; i++) {
            cases.add(Case.of(i));
        }
        return cases;
    }

    @Test
    void whatIsWrittenIsReadAsTheSame() {
        for (var one : cases()) {
            var read = Q931.decode(one.message().encode());

            assertThat(read.element(one.id()).flatMap(PartyNumber::read)).as("%s, seed %s", one, SEED).hasValue(one.number());
            assertThat(read.progress()).as("%s, seed %s", one, SEED).hasValue(one.progress());
            assertThat(read.notification()).as("%s, seed %s", one, SEED).hasValue(one.notification());
            assertThat(read.signal()).as("%s, seed %s", one, SEED).hasValue(one.signal());
        }
    }

    private static String hex(int value) {
        return "0x%02x".formatted(value);
    }

    /// Of a notification it shows no value.
    @Test
    void tsharkReadsTheSame() throws Exception {
        Tshark.needed();
        var cases = cases();
        var shown = PdmlField.of(Tshark.details(cases.stream().map(c -> Tpkt.wrap(c.message().encode())).toList(), "q931.tpkt"), "q931\\..*");

        assertThat(shown).hasSameSizeAs(cases);
        for (int i = 0; i < cases.size(); i++) {
            var one = cases.get(i);
            var fields = new TreeMap<String, String>();
            shown.get(i).forEach(f -> fields.putIfAbsent(f.name(), f.show()));
            var number = one.number();
            var told = new TreeMap<>(Map.of("q931.progress_indicator.location", hex(one.progress().location()),
                    "q931.progress_indicator.description", hex(one.progress().description()), "q931.signal", hex(one.signal()),
                    "q931.number_type", hex(number.type()), "q931.numbering_plan", hex(number.plan())));
            number.shown().ifPresent(s -> told.putAll(
                    Map.of("q931.presentation_ind", hex(s.presentation()), "q931.screening_ind", hex(s.screening()))));
            number.reason().ifPresent(r -> told.put("q931.extension.reason", hex(r)));
            assertThat(fields).as("%s, seed %s", one, SEED).containsAllEntriesOf(told);
            assertThat(fields.entrySet().stream().filter(f -> f.getKey().endsWith(".digits")).map(Map.Entry::getValue))
                    .as("%s, seed %s", one, SEED).containsExactly(number.digits());
        }
    }
}
