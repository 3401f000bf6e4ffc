package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.rtp.RtpFigures;
import dev.parley.h323.wire.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What of the state line of a call is left on narrow terminals.
class StateLineTest {
    private static final List<Codec> ALAW = List.of(Codec.G711_ALAW);
    private static final List<Codec> ULAW = List.of(Codec.G711_ULAW);
    private static final Optional<Duration> TRIP = Optional.of(Duration.ofMillis(123));

    private static RtpFigures rtp(long received, long lost, Duration jitter) {
        return new RtpFigures(7, 0, received, lost, jitter, Optional.empty(), Optional.empty(), false);
    }

    private static MediaFigures pictures(RtpFigures rtp, long damaged) {
        return new MediaFigures(rtp, Optional.empty(), 0, 0, 0, damaged);
    }

    private static StateLine line(String state, Optional<Duration> since, List<Codec> receives, RtpFigures sound, Optional<MediaFigures> pictures) {
        return new StateLine(state, since, ALAW, receives, Optional.of(sound), TRIP, pictures);
    }

    private static StateLine connected(Optional<MediaFigures> pictures) {
        return line("connected", Optional.empty(), ULAW, rtp(995, 5, Duration.ofNanos(1_260_000)), pictures);
    }

    @ParameterizedTest
    @CsvSource({
        "140, 'connected: sends G.711 A-law, receives G.711 mu-law, 995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "100, 'connected: 995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "80, 'connected: 995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "69, 'connected: 995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "68, 'connected: loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "57, 'connected: loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "56, 'connected: loss 0.5 %, jitter 1.3 ms, round trip 123 ms'",
        "55, 'connected loss 0.5% jit 1 rtt 123 ms'",
        "40, 'connected loss 0.5% jit 1 rtt 123 ms'",
    })
    void lossJitterAndRoundTripStay(int columns, String shown) {
        assertThat(connected(Optional.empty()).fit(columns)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "150, '995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms; pictures: 7 packets sent, "
            + "99 received, loss 1.0 %, jitter 2.0 ms, 3 damaged'",
        "140, '995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms; pictures: loss 1.0 %, jitter 2.0 ms, 3 damaged'",
        "100, '995 packets, loss 0.5 %, jitter 1.3 ms, round trip 123 ms; pictures: loss 1.0 %'",
        "80, 'loss 0.5 %, jitter 1.3 ms, round trip 123 ms; pictures: loss 1.0 %'",
    })
    void ofPicturesTheLossStays(int columns, String shown) {
        assertThat(connected(Optional.of(pictures(rtp(99, 1, Duration.ofMillis(2)), 3))).fit(columns)).isEqualTo("connected: " + shown);
    }

    @ParameterizedTest
    @CsvSource({"100, 'connected: G.711 A-law both ways, 50 packets, loss 0.0 %, jitter 0.0 ms, round trip 123 ms'",
        "40, connected loss 0.0% jit 0 rtt 123 ms"})
    void oneFormatForBothDirectionsIsSaidOnce(int columns, String shown) {
        assertThat(line("connected", Optional.empty(), ALAW, rtp(50, 0, Duration.ZERO), Optional.empty()).fit(columns)).isEqualTo(shown);
    }

    @Test
    void theWorstFiguresHaveRoomIn40Columns() {
        var worst = new StateLine("connected", Optional.empty(), ALAW, ALAW, Optional.of(rtp(0, 1, Duration.ofMillis(999))),
                Optional.of(Duration.ofMillis(9_999)), Optional.empty());

        assertThat(worst.fit(40)).isEqualTo("connected loss 100% jit 999 rtt 9999 ms");
    }

    @Test
    void noLineReachesTheEndOfTheTerminal() {
        var sounds = List.of(rtp(0, 0, Duration.ZERO), rtp(1_234_567, 987_654, Duration.ofMillis(1_234)));
        for (var since : List.of(Optional.<Duration>empty(), Optional.of(Duration.ofMinutes(60)))) {
            var lines = sounds.stream().flatMap(sound -> Stream.of(
                    line("proceeding", since, ULAW, sound, Optional.empty()),
                    line("proceeding", since, List.of(), sound, Optional.of(pictures(sound, 99_999))),
                    new StateLine("proceeding", since, List.of(), List.of(), Optional.empty(), TRIP, Optional.of(pictures(sound, 99_999))))).toList();
            for (var line : lines) {
                IntStream.range(20, 200).forEach(columns -> assertThat(line.fit(columns)).startsWith("proceeding").hasSizeLessThan(columns));
            }
        }
    }
}
