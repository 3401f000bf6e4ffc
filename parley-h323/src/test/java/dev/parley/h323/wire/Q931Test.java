package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.wire.per.Octets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class Q931Test {
    @Test
    void aSetupHasItsElements() {
        var octets = Octets.ofHex("0802001105" + "040388c0a5" + "2806416c69636500" + "6c06018031303031" + "700481313233");

        var setup = Q931.decode(octets);

        assertThat(setup.callReference()).isEqualTo(0x11);
        assertThat(setup.fromDestination()).isFalse();
        assertThat(setup.messageType()).contains(MessageType.SETUP);
        assertThat(setup.display()).contains("Alice");
        assertThat(setup.callingNumber()).contains("1001");
        assertThat(setup.calledNumber()).contains("123");
        assertThat(setup.encode()).isEqualTo(octets);
    }

    @Test
    void theCauseIsReadAndHasWords() {
        assertThat(Q931.decode(Octets.ofHex("080280115a" + "08028090")).cause()).contains(Cause.NORMAL_CLEARING);
        assertThat(Q931.decode(Octets.ofHex("080280115a" + "0803008091")).cause().map(Cause::words)).contains("the user is busy");
        assertThat(Q931.decode(Octets.ofHex("080280115a" + "080180")).cause()).isEmpty();
    }

    /// Q.931 wants ascending order; not everybody keeps it.
    @Test
    void elementsMayComeInAnyOrder() {
        var message = Q931.decode(Octets.ofHex("0802001105" + "700481313233" + "28024142" + "a1" + "040388c0a5"));

        assertThat(message.display()).contains("AB");
        assertThat(message.calledNumber()).contains("123");
        assertThat(message.elements()).hasSize(4);
    }

    /// Behind a shift, identifiers mean something else.
    @Test
    void elementsOfAnotherCodesetArePassedOver() {
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "9e" + "28024142" + "28024344")).display()).contains("CD");
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "96" + "28024142" + "28024344")).display()).isEmpty();
    }

    /// Gateways were seen to pass on a reference of ISDN.
    @Test
    void aShortCallReferenceIsAccepted() {
        assertThat(Q931.decode(Octets.ofHex("08018505")).callReference()).isEqualTo(5);
        assertThat(Q931.decode(Octets.ofHex("08018505")).fromDestination()).isTrue();
        assertThat(Q931.decode(Octets.ofHex("080005")).callReference()).isZero();
        assertThatThrownBy(() -> Q931.decode(Octets.ofHex("080300000105"))).isInstanceOf(ProtocolViolation.class);
    }

    /// ASTERISK-30103 was a party number longer than the reader's array.
    @Test
    void aPartyNumberOfAnyLengthIsNoHarm() {
        var digits = "31".repeat(254);

        assertThat(Q931.decode(Octets.ofHex("0802001105" + "6cff" + "81" + digits)).callingNumber().orElseThrow()).hasSize(254);
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "6c00")).callingNumber()).isEmpty();
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "6c020000")).callingNumber()).isEmpty();
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "6c0381ff31")).callingNumber()).contains("1");
    }

    @Test
    void theNumberOfElementsHasALimit() {
        assertThat(Q931.decode(Octets.ofHex("0802001105" + "a1".repeat(64))).elements()).hasSize(64);
        assertThatThrownBy(() -> Q931.decode(Octets.ofHex("0802001105" + "a1".repeat(65))))
                .isInstanceOf(ProtocolViolation.class).hasMessageContaining("64");
    }

    @Test
    void cutAnywhereAMessageIsMalformedOrShorter() {
        var octets = Octets.ofHex("0802001105" + "040388c0a5" + "7e0004" + "05010203").toArray();

        for (int cut = 0; cut < octets.length; cut++) {
            var part = Octets.of(Arrays.copyOf(octets, cut));
            if (cut == 5 || cut == 10) {
                assertThat(Q931.decode(part).elements()).hasSize(cut / 10);
            } else {
                assertThatThrownBy(() -> Q931.decode(part)).isInstanceOf(ProtocolViolation.class);
            }
        }
    }

    @Test
    void aUserElementWithoutItsDiscriminatorIsMalformed() {
        assertThatThrownBy(() -> Q931.decode(Octets.ofHex("0802001105" + "7e0000"))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> Q931.decode(Octets.ofHex("0802001105" + "7e000104"))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aTpktMayComeInAnyPieces() {
        var stream = Octets.ofHex("03000006aabb" + "03000004" + "03000005cc").toArray();

        for (int piece = 1; piece <= stream.length; piece++) {
            var reader = new Tpkt();
            var payloads = new java.util.ArrayList<Octets>();
            for (int at = 0; at < stream.length; at += piece) {
                payloads.addAll(reader.read(stream, at, Math.min(piece, stream.length - at)));
            }
            assertThat(payloads).isEqualTo(List.of(Octets.ofHex("aabb"), Octets.ofHex("cc")));
            assertThat(reader.midway()).isFalse();
        }
    }

    @Test
    void aTpktHasAVersionAndALength() {
        for (var hex : List.of("02000004", "03000003", "03000000", "47455420")) {
            assertThatThrownBy(() -> new Tpkt().read(Octets.ofHex(hex).toArray(), 0, 4)).isInstanceOf(ProtocolViolation.class);
        }
        var longest = Octets.ofHex("00".repeat(65531));
        assertThat(new Tpkt().read(Tpkt.wrap(longest), 0, 65535)).containsExactly(longest);
        assertThatThrownBy(() -> Tpkt.wrap(Octets.ofHex("00".repeat(65532)))).isInstanceOf(IllegalArgumentException.class);
    }
}
