package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of two sides that prefer different formats.
@Timeout(120)
class SymmetricSettingsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 60);
    private static final Capability ULAW = Capability.audio(Codec.G711_ULAW, 60);

    private static Settings settings(String name, Capability... formats) {
        return Settings.of(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .with(new CallConfig.Style(false, true, false)).with(List.of(formats));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothDirectionsHaveOneFormatWhenTheCallerWantsItSo(boolean symmetric) throws Exception {
        Set<Codec> codecs = ConcurrentHashMap.newKeySet();
        var both = new CountDownLatch(2);
        var caller = symmetric ? settings("alice", ALAW, ULAW).withSymmetricFormats() : settings("alice", ALAW, ULAW);
        try (var bob = H323Endpoint.open(settings("bob", ULAW, ALAW), call -> call.answer(CallMedia.sound(Tone.silence(), _ -> { })));
                var alice = H323Endpoint.open(caller, _ -> { })) {
            var call = alice.call(bob.address(), List.of("bob"), CallMedia.sound(Tone.silence(), _ -> { }), effect -> {
                if (effect instanceof Effect.SendMedia send && send.kind() == Codec.Kind.AUDIO) {
                    codecs.add(send.format().codec());
                    both.countDown();
                } else if (effect instanceof Effect.ReceiveMedia receive && receive.kind() == Codec.Kind.AUDIO) {
                    codecs.add(receive.format().codec());
                    both.countDown();
                }
            });

            assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
            call.release();
        }

        assertThat(codecs).hasSize(symmetric ? 1 : 2);
    }
}
