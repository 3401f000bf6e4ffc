package dev.parley.cli.h323;

import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.rtp.RtpFigures;
import dev.parley.h323.wire.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a call fares, in one line of the terminal: what does not fit is shortened or left out, first formats, then numbers of packets; the
/// state, loss, jitter and the round trip stay.
///
/// @param state such as `connected`
/// @param since for how long, where that is of interest
/// @param sends the codecs that go to the other side
/// @param sound once there is something to say about it
/// @param roundTrip of sound, or of H.245
/// @param pictures once there are any
record StateLine(String state, Optional<Duration> since, List<Codec> sends, List<Codec> receives, Optional<RtpFigures> sound,
        Optional<Duration> roundTrip, Optional<MediaFigures> pictures) {
    /// The fullest line that a terminal of so many columns has room for; the last column is the cursor's.
    String fit(int columns) {
        var lines = lines();
        return lines.stream().filter(line -> line.length() < columns).findFirst()
                .orElseGet(() -> lines.getLast().substring(0, Math.min(lines.getLast().length(), columns - 1)));
    }

    /// The fuller ones first.
    private List<String> lines() {
        var words = state + since.map(s -> ", " + s.toSeconds() + " s").orElse("");
        if (sound.isEmpty()) {
            return List.of(words + allOfPictures(), words + qualityOfPictures(), words + lossOfPictures(), words, state);
        }
        var rtp = sound.get();
        var quality = String.format(Locale.ROOT, "loss %.1f %%, jitter %.1f ms", 100 * rtp.loss(), millis(rtp.jitter()))
                + roundTrip.map(t -> ", round trip " + t.toMillis() + " ms").orElse("");
        var counted = words + ": " + rtp.packetsReceived() + " packets, " + quality;
        var shorter = words + ": " + quality;
        var shortest = state + String.format(Locale.ROOT, rtp.loss() < 0.1 ? " loss %.1f%%" : " loss %.0f%%", 100 * rtp.loss())
                + String.format(Locale.ROOT, " jit %.0f", millis(rtp.jitter())) + roundTrip.map(t -> " rtt " + t.toMillis()).orElse("") + " ms";
        return List.of(words + ": " + formats() + ", " + rtp.packetsReceived() + " packets, " + quality + allOfPictures(), counted + allOfPictures(),
                counted + qualityOfPictures(), counted + lossOfPictures(), shorter + lossOfPictures(), shortest + lossOfPictures(), shorter,
                shortest);
    }

    private String formats() {
        return sends.isEmpty() || !sends.equals(receives)
                ? "sends " + names(sends) + ", receives " + names(receives) : names(sends) + " both ways";
    }

    private static String names(List<Codec> codecs) {
        return codecs.isEmpty() ? "nothing" : codecs.stream().map(Codec::toString).collect(Collectors.joining(" and "));
    }

    private String allOfPictures() {
        return pictures.map(p -> String.format(Locale.ROOT, "; pictures: %d packets sent, %d received, loss %.1f %%, jitter %.1f ms, %d damaged",
                p.rtp().packetsSent(), p.rtp().packetsReceived(), 100 * p.rtp().loss(), millis(p.rtp().jitter()), p.damagedPictures())).orElse("");
    }

    private String qualityOfPictures() {
        return pictures.map(p -> String.format(Locale.ROOT, "; pictures: loss %.1f %%, jitter %.1f ms, %d damaged", 100 * p.rtp().loss(),
                millis(p.rtp().jitter()), p.damagedPictures())).orElse("");
    }

    private String lossOfPictures() {
        return pictures.map(p -> String.format(Locale.ROOT, "; pictures: loss %.1f %%", 100 * p.rtp().loss())).orElse("");
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
