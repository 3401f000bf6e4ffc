package dev.parley.h323.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Octets;
import java.security.MessageDigest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordTokensTest {
    private static final RasMessage MESSAGE = RasMessage.of("disengageConfirm", 7);

    /// The hash is over these octets, worked out by hand: timeStamp, password and generalID present; 0.0 is one octet 00; 1000 seconds in two
    /// octets less 1; seven-bit lengths less 1.
    @Test
    void theMd5BaselineHashesAClearToken() throws Exception {
        // The extension bit 0, then the options 1100 0010: timeStamp, password and generalID.
        var encoded = Octets.ofHex("6100 01 00 40 03e7 04 00620065 0000 04 00610062 0000".replace(" ", ""));
        var expected = Octets.of(MessageDigest.getInstance("MD5").digest(encoded.toArray()));

        assertThat(PasswordTokens.md5("ab", "be", 1000, true)).isEqualTo(expected);
        assertThat(PasswordTokens.md5("ab", "be", 1000, false)).isNotEqualTo(expected);
    }

    @Test
    void aHashIsFoundAndProvenByThePasswordOnly() {
        var message = RasMessage.decode(PasswordTokens.withMd5(MESSAGE, "alice", "wonderland", 1000).encode());

        assertThat(PasswordTokens.hashes(message)).satisfiesExactly(hash -> {
            assertThat(hash.user()).isEqualTo("alice");
            assertThat(hash.seconds()).isEqualTo(1000);
            assertThat(hash.provenBy("wonderland")).isTrue();
            assertThat(hash.provenBy("wonderlan")).isFalse();
        });
    }

    @Test
    void aSignatureCoversEveryOctet() {
        var signed = PasswordTokens.signed(MESSAGE, "alice", Optional.of("GK"), PasswordTokens.key("wonderland"), 1000, 5);
        var signature = PasswordTokens.signature(RasMessage.decode(signed)).orElseThrow();

        assertThat(signature.sender()).isEqualTo("alice");
        assertThat(signature.recipient()).hasValue("GK");
        assertThat(signature.seconds()).isEqualTo(1000);
        assertThat(signature.random()).isEqualTo(5);
        assertThat(PasswordTokens.proves(signed, signature, PasswordTokens.key("wonderland"))).isTrue();
        assertThat(PasswordTokens.proves(signed, signature, PasswordTokens.key("Wonderland"))).isFalse();
        for (int i = 0; i < signed.size(); i++) {
            var changed = signed.toArray();
            changed[i] ^= 1;
            assertThat(PasswordTokens.proves(Octets.of(changed), signature, PasswordTokens.key("wonderland"))).as("octet %d", i).isFalse();
        }
    }

    @Test
    void anotherRandomNumberGivesAnotherSignature() {
        assertThat(PasswordTokens.signed(MESSAGE, "alice", Optional.empty(), PasswordTokens.key("w"), 1000, 5))
                .isNotEqualTo(PasswordTokens.signed(MESSAGE, "alice", Optional.empty(), PasswordTokens.key("w"), 1000, 6));
    }
}
