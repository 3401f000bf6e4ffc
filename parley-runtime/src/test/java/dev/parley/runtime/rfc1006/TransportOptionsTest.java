package dev.parley.runtime.rfc1006;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import dev.parley.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What two sides of RFC 1006 agree on: TPDU size, T-selectors and the expedited flow, octet for octet.
class TransportOptionsTest {
    private static final TransportOptions PLAIN = TransportOptions.ofTsdu(100_000);

    /// One side: what it wrote, and what it was told.
    private static final class End implements Link, Transport.User {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final List<String> told = new ArrayList<>();
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
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {}

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

        @Override
        public void ready(Transport transport) {}

        @Override
        public void connectIndication() {
            told.add("indication");
        }

        @Override
        public void connectConfirm() {
            told.add("confirm");
        }

        @Override
        public void tsdu(ByteBuffer octets) {
            told.add("data " + octets.remaining());
        }

        @Override
        public void expedited(ByteBuffer octets) {
            told.add("expedited " + octets.remaining());
        }

        @Override
        public void writable() {}

        @Override
        public void disconnected(String reason) {
            told.add(reason);
        }

        byte[] take() {
            var octets = written.toByteArray();
            written.reset();
            return octets;
        }
    }

    private final End callingEnd = new End();
    private final End calledEnd = new End();
    private Rfc1006 calling = Rfc1006.initiator(PLAIN, callingEnd);
    private Rfc1006 called = Rfc1006.responder(PLAIN, calledEnd);

    private void connect(TransportOptions caller, TransportOptions answerer) {
        calling = Rfc1006.initiator(caller, callingEnd);
        called = Rfc1006.responder(answerer, calledEnd);
        calling.opened(callingEnd);
        called.opened(calledEnd);
        calling.connect();
        called.received(ByteBuffer.wrap(callingEnd.take()));
        if (calledEnd.told.contains("indication")) {
            called.accept();
        }
        calling.received(ByteBuffer.wrap(calledEnd.take()));
    }

    /// How many TPDUs 2000 octets take, from either side.
    @ParameterizedTest
    @CsvSource({"0,0,1", "0,128,1", "128,0,16", "1024,128,16", "128,1024,16", "8192,8192,1", "512,512,4"})
    void theSmallerSizeHoldsInBothDirectionsWhenTheCallerProposesOne(int proposed, int most, int tpdus) {
        connect(PLAIN.tpduSize(proposed), PLAIN.tpduSize(most));

        calling.send(ByteBuffer.allocate(2_000));
        called.send(ByteBuffer.allocate(2_000));

        assertThat(callingEnd.take()).hasSize(2_000 + 7 * tpdus);
        assertThat(calledEnd.take()).hasSize(2_000 + 7 * tpdus);
    }

    @Test
    void selectorsTravelInTheRequestAndComeBack() {
        connect(PLAIN.selectors(hex("0001"), hex("aabb")), PLAIN);

        assertThat(callingEnd.told).containsExactly("confirm");
        assertThat(called.callingSelector()).isEqualTo(hex("0001"));
        assertThat(called.calledSelector()).isEqualTo(hex("aabb"));
    }

    @Test
    void theOctetsOfARequestWithEverything() {
        calling = Rfc1006.initiator(PLAIN.tpduSize(2048).withExpedited().selectors(hex("0001"), hex("0002")), callingEnd);
        calling.opened(callingEnd);
        calling.connect();

        assertThat(HexFormat.of().formatHex(callingEnd.take())).isEqualTo(
                "03000019" + "14" + "e0" + "0000" + "0001" + "00" + "c0010b" + "c1020001" + "c2020002" + "c60101");
    }

    @Test
    void anUnknownSelectorIsRefusedWithAReason() {
        connect(PLAIN.selectors(hex("01"), hex("99")), PLAIN.selectors(hex(""), hex("02")));

        assertThat(callingEnd.told).containsExactly("the peer refused the transport connection: the called T-selector is unknown");
        assertThat(calledEnd.told).singleElement().asString().contains("another T-selector");
        assertThat(calledEnd.closed).isTrue();
    }

    @Test
    void ourSelectorAndNoSelectorAreAccepted() {
        connect(PLAIN.selectors(hex(""), hex("02")), PLAIN.selectors(hex(""), hex("02")));
        assertThat(callingEnd.told).containsExactly("confirm");
        callingEnd.told.clear();
        connect(PLAIN, PLAIN.selectors(hex(""), hex("02")));
        assertThat(callingEnd.told).containsExactly("confirm");
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true"})
    void theExpeditedFlowNeedsBothSides(boolean caller, boolean answerer) {
        connect(caller ? PLAIN.withExpedited() : PLAIN, answerer ? PLAIN.withExpedited() : PLAIN);

        assertThat(calling.expedited()).isFalse();
        assertThat(called.expedited()).isFalse();
        assertThatThrownBy(() -> calling.sendExpedited(hex("00"))).isInstanceOf(IllegalStateException.class);
        called.received(hex("0300000802108000"));
        assertThat(calledEnd.told).last().asString().contains("code 10 was not expected");
    }

    @Test
    void expeditedDataHasOneToSixteenOctets() {
        connect(PLAIN.withExpedited(), PLAIN.withExpedited());
        assertThat(calling.expedited() && called.expedited()).isTrue();

        calling.sendExpedited(ByteBuffer.allocate(16));
        called.received(ByteBuffer.wrap(callingEnd.take()));
        called.sendExpedited(ByteBuffer.allocate(1));
        calling.received(ByteBuffer.wrap(calledEnd.take()));

        assertThat(calledEnd.told).containsExactly("indication", "expedited 16");
        assertThat(callingEnd.told).containsExactly("confirm", "expedited 1");
        assertThatThrownBy(() -> calling.sendExpedited(ByteBuffer.allocate(17))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> calling.sendExpedited(ByteBuffer.allocate(0))).isInstanceOf(IllegalArgumentException.class);
        called.received(hex("03000018" + "021080" + "00".repeat(17)));
        assertThat(calledEnd.told).last().asString().contains("1 to 16 octets, not 17");
    }

    @Test
    void aMalformedTpduComesBackInAnErAndEndsTheConnection() {
        connect(PLAIN, PLAIN);

        called.received(hex("03000009" + "0499000000"));

        assertThat(HexFormat.of().formatHex(calledEnd.take())).isEqualTo("03000010" + "0b" + "70" + "0001" + "02" + "c105" + "0499000000");
        assertThat(calledEnd.closed).isTrue();
        calling.received(hex("03000010" + "0b" + "70" + "0001" + "02" + "c105" + "0499000000"));
        assertThat(callingEnd.told).last().isEqualTo("the peer reports a malformed TPDU: invalid TPDU type");
    }

    @Test
    void sizesAndSelectorsThatCannotBeSaidAreRefused() {
        for (int size : new int[] {1, 64, 100, 16_384}) {
            assertThatThrownBy(() -> PLAIN.tpduSize(size)).isInstanceOf(IllegalArgumentException.class);
        }
        PLAIN.selectors(ByteBuffer.allocate(32), ByteBuffer.allocate(32));
        assertThatThrownBy(() -> PLAIN.selectors(ByteBuffer.allocate(33), hex(""))).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuffer hex(String octets) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(octets));
    }
}
