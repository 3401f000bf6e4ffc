package dev.parley.trace.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.per.Octets;
import dev.parley.testkit.Tshark;
import dev.parley.trace.model.Item;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each element that H.225.0 and its gateways use: octets, what the trace says, what tshark says.
class ElementWordsTest {
    private static final String SETUP = "0802001105";

    private record Case(String hex, String words, String theirs) {}

    private static final List<Case> CASES = List.of(
            new Case("04 03 80 90 a3", "bearer capability: speech, 64 kbit/s, G.711 A-law", "Recommendation G.711 A-law"),
            new Case("04 04 88 18 86 a5", "bearer capability: unrestricted digital information, multirate, H.221 and H.242", "Multirate"),
            new Case("08 02 80 90", "cause: 16, normal call clearing; from the user", "Normal call clearing"),
            new Case("08 04 8a 93 01 02", "cause: 19, no answer; from the network beyond an interworking point; diagnostics 2 octets: 01 02",
                    "Network beyond interworking point"),
            new Case("14 01 0a", "call state: 10", "Active"),
            new Case("18 01 89", "channel identification: basic rate, B1, no other", "B1 channel"),
            new Case("18 03 a9 83 85", "channel identification: primary rate, the channel in the next octets, no other: 5", "Channel number: 5"),
            new Case("18 04 e1 81 83 87", "channel identification: primary rate, the channel in the next octets, preferred: 7", "Channel number: 7"),
            new Case("1c 00", "facility: empty, as H.225.0 has it", "Facility"),
            new Case("1c 0a 91 a1 07 02 01 2a 02 02 00 c9", "facility: remote operations, invoke 42: 9 octets: a1 07 02 01 2a 02 02 00 c9",
                    "Facility"),
            new Case("1e 02 80 88", "progress indicator: tones or announcements are in the sound; from the user", "In-band information"),
            new Case("1e 02 84 83", "progress indicator: the origin is not ISDN; from the public network of the remote user",
                    "Origination address is non-ISDN"),
            new Case("1e 02 e4 83", "progress indicator: 2 octets: e4 83", "Standard defined for this particular network"),
            new Case("27 01 80", "notification indicator: the user is suspended", "User suspended"),
            new Case("28 04 41 6e 6e 61", "display: Anna", "Anna"),
            new Case("29 05 1a 0b 1c 08 1e", "date/time: 2026-11-28 08:30", "Date"),
            new Case("2c 02 31 23", "keypad: 1#", "1#"),
            new Case("34 01 01", "signal: ring back tone on", "Ring tone on"),
            new Case("34 01 4f", "signal: alerting off", "Alerting off"),
            new Case("4c 06 11 a3 31 32 33 34", "connected number: 1234 (international, E.164, presentation restricted, given by the network)",
                    "Network-provided"),
            new Case("6c 05 49 81 34 37 31", "calling party number: 471 (subscriber, private plan, presentation allowed, verified and passed)",
                    "User-provided, verified and passed"),
            new Case("6c 02 01 c3", "calling party number: no digits (unknown type, E.164, number not available, given by the network)",
                    "Number not available"),
            new Case("6d 05 80 50 37 38 39", "calling party subaddress: 789 (NSAP)", "NSAP"),
            new Case("70 04 a1 31 32 33", "called party number: 123 (national, E.164)", "National number"),
            new Case("71 03 a0 12 34", "called party subaddress: 12 34 (of the user's own kind)", "Subaddress: 1234"),
            new Case("74 06 21 01 8f 33 30 31",
                    "redirecting number: 301 (national, E.164, presentation allowed, verified and passed, always)", "unconditional"),
            new Case("a1", "sending complete: ", "Sending complete"),
            new Case("b3", "congestion level: 3", "Congestion level"),
            new Case("4a 01 81", "reverse charging indication: 1 octet: 81", "Reverse charging"),
            new Case("33 01 07", "element 33: 1 octet: 07", ""));

    private static Octets message(String elements) {
        return Octets.ofHex(SETUP + elements);
    }

    private static String told(Octets message) {
        return ElementWords.of(Q931.decode(message)).stream().map(ElementWordsTest::line).collect(Collectors.joining("; "));
    }

    private static String line(Item item) {
        return item.name() + ": " + item.value();
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void elementsAreToldByNameAndContents(Case one) {
        assertThat(told(message(one.hex()))).isEqualTo(one.words());
    }

    @Test
    void tsharkSaysTheSame() throws Exception {
        Tshark.needed();

        var packets = Tshark.details(CASES.stream().map(c -> message(c.hex()).toArray()).toList(), "q931").split("<packet>");

        assertThat(packets).hasSize(CASES.size() + 1);
        for (int i = 0; i < CASES.size(); i++) {
            assertThat(packets[i + 1]).as(CASES.get(i).hex()).contains(CASES.get(i).theirs());
        }
    }

    /// Whatever is missing at the end of an element, it is told, with its octets at the least.
    @ParameterizedTest
    @FieldSource("CASES")
    void anElementThatIsCutIsStillTold(Case one) {
        var octets = Octets.ofHex(one.hex());
        for (int length = 0; length < octets.size() - 2; length++) {
            var cut = "%02x%02x%s".formatted(octets.at(0), length, octets.hex().substring(4, 4 + 2 * length));

            assertThat(told(message(cut))).as(cut).startsWith(one.words().substring(0, one.words().indexOf(':')));
        }
    }

    /// An octet 3 that says it goes on, and nothing comes.
    @ParameterizedTest
    @ValueSource(strings = {"6c 03 01 01 31", "74 02 21 01", "1e 01 80", "08 01 00", "18 01 e1", "6d 00", "29 01 1a", "04 01 80"})
    void whatCannotBeReadIsShownAsItsOctets(String hex) {
        assertThat(told(message(hex))).containsPattern("octet|none");
    }

    @Test
    void behindAShiftTheIdentifiersMeanSomethingElse() {
        assertThat(told(message("9d 28 01 41 28 01 42"))).isEqualTo("shift: to codeset 5, for one element; "
                + "element 28 of codeset 5: 1 octet: 41; display: B");
        assertThat(told(message("96 28 01 41 28 01 42"))).isEqualTo("shift: to codeset 6; element 28 of codeset 6: 1 octet: 41; "
                + "element 28 of codeset 6: 1 octet: 42");
    }
}
