package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Flow tokens of a server, seen, asked for and given back by commands.
@Timeout(300)
class TokensProcessTest {
    @TempDir
    Path folder;

    private static String[] tokens(Parleys parleys, String state, String address, String... more) {
        var line = new java.util.ArrayList<>(List.of(more));
        line.addAll(List.of("--state", parleys.at(state), "--json"));
        if (!address.isEmpty()) {
            line.addAll(List.of("--at", "alice@" + address, "--password-file", parleys.at("pw")));
        }
        line.addFirst("tokens");
        return line.toArray(String[]::new);
    }

    private static boolean isGranted(com.fasterxml.jackson.databind.JsonNode event) {
        return event.path("type").asText().equals("token") && event.path("state").asText().equals("granted");
    }

    @Test
    void aTokenIsHeldShownWaitedForAndGivenBack() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.addUser("alice");
            var address = parleys.serve("127.0.0.1:0").await("ready").path("address").asText();
            var holder = parleys.process(tokens(parleys, "C", address, "request", "--class", "video", "--priority", "3"));
            holder.await(TokensProcessTest::isGranted);

            var shown = parleys.run(tokens(parleys, "C2", address)).await(e -> e.path("class").asText().equals("video"));
            assertThat(shown.path("capacity").asInt()).isEqualTo(1);
            assertThat(shown.path("holders").path(0).path("priority").asInt()).isEqualTo(3);
            var impatient = parleys.run(tokens(parleys, "C2", address, "request", "--class", "video", "--no-wait"));
            assertThat(impatient.exit()).as(impatient.toString()).isEqualTo(75);

            var waiting = parleys.process(tokens(parleys, "C3", address, "request", "--class", "video", "--priority", "9"));
            var place = waiting.await("token");
            assertThat(place.path("state").asText()).isEqualTo("waiting");
            assertThat(place.path("place").asInt()).isEqualTo(1);
            holder.await(e -> e.path("state").asText().equals("asked"));
            assertThat(parleys.run(tokens(parleys, "C", "", "yield", "--class", "bulk")).exit()).isEqualTo(1);
            var given = parleys.run(tokens(parleys, "C", "", "yield", "--class", "video"));
            assertThat(given.exit()).as(given.toString()).isZero();
            assertThat(holder.exit()).as(holder.toString()).isEqualTo(143);
            waiting.await(TokensProcessTest::isGranted);

            assertThat(parleys.run(tokens(parleys, "C", "", "yield", "--class", "video")).exit()).as("given already").isEqualTo(1);
            waiting.kill();
            assertThat(parleys.run(tokens(parleys, "C2", address, "request", "--class", "none at all")).exit()).isEqualTo(2);
            assertThat(parleys.run(tokens(parleys, "C3", "", "yield", "--class", "video")).exit()).as("it was killed").isEqualTo(1);
        }
    }

    @Test
    void withoutAServerItIsAskedWhichOne() throws Exception {
        try (var parleys = new Parleys(folder)) {
            var run = parleys.run(tokens(parleys, "C", "", "ls"));

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.words()).contains("--at");
        }
    }
}
