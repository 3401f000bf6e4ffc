package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client that logs in and then breaks the rules of transfers. It is refused or aborted with words, nothing appears, and the server goes on.
@Timeout(120)
class HostileSenderTest {
    private static final ByteBuffer ACTIVITY = ByteBuffer.wrap(new byte[] {1});

    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() throws IOException {
        served.close();
    }

    /// Sends from inside of a session; the first answer or the end of the connection, as words.
    private String attack(long resume, Consumer<SessionService> attack) throws Exception {
        var first = new CompletableFuture<String>();
        var loop = new VirtualLoop("hostile");
        var plan = new ClientPlan(
                "alice", "secret".toCharArray(), "send", path, "fail", _ -> resume, served.settings, FlowOptions.DEFAULT, 1,
                FileOptions.DEFAULT, SimTransfer.ITERATIONS);
        var session = new ClientSession(loop, plan, (client, _, _) -> new Conversation() {
            @Override
            public void start() {
                attack.accept(client.service());
                client.service().flush();
            }

            @Override
            public void indication(Indication indication) {
                if (indication instanceof Indication.CapabilityDataConfirm c && !Json.decode(c.userData()).path("state").asText().equals(wanted)) {
                    first.complete(Json.decode(c.userData()).toString());
                } else if (indication instanceof Indication.CapabilityDataConfirm) {
                    then.accept(client.service());
                    client.service().flush();
                } else {
                    first.complete(indication.getClass().getSimpleName());
                }
            }

            @Override
            public void writable() {
                // All was sent at once.
            }

            @Override
            public boolean isBusy() {
                return false;
            }

            @Override
            public void closed() {
                // The outcome says how.
            }
        }, _ -> {});
        var tls = Tls.client(certificate -> Identity.fingerprint(certificate).equals(served.identity.fingerprint()));
        Tcp.connect(served.listener.address(), Optional.of(tls), 5000, loop, _ -> session.handler());
        session.outcome().thenAccept(outcome -> first.complete(outcome.toString()));
        try {
            return first.get(30, TimeUnit.SECONDS);
        } finally {
            session.stop();
            loop.stop();
        }
    }

    /// Where it sends to.
    private String path = "";

    /// The answer to an offer that was taken, and what comes after it.
    private String wanted = "new";
    private Consumer<SessionService> then = _ -> {};

    private static Consumer<SessionService> offer(String text) {
        return service -> service.request(new Request.CapabilityData(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static ObjectNode file(String name) {
        return Json.object().put("name", name).put("size", 10_000).put("modified", 1).put("mode", 420).put("identity", "");
    }

    private static ObjectNode batch(int count, ObjectNode member) {
        var offer = Json.object();
        var list = offer.putArray("batch");
        for (int i = 0; i < count; i++) {
            list.add(member);
        }
        return offer;
    }

    private static ObjectNode member(String name, String kind, long size) {
        return Json.object().put("name", name).put("kind", kind).put("size", size).put("modified", 1).put("mode", 420);
    }

    private void goesOn() throws Exception {
        Files.writeString(folder.resolve("here/honest"), "content");
        assertThat(served.send(folder.resolve("here/honest").toString()).failure()).isEmpty();
        Files.delete(folder.resolve("inbox/honest"));
        try (var all = Files.walk(folder.resolve("inbox"))) {
            assertThat(all.filter(path -> !path.toString().contains(".parley"))).containsExactly(folder.resolve("inbox"));
        }
        assertThat(folder.resolve("escaped")).doesNotExist();
    }

    @Test
    void offersThatAreNoOffersAndNamesThatLeadOutAreRefused() throws Exception {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        cases.put("expected JSON", List.of("garbage", "{\"name\":", "\0\1\2"));
        cases.put("expected a JSON object", List.of("", "[1]", "7", "\"x\""));
        cases.put("expected the text", List.of("{}", "{\"name\":7}"));
        cases.put("expected a number", List.of(
                file("x").put("size", -2).toString(), file("x").put("size", 1e30).toString(), file("x").put("mode", 4096).toString(),
                file("x").put("mode", -2).toString(), file("x").put("modified", "now").toString(),
                batch(1, member("x", "FILE", (1 << 20) + 1)).toString(), batch(1, member("x", "FOLDER", 1)).toString()));
        cases.put("is refused", List.of(
                file("../escaped").toString(), file("/escaped").toString(), file("a/../../escaped").toString(), file(".parley/x").toString(),
                file("").toString(), file("x".repeat(300)).toString(), batch(1, member("../escaped", "FILE", 1)).toString(),
                batch(1, member("link", "LINK", 0).put("link", "/etc/passwd")).toString(),
                batch(1, member("link", "LINK", 0).put("link", "../escaped")).toString(),
                batch(1, member("link", "LINK", 0).put("link", "")).toString()));
        cases.put("twice", List.of(batch(2, member("x", "FILE", 1)).toString()));
        cases.put("members", List.of(Json.object().set("batch", Json.object().putArray("none")).toString(),
                batch(1025, Json.object()).toString()));
        cases.put("FILE, FOLDER or LINK", List.of(batch(1, member("x", "DEVICE", 0)).toString()));
        for (var each : cases.entrySet()) {
            for (var text : each.getValue()) {
                assertThat(attack(0, offer(text))).as(text).contains(each.getKey());
            }
        }
        assertThat(attack(0, offer("{\"name\":\"" + "x".repeat(60_000) + "\"}"))).contains("60000");
        goesOn();
    }

    @Test
    void activitiesOutOfOrderAreAborted() throws Exception {
        var words = new ArrayList<String>();
        words.add(attack(0, s -> s.request(new Request.ActivityStart(ACTIVITY.duplicate(), ByteBuffer.allocate(0)))));
        var actions = List.<Consumer<SessionService>>of(
                // More pages than an interval has.
                s -> {
                    for (int i = 0; i <= 10; i++) {
                        s.request(new Request.Data(ByteBuffer.allocate(100)));
                    }
                },
                s -> s.request(new Request.Data(ByteBuffer.allocate(4097))),
                s -> s.request(new Request.SyncMinor(true, false, ByteBuffer.allocate(11))),
                s -> s.request(new Request.SyncMinor(true, false, ByteBuffer.allocate(44))),
                s -> s.request(new Request.ActivityEnd(ByteBuffer.allocate(13))),
                s -> s.request(new Request.ActivityEnd(ByteBuffer.allocate(0))));
        for (var action : actions) {
            then = s -> {
                s.request(new Request.ActivityStart(ACTIVITY.duplicate(), ByteBuffer.allocate(0)));
                action.accept(s);
            };
            words.add(attack(0, offer(file("x").toString())));
        }
        assertThat(words).allMatch(w -> w.contains("Failed[")).anyMatch(w -> w.contains("without an offer"))
                .anyMatch(w -> w.contains("more than 10 pages")).anyMatch(w -> w.contains("digest of a checkpoint has 13 octets"));
        goesOn();
    }

    @Test
    void anActivityThatIsInterruptedLeavesNoFileOpen() throws Exception {
        var descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "only Linux tells which files a process has open");
        then = s -> {
            s.request(new Request.ActivityStart(ACTIVITY.duplicate(), ByteBuffer.allocate(0)));
            s.request(new Request.ActivityInterrupt(Optional.empty(), ByteBuffer.allocate(0)));
        };
        for (var offer : List.of(file("x").toString(), batch(1, member("y", "FILE", 1)).toString())) {
            wanted = offer.startsWith("{\"batch\"") ? "batch" : "new";

            assertThat(attack(0, offer(offer))).isEqualTo("ActivityInterruptConfirm");
        }

        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (open(descriptors) > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(open(descriptors)).isZero();
        goesOn();
    }

    private long open(Path descriptors) throws IOException {
        var area = folder.resolve("inbox/.parley").toString();
        try (var all = Files.list(descriptors)) {
            return all.filter(each -> {
                try {
                    return Files.readSymbolicLink(each).toString().startsWith(area);
                } catch (IOException _) {
                    return false;
                }
            }).count();
        }
    }

    @Test
    void aLieAboutTheEndIsResynchronizedAndNeverTaken() throws Exception {
        then = s -> {
            s.request(new Request.ActivityStart(ACTIVITY.duplicate(), ByteBuffer.allocate(0)));
            s.request(new Request.ActivityEnd(ByteBuffer.allocate(44)));
        };
        assertThat(attack(0, offer(file("x").toString()))).isEqualTo("Resynchronize");
        goesOn();
    }

    @Test
    void aSessionIsResumedOnlyForTheFolderThatItReceivesInto() throws Exception {
        path = "sub/deep";
        then = s -> s.request(new Request.ActivityEnd(ByteBuffer.allocate(0)));
        attack(0, offer(file("x").toString()));
        var session = served.serverStore.sessions("alice").getFirst();
        assertThat(session.root()).isEqualTo("sub/deep");

        path = "sub";
        assertThat(attack(session.number(), _ -> {})).contains("is not one of yours");
        Files.createSymbolicLink(folder.resolve("inbox/sub/link"), folder);
        path = "sub/link";
        assertThat(attack(0, _ -> {})).contains("passes through a symbolic link");
    }

    @Test
    void theSessionOfSomebodyElseCannotBeResumed() throws Exception {
        served.serverStore.putUser(Credentials.derive("bob", "other".toCharArray(), "", true, true, 0));
        var bobs = served.serverStore.newSession("bob", "send", 1000);
        var gets = served.serverStore.newSession("alice", "get", 1000);

        for (long number : new long[] {bobs.number(), gets.number(), 1, Long.MAX_VALUE}) {
            assertThat(attack(number, _ -> {})).contains("is not one of yours");
        }
        assertThat(served.serverStore.session(bobs.number()).orElseThrow().epoch()).isEqualTo(1);
        goesOn();
    }
}
