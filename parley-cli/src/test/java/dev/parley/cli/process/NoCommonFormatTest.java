package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call that would be silent fails on both sides.
@Timeout(300)
class NoCommonFormatTest extends WithParleys {
    /// Its pictures have one, so it goes on: whoever hears nothing is told why.
    @ParameterizedTest
    @ValueSource(strings = {"", "--slow-start"})
    void aCallWithPicturesAloneSaysThatItHasNoSound(String style) throws Exception {
        var film = Files.write(folder.resolve("film.h264"), Film.of(50)).toString();
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--codec", "ulaw", "--play", "tone", "--calls", "1", "--video-out",
                parleys.at("seen.h264"), "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();
        var all = new ArrayList<>(List.of("call", there, "--codec", "alaw", "--video-in", film, "--json"));
        all.addAll(style.isEmpty() ? List.of() : List.of(style));

        var call = parleys.run(all.toArray(String[]::new));

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(call.words()).contains("no common format for audio: this side has G.711 A-law, the other side takes G.711 mu-law");
        assertThat(bob.words()).contains("no common format for audio: this side has G.711 mu-law, the other side takes G.711 A-law");
        for (var side : List.of(call, bob)) {
            assertThat(side.told("no-format")).singleElement().satisfies(e -> assertThat(e.path("kind").asText()).isEqualTo("audio"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--no-tunnel", "--slow-start", "--slow-start --no-tunnel"})
    void aCallOfTwoThatHaveNoFormatInCommonIsBrokenOff(String style) throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--codec", "ulaw", "--calls", "1", "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();
        var all = new ArrayList<>(List.of("call", there, "--codec", "alaw", "--play", "tone", "--json"));
        all.addAll(style.isEmpty() ? List.of() : List.of(style.split(" ")));

        var call = parleys.run(all.toArray(String[]::new));

        assertThat(call.exit()).as(call.toString()).isEqualTo(10);
        assertThat(bob.exit()).as(bob.toString()).isEqualTo(10);
        var ends = List.of(call.await("ended"), bob.await("ended"));
        assertThat(ends).allSatisfy(e -> assertThat(e.path("cause").asInt()).isEqualTo(88));
        assertThat(ends).allSatisfy(e -> assertThat(e.path("reason").asText()).isEqualTo("noCommonFormat"));
        assertThat(ends).allSatisfy(e -> assertThat(e.path("words").asText()).contains("no common format: this side has G.711 "));
        assertThat(ends).anySatisfy(e -> assertThat(e.path("words").asText()).contains("the other side takes"));
    }
}
