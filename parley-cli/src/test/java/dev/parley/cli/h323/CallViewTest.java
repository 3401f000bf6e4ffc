package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Peer;
import dev.parley.api.Side;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.rtp.RtpFigures;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the state line of a call says.
class CallViewTest {
    private static final Capability SOUND = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability PICTURES = Capability.h263(20_000);
    private static final TransportAddress THERE = new TransportAddress(Octets.ofHex("7f000001"), 5004);
    private static final Optional<RtpFigures> FIGURES =
            Optional.of(new RtpFigures(60, 9_600, 50, 0, Duration.ZERO, Optional.empty(), Optional.empty(), false));

    private static final Optional<RtpFigures> NOTHING =
            Optional.of(new RtpFigures(0, 0, 0, 0, Duration.ZERO, Optional.empty(), Optional.empty(), false));

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final OutputOptions output = new OutputOptions();
    private final CallView view = new CallView(output);

    CallViewTest() {
        output.speakInto(told, said);
    }

    private String line(int seconds, Optional<RtpFigures> figures) {
        return line(seconds, figures, Optional.empty());
    }

    private String line(int seconds, Optional<RtpFigures> figures, Optional<MediaFigures> pictures) {
        return view.line(Duration.ofSeconds(seconds), figures, pictures).fit(500);
    }

    private void sends(Capability format) {
        view.saw(new Effect.SendMedia(format.codec().kind(), format, THERE, Optional.empty(), 8));
    }

    private void receives(Capability format) {
        view.saw(new Effect.ReceiveMedia(format.codec().kind(), format, Optional.empty(), 8));
    }

    @Test
    void untilItIsAnsweredItSaysForHowLongItRings() {
        assertThat(line(2, Optional.empty())).isEqualTo("calling, 2 s");

        view.saw(new Effect.Ringing());

        assertThat(line(7, Optional.empty())).isEqualTo("ringing, 7 s");
        assertThat(line(7, FIGURES)).as("announcements of a network").startsWith("ringing, 7 s: sends nothing, receives nothing, 50 packets");

        assertThat(line(7, NOTHING)).isEqualTo("ringing, 7 s");

        view.saw(new Effect.Connected(Optional.empty()));

        assertThat(line(8, NOTHING)).startsWith("connected: sends nothing, receives nothing, 0 packets");
        assertThat(line(8, Optional.empty())).isEqualTo("connected");
    }

    @Test
    void namesOfACallerAreSaidOnce() {
        assertThat(CallView.calls(new Peer("192.0.2.7:1720", "alice"), List.of("alice"))).isEqualTo("alice at 192.0.2.7:1720 calls");
        assertThat(CallView.calls(new Peer("192.0.2.7:1720", "Alice"), List.of("alice", "1001")))
                .isEqualTo("Alice at 192.0.2.7:1720 calls (alice, 1001)");
        assertThat(CallView.calls(new Peer("192.0.2.7:1720", ""), List.of())).isEqualTo("192.0.2.7:1720 calls");
    }

    @Test
    void anEndIsInWordsForPeopleAndByTheNamesOfTheStandardsForPrograms() {
        var end = new CallEnd.Cleared(Side.REMOTE, Cause.CONGESTION, Optional.of("gatewayResources"), false);

        assertThat(CallView.told(end, Terminal.event("ended")).toString()).isEqualTo(
                "{\"type\":\"ended\",\"words\":\"congestion (the other side has no room for the call)\","
                + "\"cause\":42,\"reason\":\"gatewayResources\"}");
        assertThat(CallView.told(new CallEnd.Lost("gone"), Terminal.event("ended")).toString()).isEqualTo("{\"type\":\"ended\",\"words\":\"gone\"}");
    }

    @Test
    void ofAReasonThatHasMoreWordsAProgramIsToldTheName() {
        var end = new CallEnd.Cleared(Side.LOCAL, Cause.INCOMPATIBLE, Optional.of("filmNotTaken: it is too large"), true);

        assertThat(CallView.told(end, Terminal.event("ended")).toString()).isEqualTo("{\"type\":\"ended\","
                + "\"words\":\"incompatible destination (the film is not for the other side: it is too large)\","
                + "\"cause\":88,\"reason\":\"filmNotTaken\"}");
    }

    private static MediaFigures pictures(long sent, long received) {
        return new MediaFigures(new RtpFigures(sent, 0, received, 1, Duration.ofMillis(2), Optional.empty(), Optional.empty(), false),
                Optional.empty(), 0, 0, 0, 3);
    }

    @Test
    void picturesHaveFiguresOfTheirOwn() {
        view.saw(new Effect.Connected(Optional.empty()));

        assertThat(line(0, FIGURES, Optional.of(pictures(7, 99)))).endsWith(
                "jitter 0.0 ms; pictures: 7 packets sent, 99 received, loss 1.0 %, jitter 2.0 ms, 3 damaged");
        assertThat(line(0, FIGURES, Optional.of(pictures(0, 0)))).as("none came or went").endsWith("jitter 0.0 ms");
        var sound = new MediaFigures(FIGURES.orElseThrow(), Optional.empty(), 0, 0, 0, 0);
        assertThat(CallView.figures("figures", sound, Optional.of(pictures(7, 99))).toString()).isEqualTo(
                "{\"type\":\"figures\",\"packetsSent\":60,\"packetsReceived\":50,\"packetsLost\":0,\"jitterMilliseconds\":0.0,"
                + "\"video\":{\"packetsSent\":7,\"packetsReceived\":99,\"packetsLost\":1,\"jitterMilliseconds\":2.0,\"damagedPictures\":3}}");
        assertThat(CallView.figures("figures", sound, Optional.empty()).has("video")).isFalse();
    }

    @Test
    void formatsAreInWordsForPeopleAndByTheirNamesForPrograms() {
        new CommandLine(output).parseArgs("--json", "-v");
        var other = Capability.audio(Codec.G711_ULAW, 60);

        sends(SOUND);
        receives(SOUND);
        view.saw(new Effect.NoFormat(Codec.Kind.AUDIO, List.of(SOUND), List.of(other)));
        output.terminal().drain();

        assertThat(said.toString(StandardCharsets.UTF_8).lines()).containsExactly("sends G.711 A-law to 127.0.0.1:5004", "receives G.711 A-law",
                "no common format for audio: this side has G.711 A-law, the other side takes G.711 mu-law");
        assertThat(told.toString(StandardCharsets.UTF_8).lines()).containsExactly(
                "{\"type\":\"sending\",\"kind\":\"audio\",\"codec\":\"G711_ALAW\",\"to\":\"127.0.0.1:5004\"}",
                "{\"type\":\"receiving\",\"kind\":\"audio\",\"codec\":\"G711_ALAW\"}",
                "{\"type\":\"no-format\",\"kind\":\"audio\",\"has\":[\"G711_ALAW\"],\"takes\":[\"G711_ULAW\"]}");
    }

    @Test
    void soundAndPicturesHaveTheirOwnCodecsUntilTheyStop() {
        view.saw(new Effect.Connected(Optional.empty()));
        receives(PICTURES);
        receives(SOUND);
        sends(SOUND);
        sends(PICTURES);

        assertThat(line(1, FIGURES)).startsWith("connected: G.711 A-law and H.263 both ways, 50 packets, loss 0.0 %, jitter 0.0 ms");

        view.saw(new Effect.StopSending(Codec.Kind.VIDEO));
        view.saw(new Effect.StopReceiving(Codec.Kind.AUDIO));

        assertThat(line(1, FIGURES)).startsWith("connected: sends G.711 A-law, receives H.263, 50");
    }
}
