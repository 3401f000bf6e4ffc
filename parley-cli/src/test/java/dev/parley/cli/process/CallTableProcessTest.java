package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way in which a call ends or does not come about, in every style, directly, with a gatekeeper, and routed by it. Who is called is
/// always another process than the caller; two of them a way and the gatekeepers serve all tests.
@Tag("slow")
@Timeout(300)
class CallTableProcessTest {
    private static final int LOST = 4;
    private static final int REFUSED = 5;
    private static final List<String> LISTEN = List.of("--listen", "127.0.0.1:0", "--json");

    @TempDir
    static Path folder;

    private static Parleys parleys;
    private static List<Way> ways = List.of();
    private static int callers;

    /// How a call finds its callee.
    private enum Kind {
        DIRECT,
        GATEKEEPER,
        ROUTED
    }

    /// @param asking somebody whose user types the answer
    /// @param hanging somebody who answers at once, and hangs up by himself
    private record Way(Kind kind, Optional<Running> gatekeeper, Parleys.Child asking, RandomAccessFile typed, Parleys.Child hanging) {
        /// Of a command that may use it.
        static List<String> options(Optional<Running> gatekeeper, String password) throws InterruptedException {
            return gatekeeper.isEmpty() ? List.of() : List.of("--gatekeeper", address(gatekeeper.get()), "--password-file", parleys.at(password));
        }

        static List<String> options(Optional<Running> gatekeeper, String password, String user) throws InterruptedException {
            return gatekeeper.isEmpty() ? List.of() : List.of(line("--user", List.of(user), options(gatekeeper, password)));
        }

        Running calls(String name, List<String> style, String... more) throws InterruptedException {
            callers++;
            var to = gatekeeper.isPresent() ? name : name + "@" + address(name.equals("asking") ? asking : hanging);
            return parleys.thread(line("call", List.of(to, "--name", caller(), "--json"), style,
                    options(gatekeeper, "pw", "alice"), List.of(more)));
        }

        /// The gatekeeper knows that it is over.
        void isRecorded(String caller) throws InterruptedException {
            if (gatekeeper.isPresent()) {
                var record = gatekeeper.get().await(e -> is("call-ended", e) && e.path("from").asText().equals(caller));
                assertThat(record.path("routed").asBoolean()).isEqualTo(kind == Kind.ROUTED);
            }
        }

        @Override
        public String toString() {
            return kind.name();
        }
    }

    private record Row(Way way, List<String> style) {}

    static Stream<Row> rows() {
        return ways.stream().flatMap(way -> CallProcessTest.STYLES.stream().map(style -> new Row(way, style)));
    }

    static Stream<Row> rowsWithGatekeeper() {
        return rows().filter(r -> r.way().gatekeeper().isPresent());
    }

    private static String caller() {
        return "caller" + callers;
    }

    private static boolean is(String type, JsonNode event) {
        return event.path("type").asText().equals(type);
    }

    private static boolean isState(String state, JsonNode event) {
        return event.path("state").asText().equals(state);
    }

    private static String address(Running ready) throws InterruptedException {
        return "127.0.0.1:" + ready.await("ready").path("port").asInt();
    }

    @SafeVarargs
    private static String[] line(String command, List<String>... parts) {
        var all = new ArrayList<>(List.of(command));
        for (var part : parts) {
            all.addAll(part);
        }
        return all.toArray(String[]::new);
    }

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        parleys = new Parleys(folder);
        var users = Files.writeString(folder.resolve("users"), "asking:open sesame\nhanging:open sesame\nalice:open sesame\n");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        var all = new ArrayList<Way>();
        for (var kind : Kind.values()) {
            all.add(way(kind, kind == Kind.DIRECT ? Optional.empty() : Optional.of(gatekeeper(kind, "--users", users.toString()))));
        }
        for (var way : all) {
            if (way.gatekeeper().isPresent()) {
                way.gatekeeper().get().await(2, e -> is("registered", e));
            }
        }
        ways = List.copyOf(all);
    }

    private static Parleys.Child gatekeeper(Kind kind, String... more) throws IOException {
        return parleys.process(line("gatekeeper", LISTEN, List.of("--no-multicast", "--time-to-live", "3s"), List.of(more),
                kind == Kind.ROUTED ? List.of("--routed", "--signalling-port", "0") : List.of()));
    }

    private static Way way(Kind kind, Optional<Running> gatekeeper) throws IOException, InterruptedException {
        var keyboard = folder.resolve("keyboard-" + kind);
        assertThat(new ProcessBuilder("mkfifo", keyboard.toString()).start().waitFor()).isZero();
        // Both ways, so that opening it waits for nobody.
        var typed = new RandomAccessFile(keyboard.toFile(), "rw");
        var options = Way.options(gatekeeper, "pw");
        return new Way(kind, gatekeeper,
                parleys.process(keyboard, ProcessBuilder.Redirect.PIPE, line("answer", LISTEN, List.of("--name", "asking"), options)), typed,
                parleys.process(line("answer", LISTEN, List.of("--name", "hanging", "--auto", "--play", "tone", "--duration", "200ms"), options)));
    }

    @AfterAll
    static void close() throws IOException {
        for (var way : ways) {
            way.typed().close();
        }
        parleys.close();
    }

    /// How the last call of somebody ended on the other side.
    private static String endedThere(Running answerer, String caller) throws InterruptedException {
        var session = answerer.await(e -> is("incoming", e) && e.path("from").asText().equals(caller)).path("session");
        return answerer.await(e -> is("ended", e) && e.path("session").equals(session)).path("words").asText();
    }

    private static String ended(Running call) throws InterruptedException {
        return call.await("ended").path("words").asText();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theCallerHangsUp(Row row) throws Exception {
        var way = row.way();

        var call = way.calls("asking", row.style(), "--play", "tone", "--duration", "100ms");
        call.await(e -> isState("ringing", e));
        way.typed().writeBytes("y\n");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(ended(call)).contains("normal");
        assertThat(endedThere(way.asking(), caller())).contains("normal");
        way.isRecorded(caller());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theCalledOneHangsUp(Row row) throws Exception {
        var call = row.way().calls("hanging", row.style(), "--play", "tone");

        assertThat(call.exit()).as(call.toString()).isZero();
        assertThat(ended(call)).contains("normal");
        assertThat(endedThere(row.way().hanging(), caller())).contains("normal");
        row.way().isRecorded(caller());
    }

    /// It rings for one caller; the next one hears busy, and does not disturb the first one, who is then refused by hand.
    @ParameterizedTest
    @MethodSource("rows")
    void oneIsRefusedAndMeanwhileAnotherHearsBusy(Row row) throws Exception {
        var way = row.way();
        var first = way.calls("asking", row.style());
        var refused = caller();
        first.await(e -> isState("ringing", e));

        var second = way.calls("asking", row.style());

        assertThat(second.exit()).as(second.toString()).isEqualTo(REFUSED);
        assertThat(ended(second)).contains("busy");
        way.isRecorded(caller());
        way.typed().writeBytes("n\n");
        assertThat(first.exit()).as(first.toString()).isEqualTo(REFUSED);
        assertThat(ended(first)).contains("the call was rejected");
        assertThat(endedThere(way.asking(), refused)).contains("the call was rejected");
        way.isRecorded(refused);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void nobodyAnswers(Row row) throws Exception {
        var call = row.way().calls("asking", row.style(), "--ring-for", "200ms");

        assertThat(call.exit()).as(call.toString()).isEqualTo(REFUSED);
        assertThat(ended(call)).contains("no answer");
        assertThat(endedThere(row.way().asking(), caller())).contains("no answer");
        row.way().isRecorded(caller());
    }

    @ParameterizedTest
    @MethodSource("rowsWithGatekeeper")
    void nobodyOfThatNameIsThere(Row row) throws Exception {
        var call = row.way().calls("nobody", row.style());

        assertThat(call.exit()).as(call.toString()).isEqualTo(REFUSED);
        assertThat(call.words()).contains("the gatekeeper refuses the call: the called user is not registered at the gatekeeper");
        assertThat(call.await("refused").path("reason").asText()).isEqualTo("calledPartyNotRegistered");
        assertThat(call.told("calling")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rowsWithGatekeeper")
    void aWrongPasswordRegistersNeitherSide(Row row) throws Exception {
        var options = Way.options(row.way().gatekeeper(), "wrong");
        for (var scheme : List.of(List.<String>of(), List.of("--md5"))) {
            for (var command : List.of(line("call", List.of("asking", "--name", "alice"), row.style(), options, scheme, List.of("--json")),
                    line("answer", LISTEN, List.of("--name", "asking"), row.style(), options, scheme))) {
                var refused = parleys.run(command);

                assertThat(refused.exit()).as(refused.toString()).isEqualTo(REFUSED);
                assertThat(refused.words()).contains("the gatekeeper refuses the registration: the proof of who asks is missing or wrong");
                assertThat(refused.await("refused").path("reason").asText()).isEqualTo("securityDenial");
                assertThat(refused.told("registered")).isEmpty();
            }
        }
    }

    /// Somebody for each row who answers at once.
    private static List<String[]> answering(String name) throws InterruptedException {
        var commands = new ArrayList<String[]>();
        for (var row : rows().toList()) {
            commands.add(line("answer", LISTEN, List.of("--auto", "--calls", "1", "--name", name + commands.size(), "--play", "tone"),
                    Way.options(row.way().gatekeeper(), "pw", "hanging")));
        }
        return commands;
    }

    /// A call in each row to those of [#answering].
    private static List<String[]> calling(String name, String from, List<String> addresses) throws InterruptedException {
        var commands = new ArrayList<String[]>();
        for (var row : rows().toList()) {
            var to = name + commands.size() + (row.way().gatekeeper().isEmpty() ? "@" + addresses.get(commands.size()) : "");
            commands.add(line("call", List.of(to, "--name", from + commands.size(), "--play", "tone", "--json"), row.style(),
                    Way.options(row.way().gatekeeper(), "pw", "alice")));
        }
        return commands;
    }

    private static void areRegistered(String name) throws InterruptedException {
        for (var way : ways) {
            if (way.gatekeeper().isPresent()) {
                way.gatekeeper().get().await(CallProcessTest.STYLES.size(), e -> is("registered", e) && e.path("aliases").asText().startsWith(name));
            }
        }
    }

    private static void awaitTalk(Running running) throws InterruptedException {
        running.await("sending");
        running.await("receiving");
    }

    /// Whoever is left knows that the other one is lost, and tells the gatekeeper, where the other one's registration runs out.
    private static void areLost(List<Running> left, String caller) throws InterruptedException {
        for (int i = 0; i < left.size(); i++) {
            assertThat(left.get(i).exit()).as(left.get(i).toString()).isEqualTo(LOST);
            assertThat(ended(left.get(i))).contains("lost");
            rows().toList().get(i).way().isRecorded(caller + i);
        }
    }

    @Test
    void thoseWhoCallAProcessThatIsKilledAreFree() throws Exception {
        var killed = parleys.several(answering("killed"));
        var addresses = new ArrayList<String>();
        for (int i = 1; i <= rows().count(); i++) {
            int number = i;
            addresses.add("127.0.0.1:" + killed.await(e -> is("ready", e) && e.path("command").asInt() == number).path("port").asInt());
        }
        areRegistered("killed");
        var calls = calling("killed", "bereft", addresses).stream().map(parleys::thread).toList();
        for (var call : calls) {
            call.await(e -> isState("connected", e));
            awaitTalk(call);
        }

        killed.kill();

        areLost(calls, "bereft");
    }

    @Test
    void thoseWhomAKilledProcessCallsAreFree() throws Exception {
        var answerers = answering("left").stream().map(parleys::thread).toList();
        var addresses = new ArrayList<String>();
        for (var answerer : answerers) {
            addresses.add(address(answerer));
        }
        areRegistered("left");
        var killed = parleys.several(calling("left", "gone", addresses));
        for (var answerer : answerers) {
            awaitTalk(answerer);
        }
        killed.await(answerers.size(), e -> isState("connected", e));

        killed.kill();

        areLost(answerers, "gone");
    }

    /// Its calls go on, find their signalling again directly, and end in good order.
    @Test
    void theCallsOfARoutingGatekeeperThatIsKilledGoOn() throws Exception {
        var router = gatekeeper(Kind.ROUTED);
        var there = address(router);
        var sound = SoundFile.write(folder.resolve("goes-on.wav"), 400, 11);
        var answerers = new ArrayList<Running>();
        var calls = new ArrayList<Running>();
        for (int i = 0; i < CallProcessTest.STYLES.size(); i++) {
            answerers.add(parleys.thread(line("answer", LISTEN, List.of("--auto", "--calls", "1", "--name", "routed" + i, "--gatekeeper", there,
                    "--record", parleys.at("routed" + i + ".wav")))));
        }
        router.await(answerers.size(), e -> is("registered", e));
        for (int i = 0; i < answerers.size(); i++) {
            calls.add(parleys.thread(line("call", List.of("routed" + i, "--name", "on" + i, "--gatekeeper", there, "--play",
                    parleys.at("goes-on.wav"), "--json"), CallProcessTest.STYLES.get(i))));
        }
        for (var call : calls) {
            call.await(e -> isState("connected", e));
            awaitTalk(call);
        }

        router.kill();

        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).await("signalling-lost");
            calls.get(i).await("signalling-back");
            assertThat(calls.get(i).exit()).as(calls.get(i).toString()).isZero();
            assertThat(answerers.get(i).exit()).as(answerers.get(i).toString()).isZero();
            assertThat(ended(answerers.get(i))).contains("normal");
            assertThat(SoundFile.read(folder.resolve("routed" + i + ".wav"))).isEqualTo(sound);
        }
    }
}
