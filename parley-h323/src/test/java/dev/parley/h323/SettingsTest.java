package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An endpoint offers only what it can send and play.
class SettingsTest {
    private static final Settings SETTINGS = Settings.of("alice", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    @ParameterizedTest
    @EnumSource(value = Codec.class, names = {"G722", "G729", "G729A", "H261"})
    void aFormatThatNothingCodesIsNotOffered(Codec codec) {
        var offered = List.of(codec.kind() == Codec.Kind.AUDIO ? Capability.audio(codec, 20) : new Capability(codec, 0, 1000, 0, 0, false));

        assertThatThrownBy(() -> SETTINGS.with(offered)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(codec + " cannot be coded here");
    }

    @Test
    void bothLawsOfG711AreOfferedUnlessSomethingElseIsSaid() {
        assertThat(SETTINGS.capabilities()).extracting(Capability::codec).containsExactly(Codec.G711_ALAW, Codec.G711_ULAW);
    }
}
