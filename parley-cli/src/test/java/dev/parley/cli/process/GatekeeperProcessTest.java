package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.h323.gatekeeper.Gatekeeper;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Gatekeepers that end calls, die in the middle of them, or have a second one beside them.
@Tag("slow")
@Timeout(300)
class GatekeeperProcessTest extends WithParleys {
    private Parleys.Child gatekeeper(String... more) throws IOException {
        return parleys.process(with(more, "gatekeeper", "--listen", "127.0.0.1:0", "--no-multicast", "--json"));
    }

    private static String[] with(String[] more, String... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String address(Running gatekeeper) throws InterruptedException {
        return "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
    }

    private Running answer(String name, String gatekeeper) {
        return parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--name", name, "--gatekeeper", gatekeeper, "--calls", "2", "--json");
    }

    @Test
    void theGatekeeperEndsACallThatIsTooLong() throws Exception {
        var gatekeeper = gatekeeper("--longest-call", "1s");
        var there = address(gatekeeper);
        var bob = answer("bob", there);
        gatekeeper.await("registered");

        var call = parleys.run("call", "bob", "--gatekeeper", there, "--name", "alice", "--play", "tone", "--video-out",
                folder.resolve("film.h264").toString(), "--json");

        assertThat(call.exit()).as(call.toString()).isEqualTo(10);
        // Both ends are told to end it; the one that hears of it second may see it ended by the other.
        assertThat(call.await("ended").path("words").asText() + bob.await("ended").path("words").asText())
                .contains("the gatekeeper wants the call to end");
        var ended = gatekeeper.await("call-ended");
        assertThat(ended.path("reason").asText()).isEqualTo("forcedDrop");
        assertThat(ended.path("bandwidth").asLong()).as("sound both ways, and pictures that come").isEqualTo(2 * 64_000 + 2_000_000);
    }

    @Test
    void aGatekeeperThatDiesInACallIsAWarningAndNotItsResult() throws Exception {
        var gatekeeper = gatekeeper();
        var there = address(gatekeeper);
        var bob = answer("bob", there);
        gatekeeper.await("registered");

        var call = parleys.thread("call", "bob", "--gatekeeper", there, "--name", "alice", "--play", "tone", "--duration", "1s", "--json");
        call.await("sending");
        gatekeeper.kill();

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(call.words()).contains("the gatekeeper was not told of the end of the call");
        assertThat(bob.await("ended").path("words").asText()).contains("normal");
    }

    /// Of a routed call the signalling is lost with it; the caller comes back by itself, and nothing of the sound is missing.
    @Test
    void aRoutedCallOutlivesItsGatekeeperAndGetsItsSignallingBack() throws Exception {
        var sound = SoundFile.write(folder.resolve("said.wav"), 200, 7);
        var gatekeeper = gatekeeper("--routed", "--signalling-port", "0");
        var there = address(gatekeeper);
        var bob = parleys.process("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--gatekeeper", there, "--calls", "1",
                "--record", parleys.at("heard.wav"), "--json");
        gatekeeper.await("registered");

        var call = parleys.process("call", "bob", "--gatekeeper", there, "--name", "alice", "--play", parleys.at("said.wav"), "--json");
        call.await(e -> e.path("type").asText().equals("figures") && e.path("packetsSent").asInt() > 20);
        gatekeeper.kill();
        for (var side : List.of(call, bob)) {
            side.await("signalling-lost");
            side.await("signalling-back");
        }

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(bob.await("ended").path("packetsLost").asInt()).isZero();
        assertThat(SoundFile.read(folder.resolve("heard.wav"))).isEqualTo(sound);
    }

    @ParameterizedTest
    @CsvSource({"h264, --slow-start", "h263, --no-tunnel", "h264, --parallel"})
    void aFilmArrivesPictureByPictureThroughAGatekeeperThatRoutes(String format, String style) throws Exception {
        var film = Files.write(folder.resolve("film." + format), format.equals("h264") ? Film.of(50) : Film.h263(50));
        var seen = folder.resolve("seen." + format);
        var gatekeeper = gatekeeper("--routed", "--signalling-port", "0");
        var there = address(gatekeeper);
        var bob = parleys.process("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--gatekeeper", there, "--calls", "1",
                "--video-out", seen.toString(), "--json");
        gatekeeper.await("registered");

        var call = parleys.run("call", "bob", "--gatekeeper", there, "--name", "alice", style, "--video-in", film.toString(), "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
        assertThat(seen).hasSameBinaryContentAs(film);
        assertThat(gatekeeper.await("call-ended").path("routed").asBoolean()).isTrue();
        var pictures = bob.await("ended").path("video");
        assertThat(pictures.path("packetsReceived").asInt()).isEqualTo(call.await("ended").path("video").path("packetsSent").asInt()).isPositive();
        assertThat(pictures.path("packetsLost").asInt() + pictures.path("damagedPictures").asInt()).isZero();
    }

    @Test
    void theSecondGatekeeperTakesOverWhenTheFirstOneIsKilled() throws Exception {
        var second = gatekeeper("--id", "second");
        var secondAt = address(second);
        var first = gatekeeper("--id", "first", "--time-to-live", "3s", "--alternate", secondAt);
        var there = address(first);
        answer("bob", there);
        first.await("registered");

        first.kill();
        second.await("registered");
        var call = parleys.run("call", "bob", "--gatekeeper", secondAt, "--name", "alice", "--play", "tone", "--duration", "200ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(second.await("call-ended").path("to").asText()).isEqualTo("bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--routed"})
    void whereACallIsSentOnToIsKnownToTheGatekeeper(String routed) throws Exception {
        var gatekeeper = routed.isEmpty() ? gatekeeper() : gatekeeper(routed, "--signalling-port", "0");
        var there = address(gatekeeper);
        var bob = answer("bob", there);
        parleys.thread("answer", "--listen", "127.0.0.1:0", "--name", "frank", "--gatekeeper", there, "--forward", "bob", "--json");
        gatekeeper.await(e -> e.path("type").asText().equals("registered") && e.path("aliases").asText().equals("frank"));
        gatekeeper.await(e -> e.path("type").asText().equals("registered") && e.path("aliases").asText().equals("bob"));

        var call = parleys.run("call", "frank", "--gatekeeper", there, "--name", "alice", "--play", "tone", "--duration", "200ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(bob.await("ended").path("words").asText()).contains("normal");
    }

    private static boolean isOf(JsonNode event, String type, String kind) {
        return event.path("type").asText().equals(type) && event.path("kind").asText().equals(kind);
    }

    /// A signal stops it; whoever is registered is told and goes to the other one at once.
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aGatekeeperThatIsStoppedSaysSo(String signal) throws Exception {
        var second = gatekeeper("--id", "second");
        var first = gatekeeper("--id", "first", "--alternate", address(second));
        var bob = answer("bob", address(first));
        first.await("registered");

        first.signal(signal);

        second.await("registered");
        assertThat(bob.await("gatekeeper-lost").path("reason").asText()).isEqualTo("maintenance");
        bob.await(2, e -> e.path("type").asText().equals("registered"));
        assertThat(bob.words()).as("one thing is said once").containsOnlyOnce("goes out of service").doesNotContain("looking for another one")
                .contains("registered with the gatekeeper " + address(second));
        assertThat(first.exit()).as("as Java ends by a signal").isEqualTo(signal.equals("TERM") ? 143 : 130);
        assertThat(first.await("unregistered").path("reason").asText()).isEqualTo("removed");
    }

    @Test
    void aGatekeeperThatIsStartedAnewIsFoundAgainAndThatIsSaid() throws Exception {
        var first = gatekeeper("--time-to-live", "3s");
        var there = address(first);
        var bob = answer("bob", there);
        bob.await("registered");

        first.kill();
        bob.await(2, e -> e.path("type").asText().equals("gatekeeper-lost"));
        assertThat(bob.words()).containsOnlyOnce("is silent; looking for another one").doesNotContain("registered with");
        var second = parleys.process("gatekeeper", "--listen", there, "--no-multicast", "--json");

        second.await("registered");
        bob.await(2, e -> e.path("type").asText().equals("registered"));
        assertThat(bob.words()).containsOnlyOnce("registered with the gatekeeper " + there);
    }

    /// A signal to either end in mid call: the other one sees an end in good order, and the gatekeeper hears of the call and of who leaves.
    @ParameterizedTest
    @CsvSource({"answer,TERM", "answer,INT", "call,TERM", "call,INT"})
    void whoeverIsStoppedEndsTheCallAndLeavesTheGatekeeper(String stopped, String signal) throws Exception {
        var gatekeeper = gatekeeper();
        var there = address(gatekeeper);
        var answer = new String[] {"answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--gatekeeper", there, "--json"};
        var call = new String[] {"call", "bob", "--gatekeeper", there, "--name", "alice", "--play", "tone", "--json"};
        var bob = stopped.equals("answer") ? parleys.process(answer) : parleys.thread(with(new String[] {"--calls", "1"}, answer));
        bob.await("registered");
        var alice = stopped.equals("call") ? parleys.process(call) : parleys.thread(call);
        alice.await(e -> e.path("state").asText().equals("connected"));
        alice.await(e -> isOf(e, "receiving", "audio"));

        var child = (Parleys.Child) (stopped.equals("answer") ? bob : alice);
        child.signal(signal);

        assertThat(child.exit()).as(child.toString()).isEqualTo(signal.equals("TERM") ? 143 : 130);
        var other = stopped.equals("answer") ? alice : bob;
        assertThat(other.exit()).as(other.toString()).isZero();
        for (var side : List.of(alice, bob)) {
            assertThat(side.await("ended").path("words").asText()).contains("normal");
            assertThat(side.words()).doesNotContain("was not told");
        }
        assertThat(gatekeeper.await("call-ended").path("reason").asText()).isEqualTo("normalDrop");
        gatekeeper.await(2, e -> e.path("type").asText().equals("unregistered"));
        assertThat(gatekeeper.told("unregistered")).extracting(e -> e.path("reason").asText()).containsOnly("left");
    }

    /// The called one is nobody of the gatekeeper's, so that the record is written when the caller is out of it.
    @ParameterizedTest
    @ValueSource(strings = {"--id=direct", "--routed"})
    void theRecordOfACallWhoseOtherEndDiedIsNotThatOfOneInGoodOrder(String mode) throws Exception {
        var gatekeeper = gatekeeper(mode, "--signalling-port", "0");
        var bob = parleys.process("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--json");
        var call = parleys.thread("call", address(bob), "--gatekeeper", address(gatekeeper), "--name", "alice", "--play", "tone", "--json");
        call.await(e -> isOf(e, "receiving", "audio"));

        bob.kill();

        assertThat(call.exit()).as(call.toString()).isEqualTo(4);
        assertThat(gatekeeper.await("call-ended").path("reason").asText()).isEqualTo("undefinedReason");
    }

    @Test
    void aLowerBandwidthClosesThePicturesAndMoreOpensThemAgain() throws Exception {
        var loop = new VirtualLoop("gatekeeper");
        var calls = new CompletableFuture<GatekeeperEvent.CallAdmitted>();
        var here = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (var gatekeeper = Gatekeeper.open(new Udp(), loop, new SecureRandom(), here, here, false,
                (ras, signalling) -> GatekeeperConfig.of("GK", ras, signalling, Passwords.OPEN), event -> {
                    if (event instanceof GatekeeperEvent.CallAdmitted admitted) {
                        calls.complete(admitted);
                    }
                })) {
            var there = "127.0.0.1:" + gatekeeper.rasAddress().getPort();
            var film = Files.write(folder.resolve("film.h264"), Film.of(2_000)).toString();
            var bob = parleys.thread("answer", "--auto", "--listen", "127.0.0.1:0", "--name", "bob", "--gatekeeper", there, "--calls", "1",
                    "--video-out", folder.resolve("seen.h264").toString(), "--video-in", film, "--json");
            bob.await("registered");
            var call = parleys.thread("call", "bob", "--gatekeeper", there, "--name", "alice", "--play", "tone", "--video-in", film, "--video-out",
                    folder.resolve("seen-too.h264").toString(), "--json");
            call.await(e -> isOf(e, "sending", "video"));
            call.await(e -> isOf(e, "receiving", "video"));
            call.await(e -> e.path("state").asText().equals("connected"));
            var identifier = calls.get(30, TimeUnit.SECONDS).callIdentifier();

            // Half of the pictures' bit rate: they go, and what is left is the sound.
            gatekeeper.limit(identifier, 20_000);
            for (var side : List.of(call, bob)) {
                assertThat(side.await("bandwidth").path("bandwidth").asLong()).isEqualTo(2_000_000);
                side.await(e -> isOf(e, "sending-stopped", "video"));
                side.await(e -> isOf(e, "receiving-stopped", "video"));
                assertThat(side.told("sending-stopped")).as("the sound goes on").hasSize(1);
            }

            gatekeeper.limit(identifier, 2 * (640 + 20_000));
            for (var side : List.of(call, bob)) {
                side.await(side == call ? 2 : 1, e -> isOf(e, "sending", "video"));
                side.await(side == call ? 2 : 1, e -> isOf(e, "receiving", "video"));
            }
            gatekeeper.drop(identifier);
            // Both are told; who hears of it first ends the call in good order with the other one, for whom it has just ended then.
            assertThat(call.exit()).isIn(0, 10);
            bob.await("ended");
            assertThat(gatekeeper.calls().toCompletableFuture().get(10, TimeUnit.SECONDS)).isZero();
        } finally {
            loop.stop();
        }
    }
}
