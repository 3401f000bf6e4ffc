package dev.parley.runtime.rfc1006;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 1006 and COTP class 0, octet for octet, with a link in memory.
class Rfc1006Test {
    private static final int MOST = 200_000;
    private static final String CR = "0300000b06e00000000100";
    private static final String CC = "0300000b06d00000000100";

    private final Wire wire = new Wire();
    private final Told told = new Told();

    private static final class Wire implements Link {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private boolean closed;

        @Override
        public void write(ByteBuffer... buffers) {
            for (var buffer : buffers) {
                var octets = new byte[buffer.remaining()];
                buffer.get(octets);
                written.writeBytes(octets);
            }
        }

        @Override
        public void flush() {
            // Everything is written at once.
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {
            // Nothing is read here.
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void abort() {
            closed = true;
        }

        @Override
        public String peer() {
            return "test";
        }

        @Override
        public Security security() {
            return Security.NONE;
        }

        String hex() {
            var hex = HexFormat.of().formatHex(written.toByteArray());
            written.reset();
            return hex;
        }
    }

    private static final class Told implements Transport.User {
        private final List<String> events = new ArrayList<>();
        private final List<byte[]> tsdus = new ArrayList<>();
        private final List<ByteBuffer> kept = new ArrayList<>();
        private @Nullable String end;

        @Override
        public void ready(Transport transport) {
            events.add("ready");
        }

        @Override
        public void connectIndication() {
            events.add("indication");
        }

        @Override
        public void connectConfirm() {
            events.add("confirm");
        }

        @Override
        public void tsdu(ByteBuffer octets) {
            kept.add(octets.duplicate());
            var copy = new byte[octets.remaining()];
            octets.get(copy);
            tsdus.add(copy);
        }

        @Override
        public void writable() {
            events.add("writable");
        }

        @Override
        public void disconnected(String reason) {
            assertThat(end).isNull();
            end = reason;
        }
    }

    private Rfc1006 initiator() {
        var transport = Rfc1006.initiator(MOST, told);
        transport.opened(wire);
        return transport;
    }

    private Rfc1006 openResponder() {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);
        receive(transport, CR);
        transport.accept();
        wire.hex();
        return transport;
    }

    private static void receive(Rfc1006 transport, String hex) {
        lend(transport, HexFormat.of().parseHex(hex));
    }

    /// A link uses its buffer again after the call.
    private static void lend(Rfc1006 transport, byte[] octets) {
        transport.received(ByteBuffer.wrap(octets));
        Arrays.fill(octets, (byte) 0xA5);
    }

    @Test
    void theInitiatorSendsACrAndIsOpenAfterTheCc() {
        var transport = initiator();

        transport.connect();
        assertThat(wire.hex()).isEqualTo(CR);
        receive(transport, CC);

        assertThat(told.events).containsExactly("ready", "confirm");
    }

    @Test
    void theResponderAnswersWithTheReferenceAndTheSizeOfTheCr() {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);

        // Source reference 1234, TPDU size 2^10, a calling selector that comes back.
        receive(transport, "03000011" + "0c" + "e0" + "0000" + "1234" + "00" + "c0010a" + "c10161");
        transport.accept();

        assertThat(told.events).containsExactly("ready", "indication");
        assertThat(wire.hex()).isEqualTo("03000011" + "0c" + "d0" + "1234" + "0001" + "00" + "c0010a" + "c10161");
    }

    @Test
    void aTsduIsCutIntoTheNegotiatedSizeAndTheLastPartIsMarked() {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);
        receive(transport, "0300000e" + "09" + "e0" + "00000001" + "00" + "c00107");
        transport.accept();
        wire.hex();

        transport.send(ByteBuffer.wrap(new byte[100]), ByteBuffer.wrap(new byte[50]));

        assertThat(wire.hex()).isEqualTo(
                "03000084" + "02f000" + "00".repeat(125) + "03000020" + "02f080" + "00".repeat(25));
    }

    @Test
    void aTsduIsTheUsersToKeepThoughItsOctetsWereOnlyLent() {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);
        receive(transport, "03000011" + "0c" + "e0" + "0000" + "1234" + "00" + "c0010a" + "c10161");
        transport.accept();

        receive(transport, "0300000902f080" + "0102" + "0300000902f000" + "0304");
        receive(transport, "0300000902f000" + "0506" + "03000008");
        receive(transport, "02f080" + "07" + "0300000902f080" + "0809");

        assertThat(told.kept).containsExactly(
                ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3, 4, 5, 6, 7}), ByteBuffer.wrap(new byte[] {8, 9}));
        assertThat(transport.callingSelector()).isEqualTo(ByteBuffer.wrap(new byte[] {'a'}));
    }

    @Test
    void aTsduOfManyPartsMayBeAsLongAsTheLimitAndNoLonger() {
        int part = MOST / 50;
        for (int size : new int[] {MOST, MOST + 1}) {
            var user = new Told();
            var transport = Rfc1006.responder(MOST, user);
            transport.opened(new Wire());
            receive(transport, CR);
            transport.accept();

            for (int left = size; left > 0; left -= part) {
                int octets = Math.min(left, part);
                boolean last = left <= part;
                lend(transport, ByteBuffer.allocate(7 + octets).put(HexFormat.of().parseHex("0300")).putShort((short) (7 + octets))
                        .put(HexFormat.of().parseHex(last ? "02f080" : "02f000")).array());
            }

            assertThat(user.tsdus).hasSize(size == MOST ? 1 : 0);
            assertThat(String.valueOf(user.end)).contains(size == MOST ? "null" : "longer than the limit of " + MOST);
        }
    }

    @Test
    void partsWithoutOctetsTakeNoMemory() {
        var transport = openResponder();

        for (int i = 0; i < 100_000; i++) {
            receive(transport, "0300000702f000");
        }
        receive(transport, "0300000802f080" + "01");

        assertThat(told.tsdus).containsExactly(new byte[] {1});
    }

    @Test
    void anEmptyTsduIsOneDt() {
        var transport = openResponder();

        transport.send(ByteBuffer.allocate(0));

        assertThat(wire.hex()).isEqualTo("0300000702f080");
    }

    @Test
    void twoDtsBecomeOneTsduHoweverTheyArriveOctetByOctet() {
        var transport = openResponder();

        for (byte octet : HexFormat.of().parseHex("0300000902f000" + "0102" + "0300000802f080" + "03")) {
            lend(transport, new byte[] {octet});
        }

        assertThat(told.tsdus).containsExactly(new byte[] {1, 2, 3});
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0400000702f080", // version 4
        "0300000602f0", // shorter than a TPKT can be
        "03000007ff0000", // length indicator 255 is reserved
        "0300000700f080", // no header at all
        "0300000703f080", // header longer than the TPDU
        "0300000803f08000", // a DT header of class 0 has 2 octets
        "0300000702f180", // an unknown code
        "0300000b06e00000000100", // a second CR
        "03000008031000ff" // ED: class 0 has no expedited data
    })
    void aMalformedOrUnexpectedTpduClosesTheLink(String hex) {
        var transport = openResponder();

        receive(transport, hex);

        assertThat(told.end).isNotBlank();
        assertThat(wire.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0300000702f080", // data before the connection
        CC, // not for a responder
        "0300000a05e000000001", // a CR without its class
        "0300000e09e00000000100c00111", // TPDU size 2^17
        "0300000e09e00000000100c00106", // TPDU size 2^6
        "0300000e09e00000000100c0050a" // a parameter that runs past the header
    })
    void aResponderThatWaitsForACrRefusesAnythingElse(String hex) {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);

        receive(transport, hex);

        assertThat(told.end).isNotBlank();
        assertThat(told.events).doesNotContain("indication");
    }

    @Test
    void aDrEndsTheConnectionWithAReason() {
        receive(initiator(), "0300000b06800000000101");

        assertThat(told.end).isEqualTo("the peer refused the transport connection: congestion at its TSAP");
    }

    /// A ClientHello: the caller expects TLS, and any TPKT tells it that there is none.
    @ParameterizedTest
    @ValueSource(strings = {"16030100050100000000", "160301", "1603030200"})
    void whoSpeaksTlsIsToldByADrThatThereIsNone(String hello) {
        var transport = Rfc1006.responder(MOST, told);
        transport.opened(wire);

        receive(transport, hello);
        receive(transport, "0000");

        assertThat(told.end).isEqualTo("the peer speaks TLS, and this side does not");
        assertThat(wire.hex()).isEqualTo("0300000b06800000000085");
        assertThat(wire.closed).isTrue();
    }

    @Test
    void anErEndsTheConnectionWithAReason() {
        receive(openResponder(), "030000090470000001");

        assertThat(told.end).contains("malformed");
    }

    @Test
    void aTsduAtTheLimitArrivesAndOneOctetMoreClosesTheLink() {
        var transport = openResponder();

        transport.received(tsdu(MOST));
        assertThat(told.tsdus).hasSize(1);
        assertThat(told.tsdus.getFirst()).hasSize(MOST);
        transport.received(tsdu(MOST + 1));

        assertThat(told.end).contains("limit of " + MOST);
        assertThat(told.tsdus).hasSize(1);
    }

    private static ByteBuffer tsdu(int size) {
        var from = new Wire();
        var sender = Rfc1006.responder(MOST, new Told());
        sender.opened(from);
        receive(sender, CR);
        sender.accept();
        from.hex();
        sender.send(ByteBuffer.allocate(size));
        return ByteBuffer.wrap(from.written.toByteArray());
    }

    @Test
    void nothingIsToldBeforeAFrameIsWholeAndTheEndOfTheLinkIsToldOnce() {
        var whole = HexFormat.of().parseHex("0300000902f0800102");
        for (int size = 0; size < whole.length; size++) {
            var user = new Told();
            var transport = Rfc1006.responder(MOST, user);
            transport.opened(new Wire());
            receive(transport, CR);
            transport.accept();

            transport.received(ByteBuffer.wrap(whole, 0, size).slice());
            transport.closed("");
            transport.closed("");

            assertThat(user.tsdus).isEmpty();
            assertThat(user.end).contains("closed");
        }
    }

    @Test
    void randomOctetsNeverDoMoreThanCloseTheLink() {
        for (int seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            var octets = new byte[1 + random.nextInt(40)];
            random.nextBytes(octets);
            if (octets.length > 5 && random.nextBoolean()) {
                octets[0] = 3;
                octets[2] = 0;
                octets[3] = (byte) octets.length;
                octets[4] = (byte) random.nextInt(octets.length);
            }
            var user = new Told();
            var transport = Rfc1006.responder(MOST, user);
            transport.opened(new Wire());
            if (random.nextBoolean()) {
                receive(transport, CR);
                transport.accept();
            }

            transport.received(ByteBuffer.wrap(octets));

            assertThat(user.tsdus).as("seed " + seed).hasSizeLessThan(8);
        }
    }
}
