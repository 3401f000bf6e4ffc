package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Value;
import dev.parley.h323.wire.per.ValueGenerator;
import dev.parley.testkit.Tshark;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wireshark has the same modules, compiled by other people with another compiler. It must read each generated message to the same choices,
/// numbers, flags, counts, texts, octets, addresses and object identifiers in the same order, also in the messages that a message carries.
class TsharkAgreesTest {
    private static final int MESSAGES = Integer.getInteger("parley.tshark.messages", 400);
    private static final long SEED = Long.getLong("parley.seed", 323);

    /// Newer than the modules of Wireshark 4.0; or read further by it as what random octets are not (H.450, X.509, MIKEY); or shown by it
    /// otherwise (large bit strings not at all, of numbers without an upper bound the length).
    private static final Set<String> LEFT_OUT = Set.of(
            "dtlsSecurityCapability", "extendedAudioCapability", "nominalAudioLevel", "multiplePayloadStream",
            "dataChannel", "extendedDataApplicationCapability", "sctp", "sctp-dtls", "udp-dtls-sctp", "tcp-dtls-sctp", "depFecMode",
            "language", "element", "h235Key",
            "h4501SupplementaryService", "cryptoEPCert", "cryptoGKCert", "cryptoFastStart", "cryptoSignedToken",
            "dhkeyext", "random", "ranInt", "rfc2733Format");

    @ParameterizedTest
    @CsvSource({"H245, h245dg", "RAS, h225.ras", "USER_INFORMATION, h225"})
    void onGeneratedMessages(Pdu pdu, String dissector) throws Exception {
        Tshark.needed();
        var values = new ArrayList<Value>();
        for (int i = 0; i < MESSAGES; i++) {
            values.add(Told.filled(new ValueGenerator(SEED + i, f -> !LEFT_OUT.contains(f.name())).generate(pdu.type()), SEED + i,
                    f -> !LEFT_OUT.contains(f.name())));
        }

        var read = PdmlField.of(Tshark.details(values.stream().map(v -> pdu.encode(v).toArray()).toList(), dissector));

        assertThat(read).hasSameSizeAs(values);
        var different = new ArrayList<String>();
        for (int i = 0; i < MESSAGES; i++) {
            var difference = Told.difference(Told.of(pdu, values.get(i)), read.get(i));
            if (!difference.isEmpty()) {
                different.add("seed %d: %s%n  as %s%n  %s".formatted(SEED + i, values.get(i), pdu.encode(values.get(i)), difference));
            }
        }
        assertThat(different).isEmpty();
    }
}
