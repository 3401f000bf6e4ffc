package dev.parley.netbios.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NetbiosNameTest {
    private static NetbiosName decode(ByteBuffer octets) {
        return new PacketReader(octets, "test").name();
    }

    private static String letters(NetbiosName name) {
        return new String(new PacketWriter().name(name).toBuffer().array(), 1, 32, StandardCharsets.US_ASCII);
    }

    @Test
    void theFirstLevelEncodingIsTheCapturedOne() {
        assertThat(letters(NetbiosName.of("nbtsrv", 0x20))).isEqualTo("EOECFEFDFCFGCACACACACACACACACACA");
        assertThat(letters(NetbiosName.WILDCARD)).isEqualTo("CK" + "A".repeat(30));
    }

    @Test
    void namesOfEveryLengthAndScopeComeBack() {
        for (var name : new NetbiosName[] {
            NetbiosName.of("A", 0), NetbiosName.of("FIFTEEN-OCTETS-", 0xFF), NetbiosName.MASTER_BROWSERS, NetbiosName.WILDCARD,
            new NetbiosName("a b", 0x20, "netbios.example"), new NetbiosName(" \u00E4", 3, "x"),
            new NetbiosName("LONG", 0, "a".repeat(63) + "." + "b".repeat(63) + "." + "c".repeat(63) + "." + "d".repeat(28))}) {
            var octets = new PacketWriter().name(name).toBuffer();
            assertThat(octets.remaining()).isLessThanOrEqualTo(255);
            assertThat(decode(octets)).isEqualTo(name);
        }
    }

    @Test
    void limitsHoldAndOneBeyondIsRefused() {
        assertThatThrownBy(() -> NetbiosName.of("SIXTEEN-OCTETS-X", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NetbiosName.of("   ", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NetbiosName("A", 256, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NetbiosName("A", 0, "x".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NetbiosName("A", 0, "a..b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NetbiosName("A", 0, ("a".repeat(63) + ".").repeat(3) + "d".repeat(29)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NetbiosName("\u20AC", 0, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readableFormsAreReadAndWritten() {
        assertThat(NetbiosName.parse("server", 0x20)).hasToString("SERVER<20>");
        assertThat(NetbiosName.parse("server#1c", 0x20)).hasToString("SERVER<1C>");
        assertThat(NetbiosName.parse("Server<03>.corp.example", 0)).hasToString("SERVER<03>.corp.example");
        assertThat(NetbiosName.MASTER_BROWSERS).hasToString("..__MSBROWSE__.<01>");
        assertThat(NetbiosName.WILDCARD).hasToString("*<00>");
        for (var wrong : new String[] {"A#", "A#1", "A#XY", "A<20", "A<2>", "A#20x", "A<20>x", "", "#20"}) {
            assertThatThrownBy(() -> NetbiosName.parse(wrong, 0)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void pointersLeadBackwardsOnly() {
        var name = new PacketWriter().name(NetbiosName.of("HOST", 0)).toBuffer();
        var packet = ByteBuffer.allocate(name.remaining() + 2).put(name).putShort((short) 0xC000).flip();
        var in = new PacketReader(packet, "test");
        assertThat(in.name()).isEqualTo(in.name());
        assertThat(in.remaining()).isZero();

        assertThatThrownBy(() -> decode(ByteBuffer.wrap(new byte[] {(byte) 0xC0, 0}))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> decode(ByteBuffer.wrap(new byte[] {(byte) 0xC0, 9, 0, 0}))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> decode(ByteBuffer.wrap(new byte[] {0x40, 9, 0, 0}))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void suffixesAreDescribed() {
        assertThat(Suffix.describe(0x20)).isEqualTo("file server");
        assertThat(Suffix.describe(0x77)).isEqualTo("suffix 77");
    }
}
