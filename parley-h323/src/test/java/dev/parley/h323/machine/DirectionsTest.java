package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Capability.Use;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.H263Sizes;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Formats for one direction only, and films, which are sent as they are or not at all.
class DirectionsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability SCREEN = Capability.h264(64 | 8, 71, 20_000).used(Use.RECEIVE);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static Capability film(int profile, int level, int rate) {
        return Capability.h264(profile, level, rate).used(Use.RECORDED);
    }

    private static CallPair talking(Style style, Capability callers, Capability callees) {
        var pair = new CallPair(CallPair.config(1, style, CallPair.toCallee(), 1, ALAW, callers),
                CallPair.config(2, style, Optional.empty(), 1, ALAW, callees), 1);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    private static List<Capability> sends(CallPair.End end, Codec.Kind kind) {
        return end.seen(Effect.SendMedia.class).stream().filter(m -> m.kind() == kind).map(Effect.SendMedia::format).toList();
    }

    private static List<Effect.TooMuch> refused(CallPair.End end) {
        return end.seen(Effect.TooMuch.class);
    }

    /// Profile, level and rate at what the peer takes and one beyond.
    @ParameterizedTest
    @CsvSource({"64, 71, 20000, true", "8, 15, 1, true", "32, 71, 20000, false", "64, 78, 20000, false", "64, 71, 20001, false"})
    void aFilmIsSentAsItIsOrNotAtAll(int profile, int level, int rate, boolean sent) {
        for (var style : List.of(Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, Style.FAST_TUNNELLED)) {
            var pair = talking(style, film(profile, level, rate), SCREEN);

            assertThat(sends(pair.caller, Codec.Kind.AUDIO)).hasSize(1);
            assertThat(sends(pair.caller, Codec.Kind.VIDEO)).as("%s", style).hasSize(sent ? 1 : 0);
            assertThat(refused(pair.caller)).hasSize(sent ? 0 : 1);
            assertThat(pair.callee.seen(Effect.ReceiveMedia.class)).hasSize(sent ? 2 : 1);
            assertThat(sends(pair.callee, Codec.Kind.VIDEO)).isEmpty();
        }
    }

    @Test
    void theCalleesFilmIsRefusedToo() {
        for (var style : List.of(Style.SLOW_SEPARATE, Style.FAST_TUNNELLED)) {
            assertThat(refused(talking(style, SCREEN, film(8, 85, 31_000)).callee)).extracting(Effect.TooMuch::words)
                    .containsExactly("the film is H.264 high, level 4, 3100 kbit/s, but the other side takes "
                            + "H.264 baseline or high, level 3.1, 2000 kbit/s");
            assertThat(sends(talking(style, SCREEN, film(8, 71, 20_000)).callee, Codec.Kind.VIDEO)).hasSize(1);
        }
    }

    /// The film is CIF at 29.97 pictures a second, 500 kbit/s: as much, more, one less of each.
    @ParameterizedTest
    @CsvSource({"0, 0, 1, 0, 0, 5000, ''", "1, 1, 1, 1, 1, 9999, ''", "1, 1, 0, 1, 1, 5000, 'sub-QCIF, QCIF, 4CIF, 16CIF, 500 kbit/s'",
        "0, 1, 2, 0, 0, 5000, 'QCIF, CIF up to 15.0/s, 500 kbit/s'", "0, 1, 1, 0, 0, 4999, 'QCIF, CIF, 500 kbit/s'"})
    void aFilmOfH263IsSentInItsSizeOrNotAtAll(int subQcif, int qcif, int cif, int cif4, int cif16, int rate, String takes) {
        var film = Capability.h263(new H263Sizes(0, 0, 1, 0, 0), 5000).used(Use.RECORDED);
        var screen = Capability.h263(new H263Sizes(subQcif, qcif, cif, cif4, cif16), rate).used(Use.RECEIVE);
        for (var style : List.of(Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE, Style.FAST_TUNNELLED)) {
            var pair = talking(style, film, screen);

            assertThat(sends(pair.caller, Codec.Kind.VIDEO).stream().map(c -> c.used(Use.RECORDED)).toList())
                    .isEqualTo(takes.isEmpty() ? List.of(film) : List.of());
            assertThat(refused(pair.caller).stream().map(Effect.TooMuch::words).toList()).isEqualTo(takes.isEmpty() ? List.of()
                    : List.of("the film is H.263 CIF, 500 kbit/s, but the other side takes H.263 " + takes));
        }
    }

    /// What can become less does.
    @Test
    void picturesOfACameraBecomeWhatThePeerTakes() {
        var pair = talking(Style.SLOW_TUNNELLED, Capability.h264(64, 85, 31_000).used(Use.TRANSMIT), SCREEN);

        assertThat(sends(pair.caller, Codec.Kind.VIDEO)).containsExactly(Capability.h264(64, 71, 20_000).used(Use.TRANSMIT));
        assertThat(refused(pair.caller)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerWithoutPicturesIsNoReasonToEndTheCall(boolean otherCodec) {
        var pair = talking(Style.SLOW_TUNNELLED, film(64, 71, 20_000), otherCodec ? Capability.h263(5000) : ALAW);

        assertThat(refused(pair.caller)).isEmpty();
        assertThat(pair.caller.noted("no common format for video")).isTrue();
    }

    @Test
    void theCapabilitySetTellsTheDirections() {
        var set = talking(Style.SLOW_SEPARATE, film(64, 71, 9), SCREEN).caller.sent("terminalCapabilitySet").getFirst();

        assertThat(set.listAt("capabilityTable").stream().map(e -> e.chosenAt("capability").orElseThrow()))
                .containsExactly("receiveAudioCapability", "transmitVideoCapability", "receiveUserInputCapability", "receiveUserInputCapability");
        assertThat(set.listAt("capabilityDescriptors").getFirst().listAt("simultaneousCapabilities")).hasSize(3);
        assertThat(Pdu.H245.decode(Pdu.H245.encode(Controls.request("terminalCapabilitySet", set)))).isNotNull();
    }

    @Test
    void aChannelForWhatWeOnlyTransmitIsRefused() {
        var pair = talking(Style.SLOW_SEPARATE, film(64, 71, 20_000), SCREEN);
        pair.caller.does(new Event.Control(Pdu.H245.encode(Controls.request("openLogicalChannel",
                Controls.openChannel(77, Capability.h264(64, 71, 20_000), CallPair.address(2, 5003))))));

        assertThat(pair.caller.sent("openLogicalChannelReject").getLast().chosenAt("cause")).hasValue("dataTypeNotSupported");
    }

    /// CustomMaxMBPS and CustomMaxFS: what 720p needs (108,000 and 3,600 macroblocks), and one less of each.
    @ParameterizedTest
    @CsvSource({"216, 15, 71", "215, 15, 64", "216, 14, 64", "0, 0, 36", "1, 1, 43"})
    void aDecoderMayReachMoreThanItsLevel(int speed, int size, int level) {
        var parameters = List.of(parameter(41, "booleanArray", 64), parameter(42, "unsignedMin", 36), parameter(3, "unsigned32Min", speed),
                parameter(4, "unsigned32Min", size));
        var generic = Value.choice("genericVideoCapability", Value.struct().with("capabilityIdentifier",
                Value.choice("standard", Value.oid("0.0.8.241.0.0.1"))).with("maxBitRate", 100).with("collapsing", parameters));

        assertThat(Capability.of(generic)).hasValue(Capability.h264(64, level, 100));
    }

    private static Value parameter(int number, String kind, int value) {
        return Value.struct().with("parameterIdentifier", Value.choice("standard", Value.number(number)))
                .with("parameterValue", Value.choice(kind, Value.number(value)));
    }
}
