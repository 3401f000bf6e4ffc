package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the options of calls take and refuse, and what they do.
@Timeout(120)
class CallOptionsTest extends WithParleys {
    private static final String ANY = "127.0.0.1:0";
    /// Nobody listens at this port.
    private static final String NOBODY = "127.0.0.1:1";

    private static String[] line(String first, String... more) {
        return Stream.concat(Stream.of(first.split(" ")), Stream.of(more)).toArray(String[]::new);
    }

    private void ends(int code, String words, String line) throws InterruptedException {
        var refused = parleys.run(line(line, "--json"));
        assertThat(refused.exit()).as(line + ": " + refused).isEqualTo(code);
        // What picocli finds wrong is said before there is an output of events.
        assertThat(refused.words()).as(line).contains(words).doesNotContain("should not happen");
        assertThat(refused.told("ready")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.such.host.invalid", "no.such.host.invalid:1720", "[::zz]:1720"})
    void aHostThatNobodyKnowsIsSaidWithTheOptionThatNamesIt(String host) throws Exception {
        var unknown = " is unknown; give its address, such as 192.0.2.1:17";
        ends(2, "--listen " + host + ": the host", "answer --listen " + host);
        ends(2, unknown, "answer --listen " + host);
        ends(2, "--listen " + host + ": the host", "gatekeeper --listen " + host);
        ends(2, "--alternate " + host + ": the host", "gatekeeper --listen 127.0.0.1:0 --no-multicast --alternate " + host);
        ends(4, "--gatekeeper " + host + ": the host", "call bob --gatekeeper " + host);
        ends(4, "--gatekeeper " + host + ": the host", "answer --listen 127.0.0.1:0 --gatekeeper " + host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:x", "[::1]:99999"})
    void whatIsNoPortIsRefused(String address) throws Exception {
        var words = "expected HOST[:PORT], not " + address;
        ends(2, "--listen: " + words + "; a port is 0 to 65535", "answer --listen " + address);
        ends(2, "--listen: " + words, "gatekeeper --listen " + address);
        ends(2, "--gatekeeper: " + words, "call bob --gatekeeper " + address);
        ends(2, words, "call " + address);
    }

    @Test
    void aPortIsAtMost65535AndOfAGatekeepersSignallingToo() throws Exception {
        ends(2, "--signalling-port is 0 to 65535, not 65536", "gatekeeper --listen 127.0.0.1:0 --no-multicast --routed --signalling-port 65536");
        ends(2, "--signalling-port is 0 to 65535, not -1", "gatekeeper --listen 127.0.0.1:0 --no-multicast --routed --signalling-port -1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void fewerCallsThanOneAreRefused(int calls) throws Exception {
        ends(2, "--calls is 1 or more, not " + calls, "answer --listen " + ANY + " --calls " + calls);
    }

    @Test
    void keysNamesAndFilesThatCannotBeAreRefusedAtOnce() throws Exception {
        for (var keys : List.of("hallo", "1".repeat(65))) {
            ends(2, "--dtmf is 1 to 64 keys", "call " + NOBODY + " --dtmf " + keys);
            ends(2, "--dtmf is 1 to 64 keys", "answer --listen " + ANY + " --dtmf " + keys);
        }
        ends(4, "", "call " + NOBODY + " --dtmf " + "1".repeat(63) + "!");
        for (var command : List.of("answer --listen " + ANY, "call " + NOBODY)) {
            var nameless = parleys.run(line(command, "--name", ""));
            assertThat(nameless.exit()).as(nameless.toString()).isEqualTo(2);
            assertThat(nameless.words()).contains("expected a name");
        }
        ends(1, "the records of calls cannot be written", "gatekeeper --listen " + ANY + " --no-multicast --calls /nonexistent/calls");
    }

    /// Each side prefers a format of its own.
    @ParameterizedTest
    @CsvSource({"'', '', 2", "--symmetric, '', 1", "'', --symmetric, 1"})
    void bothDirectionsHaveOneFormatWhenASideWantsItSo(String caller, String callee, int formats) throws Exception {
        var bob = parleys.thread(line(("answer --auto --listen " + ANY + " --calls 1 --json --play tone --codec alaw,ulaw " + callee).strip()));

        var call = call(bob, line(("--slow-start --codec ulaw,alaw " + caller).strip()));

        assertThat(call.exit()).as(call.toString()).isZero();
        call.await("sending");
        call.await("receiving");
        assertThat(call.told(e -> e.has("codec")).stream().map(e -> e.path("codec").asText()).distinct()).as(call.toldAll()).hasSize(formats);
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    private Running call(Running answerer, String... more) throws InterruptedException {
        return parleys.run(line("call 127.0.0.1:" + answerer.await("ready").path("port").asInt() + " --play tone --duration 200ms --json", more));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024", "16384-", "1023-2000", "2000-65536", "2001-2002", "2000-2000", "2002-2000", "a-b", "-1-2000", "99999-100000",
        "0-1"})
    void whatIsNoRangeOfPortsIsRefused(String ports) throws Exception {
        ends(2, "--rtp-ports is LOW-HIGH, from 1024 to 65535", "answer --listen " + ANY + " --rtp-ports=" + ports);
        ends(2, "not " + ports, "call " + NOBODY + " --rtp-ports=" + ports);
    }

    @Test
    void forPicturesASecondPairIsNeeded() throws Exception {
        Files.write(folder.resolve("film.h264"), Film.of(2));

        ends(2, "has room for sound and not for pictures", "call " + NOBODY + " --rtp-ports 20000-20001 --video-in " + parleys.at("film.h264"));
        ends(4, "cannot call " + NOBODY, "call " + NOBODY + " --rtp-ports " + free(4) + " --video-in " + parleys.at("film.h264"));
    }

    @ParameterizedTest
    @CsvSource({"1024-65535", "1024-1025", "65534-65535", "2001-2003", "2000-2002"})
    void aRangeWithAPairOfPortsIsTaken(String ports) throws Exception {
        // Whether the ports are free is another matter.
        var call = parleys.run("call", NOBODY, "--rtp-ports", ports, "--json");

        assertThat(call.exit()).as(call.toString()).isEqualTo(4);
    }

    /// So many ports that are free now, the first one even, where neither the system nor anybody without the option takes any.
    private static String free(int count) {
        var random = new Random();
        for (int tries = 0; ; tries++) {
            int first = 10_000 + 2 * random.nextInt(3_000);
            try (var _ = taken(first, count)) {
                return first + "-" + (first + count - 1);
            } catch (SocketException e) {
                assertThat(tries).as(e.getMessage()).isLessThan(1_000);
            }
        }
    }

    private interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    private static Taken taken(int first, int count) throws SocketException {
        var sockets = new ArrayList<DatagramSocket>();
        Taken all = () -> sockets.forEach(DatagramSocket::close);
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new DatagramSocket(first + i, InetAddress.ofLiteral("127.0.0.1")));
            }
            return all;
        } catch (SocketException e) {
            all.close();
            throw e;
        }
    }

    @Test
    void mediaGoesFromThePortsThatAreGiven() throws Exception {
        var ofBob = free(2);
        var bob = parleys.thread(line("answer --auto --listen " + ANY + " --calls 1 --json --rtp-ports " + ofBob));

        var call = call(bob);

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(call.await("sending").path("to").asText()).isEqualTo("127.0.0.1:" + ofBob.split("-")[0]);
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    @Test
    void whenNoPortIsFreeBothSidesSayWhatToDo() throws Exception {
        var ports = free(2);
        int first = Integer.parseInt(ports.split("-")[0]);
        var words = "no free pair of ports in " + first + ".." + (first + 1) + " on 127.0.0.1";
        var bob = parleys.thread(line("answer --auto --listen " + ANY + " --calls 1 --json --rtp-ports " + ports));
        bob.await("ready");
        try (var _ = taken(first, 2)) {
            var refused = call(bob);
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(5);
            assertThat(refused.await("ended").path("cause").asInt()).isEqualTo(47);
            assertThat(refused.await("ended").path("reason").asText()).isEqualTo("gatewayResources");
            assertThat(bob.words()).contains("a call from 127.0.0.1 was refused: " + words + "; --rtp-ports LOW-HIGH gives more");

            var unplaced = call(bob, "--rtp-ports", ports);
            assertThat(unplaced.exit()).as(unplaced.toString()).isEqualTo(8);
            assertThat(unplaced.await("error").path("message").asText()).isEqualTo(words + "; --rtp-ports LOW-HIGH gives more");
        }

        var good = call(bob);

        assertThat(good.exit()).as("the port is free again: " + good).isZero();
        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    /// A server of something else, that speaks first or answers.
    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-server\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"})
    void whoSpeaksSomethingElseDoesNotSpeakH323(String words) throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var call = parleys.thread("call", "127.0.0.1:" + other.getLocalPort(), "--json");
            try (var socket = other.accept()) {
                socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));

                assertThat(call.exit()).as(call.toString()).isEqualTo(1);
                assertThat(call.words()).contains("the peer does not speak H.323 as we know it: a TPKT begins with 03 00");
            }
        }
    }

    @Test
    void whoIsCalledAndWhereIsTold() throws Exception {
        var bob = parleys.thread("answer", "--auto", "--listen", ANY, "--name", "bob", "--calls", "1", "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();
        var frank = parleys.thread("answer", "--listen", ANY, "--name", "frank", "--forward", "bob@" + there, "--calls", "1", "--json");
        var atFrank = "127.0.0.1:" + frank.await("ready").path("port").asInt();

        var call = parleys.run("call", "h323:frank@" + atFrank, "--play", "tone", "--duration", "100ms", "--json");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(call.await("calling").path("alias").asText()).isEqualTo("frank");
        assertThat(call.await("calling").path("to").asText()).isEqualTo(atFrank);
        assertThat(frank.await("forwarded").path("alias").asText()).isEqualTo("bob");
        assertThat(frank.await("forwarded").path("to").asText()).isEqualTo(there);
        assertThat(bob.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"--auto --busy, --auto and --busy", "--busy --forward NOBODY, --busy and --forward", "--forward NOBODY --auto, --auto and --forward",
        "--auto --busy --forward NOBODY, --auto and --busy and --forward"})
    void whatIsDoneWithACallIsOneThing(String ways, String words) throws Exception {
        ends(2, words + " contradict each other: give one of them", "answer --listen " + ANY + " " + ways.replace("NOBODY", NOBODY));
    }

    /// Calls for others are refused as such, whatever is done with ours; and a setting for all calls gives way.
    @Test
    void whoseCallsTheyAreIsAnotherMatter() throws Exception {
        var config = Files.writeString(folder.resolve("conf"), "answer.auto = true\n");
        var bob = parleys.processWith("PARLEY_CONFIG", config.toString(), "answer", "--listen", ANY, "--name", "bob", "--only-own-name", "--busy",
                "--calls", "1", "--json");
        var there = "127.0.0.1:" + bob.await("ready").path("port").asInt();

        assertThat(parleys.run("call", "h323:carol@" + there, "--json").await("ended").path("cause").asInt()).isEqualTo(1);
        assertThat(parleys.run("call", "h323:bob@" + there, "--json").await("ended").path("cause").asInt()).isEqualTo(17);

        assertThat(bob.exit()).as(bob.toString()).isZero();
    }

    /// Of all commands with calls; the gatekeeper's own are settings that may be there for another time.
    @ParameterizedTest
    @ValueSource(strings = {"call 127.0.0.1:1 --user alice", "call 127.0.0.1:1 --md5", "answer --listen 127.0.0.1:0 --user bob",
        "answer --listen 127.0.0.1:0 --password-file none"})
    void whatIsForAGatekeeperIsRefusedWithoutOne(String words) throws Exception {
        var refused = parleys.run(words.split(" "));

        assertThat(refused.exit()).as(refused.toString()).isEqualTo(2);
        assertThat(refused.words()).contains("is for a gatekeeper: give --gatekeeper HOST, or leave it out");
    }

    @Test
    void aSettingOfAllCallsMayBeThereWithoutAGatekeeper() throws Exception {
        var call = parleys.processWith("PARLEY_USER", "alice", "call", "127.0.0.1:1", "--json");

        assertThat(call.exit()).as(call.toString()).isEqualTo(4);
    }

    /// The variable, with nothing else that speaks of a password; what it says wins over nothing, and a file over it.
    @Test
    void aPasswordInTheEnvironmentCountsAtAGatekeeper() throws Exception {
        var users = Files.writeString(folder.resolve("users"), "alice:open sesame\n");
        Files.setPosixFilePermissions(users, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        var gatekeeper = parleys.thread("gatekeeper", "--listen", ANY, "--no-multicast", "--users", users.toString(), "--json");
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();
        var call = new String[] {"call", "nobody", "--gatekeeper", there, "--name", "alice", "--json"};

        for (var more : List.of(List.<String>of(), List.of("--md5"))) {
            var known = parleys.processWith("PARLEY_PASSWORD", "open sesame", line(String.join(" ", call), more.toArray(String[]::new)));
            assertThat(known.exit()).as(known.toString()).isEqualTo(5);
            known.await("registered");
            assertThat(known.await("refused").path("reason").asText()).isEqualTo("calledPartyNotRegistered");
        }
        var wrong = parleys.processWith("PARLEY_PASSWORD", "open sesame", line(String.join(" ", call), "--password-file", parleys.at("wrong")));
        assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(5);
        assertThat(wrong.await("refused").path("message").asText()).isEqualTo("registrationRequest");
        var denied = gatekeeper.await(e -> e.path("type").asText().equals("refused") && e.path("message").asText().equals("registrationRequest"));
        assertThat(denied.path("reason").asText()).as("by its name alone").isEqualTo("securityDenial");
        assertThat(denied.path("words").asText()).contains("the proof of who asks is missing or wrong: wrong user");
        var without = parleys.processWith("PARLEY_PASSWORD", "", line(String.join(" ", call), "--md5"));
        assertThat(without.exit()).as("empty is as good as nothing: " + without).isEqualTo(2);
    }

    /// It takes the fifteen seconds that an answer may.
    @Test
    @Tag("slow")
    void whoHasAPasswordAndMeetsAGatekeeperWithoutIsToldWhy() throws Exception {
        var gatekeeper = parleys.thread("gatekeeper", "--listen", ANY, "--no-multicast", "--json");
        var there = "127.0.0.1:" + gatekeeper.await("ready").path("port").asInt();

        var call = parleys.run("call", "bob", "--gatekeeper", there, "--name", "alice", "--password-file", parleys.at("pw"), "--json");

        assertThat(call.exit()).as(call.toString()).isEqualTo(4);
        assertThat(call.await("error").path("message").asText()).contains("the gatekeeper does not answer, or does not sign its answers");
    }
}
