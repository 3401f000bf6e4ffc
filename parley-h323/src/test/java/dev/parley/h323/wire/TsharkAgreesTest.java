package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Alphabet;
import dev.parley.h323.wire.per.Type;
import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import dev.parley.testkit.Tshark;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wireshark has the same modules, compiled by other people with another compiler. It must read each generated message to the same choices,
/// numbers, flags, counts, texts, octets, addresses and object identifiers in the same order, also in the messages that a message carries. Every
/// type below a message is among them, and every alternative of its choices.
class TsharkAgreesTest {
    private static final int MESSAGES = Integer.getInteger("parley.tshark.messages", 400);
    private static final int MOST_TRIED = 10_000;
    private static final long SEED = Long.getLong("parley.seed", 323);

    /// Tshark 4.0 has no decoder for what is signed ("not decoded yet") and takes one octet of an INTEGER (1..MAX) (MaxRedundancy) for all of it. The
    /// others it reads further as what random octets are not: invocations of H.450.1, and MIKEY (parameter 0 of EncryptionSync). What it only skips
    /// is in the messages: see [Told].
    private static final Set<String> LEFT_OUT = Set.of(
            "cryptoEPCert", "cryptoGKCert", "cryptoFastStart", "cryptoSignedToken", "certProtectedKey",
            "rfc2733Format", "h4501SupplementaryService", "genericParameter");

    /// As far as tshark reads numbers that have no bound: in four octets.
    private static final long WIDEST = Integer.MAX_VALUE / 2;

    private static boolean wanted(Type.Field field) {
        return !LEFT_OUT.contains(field.name()) && !isOfDepFecMode(field) && !isBoundlessText(field);
    }

    /// Of two alternatives `samePort` it knows one, DepFECData's; the Recommendation has a ModeElementType in DepFECMode's.
    private static boolean isOfDepFecMode(Type.Field field) {
        return field.name().equals("samePort") && field.type() instanceof Type.Sequence s && s.root().getFirst().name().equals("protectedType");
    }

    /// A BMPString without a bound (`name` of an Element of H.235, `unicode` of a Content), whose length it does not always read as it stands.
    private static boolean isBoundlessText(Type.Field field) {
        return field.type() instanceof Type.Text t && t.alphabet() == Alphabet.BMP && !t.size().hasUpper();
    }

    @ParameterizedTest
    @CsvSource({"H245, h245dg", "RAS, h225.ras", "USER_INFORMATION, h225"})
    void onGeneratedMessages(Pdu pdu, String dissector) throws Exception {
        Tshark.needed();
        // So many, and after them those in which something is that was not there before, until all has been.
        var unmet = new Unmet(pdu.type(), TsharkAgreesTest::wanted);
        var values = new ArrayList<Value>();
        var seeds = new ArrayList<Long>();
        for (long seed = SEED; seed < SEED + MESSAGES || !unmet.isEmpty(); seed++) {
            assertThat(seed).as("not met in as many messages: %s", unmet).isLessThan(SEED + MOST_TRIED);
            var generator = new ValueGenerator(seed, TsharkAgreesTest::wanted, WIDEST);
            var value = Told.filled((seed < SEED + MESSAGES ? generator : generator.preferring(unmet.ways())).generate(pdu.type()), seed,
                    TsharkAgreesTest::wanted);
            if (unmet.meets(pdu.type(), value) || seed < SEED + MESSAGES) {
                values.add(value);
                seeds.add(seed);
            }
        }

        var read = PdmlField.of(Tshark.details(values.stream().map(v -> pdu.encode(v).toArray()).toList(), dissector));

        assertThat(read).hasSameSizeAs(values);
        var different = new ArrayList<String>();
        for (int i = 0; i < values.size(); i++) {
            var difference = Told.difference(Told.of(pdu, values.get(i)), read.get(i));
            if (!difference.isEmpty()) {
                different.add("seed %d: %s%n  as %s%n  %s".formatted(seeds.get(i), values.get(i), pdu.encode(values.get(i)), difference));
            }
        }
        assertThat(different).isEmpty();
    }
}
