package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Link;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that break the rules, over real sockets. The client ends with clear words and the right exit code; it never hangs, and nothing
/// appears outside of its folder.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileServerTest {
    private static final Settings SETTINGS = new Settings(4096, 10, 4, Duration.ofSeconds(20));
    private static final Store.User ALICE = Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0);

    @TempDir
    Path folder;

    private Identity identity;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        identity = Identity.in(folder.resolve("identity"));
        var bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        file = Files.write(folder.resolve("data.bin"), bytes);
        Files.createDirectories(folder.resolve("here"));
    }

    private TransferClient.Result send(Supplier<Rogue> server) throws Exception {
        return run(false, Duration.ZERO, loop -> OsiConnection.responder(loop, OsiLimits.DEFAULT, server.get()));
    }

    private TransferClient.Result get(Supplier<Rogue> server) throws Exception {
        return run(true, Duration.ZERO, loop -> OsiConnection.responder(loop, OsiLimits.DEFAULT, server.get()));
    }

    private TransferClient.Result run(
            boolean get, Duration patience, java.util.function.Function<dev.parley.runtime.Loop, Link.Handler> server) throws Exception {
        try (var listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty(), 10, server);
                var store = SqliteStore.open(folder.resolve("client"))) {
            var job = new TransferClient.Job(
                    "the command", listener.address(), Optional.empty(), "alice", "secret".toCharArray(), get, get ? "data.bin" : "",
                    Target.OnExists.FAIL, get ? List.of() : Source.below(file), folder.resolve("here"), SETTINGS, patience);
            return new TransferClient(store, new OsDisk(), job, _ -> {}).run();
        }
    }

    private static void assertEnded(TransferClient.Result result, Failure failure, String words) {
        assertThat(result.words()).contains(words);
        assertThat(result.failure()).as(result.words()).contains(failure);
    }

    @Test
    void aServerThatDoesAsServersDoIsBelieved() throws Exception {
        assertThat(send(() -> new Rogue(ALICE, identity)).failure()).isEmpty();
    }

    /// Something else listens there. It is not worth ten minutes of attempts.
    @ParameterizedTest
    @ValueSource(strings = {
        "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", "\u0003\u0000\u0000\u0004",
        "\u0000\u0000\u0000\u0000\u0000\u0000\u0000"
    })
    void whatIsNoParleyServerIsSaidSoAfterAFewAttempts(String banner) throws Exception {
        var result = run(false, Duration.ofMinutes(10), _ -> new Talker(banner.getBytes(StandardCharsets.ISO_8859_1)));

        assertEnded(result, Failure.REFUSED, "no Parley server");
    }

    /// A connection confirm, and then one TSDU without an end.
    @Test
    void aTsduThatGrowsBeforeTheLoginIsNotKept() throws Exception {
        var part = ByteBuffer.allocate(60_007).put(HexFormat.of().parseHex("0300ea6702f000")).array();
        var words = ByteBuffer.allocate(11 + 4 * part.length).put(HexFormat.of().parseHex("0300000b06d00000000100"));
        for (int i = 0; i < 4; i++) {
            words.put(part);
        }

        var result = run(false, Duration.ofMinutes(10), _ -> new Talker(words.array()));

        assertEnded(result, Failure.REFUSED, "no Parley server");
    }

    /// Says something and nothing more.
    private record Talker(byte[] banner) implements Link.Handler {
        @Override
        public void opened(Link link) {
            link.write(ByteBuffer.wrap(banner));
            link.flush();
        }

        @Override
        public void received(ByteBuffer bytes) {
            // It does not listen.
        }

        @Override
        public void writable() {
            // It has said all.
        }

        @Override
        public void closed(String reason) {
            // Good.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pageSize", "interval", "window", "keepalive", "session"})
    void settingsBeyondWhatWasAskedForAreRefused(String field) throws Exception {
        for (long value : new long[] {0, 1 << 20, Long.MAX_VALUE}) {
            var result = send(() -> new Rogue(ALICE, identity) {
                @Override
                ObjectNode accepting(ObjectNode answer) {
                    return answer.put(field, field.equals("session") ? Math.min(0, -value) : value);
                }
            });

            assertEnded(result, Failure.OTHER, "");
        }
    }

    /// Each is possible, together they are not.
    @Test
    void settingsThatDoNotGoTogetherAreRefused() throws Exception {
        var result = send(() -> new Rogue(ALICE, identity) {
            @Override
            ObjectNode accepting(ObjectNode answer) {
                return answer.put("pageSize", 1 << 20).put("interval", 4096);
            }
        });

        assertEnded(result, Failure.OTHER, "from one checkpoint to the next");
    }

    @Test
    void anAcceptWithoutTheProofOfThePasswordIsRefused() throws Exception {
        var result = send(() -> new Rogue(ALICE, identity) {
            @Override
            ObjectNode accepting(ObjectNode answer) {
                return answer.put("scram", "v=" + Base64.getEncoder().encodeToString(new byte[32]));
            }
        });

        assertEnded(result, Failure.REFUSED, "could not prove");
    }

    /// RFC 7677, section 4: with fewer iterations the answer would be an easy prey for whoever tries passwords.
    @Test
    void aLoginWithFewerIterationsThanTheStandardWantsIsRefused() throws Exception {
        assertEnded(send(() -> new Rogue(SimTransfer.user("alice", "", 4095), identity)), Failure.REFUSED, "4095 iterations");
        assertThat(send(() -> new Rogue(SimTransfer.user("alice", "", 4096), identity)).failure()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 99, 999_999})
    void confirmationsOfWhatWasNotSentEndTheConnection(long serial) throws Exception {
        var result = send(() -> new Rogue(ALICE, identity) {
            @Override
            void checkpoint(long sent) {
                if (sent == 1) {
                    raw(new Spdu.MinorSyncAck(Enclosure.ABSENT, serial + 3, Spdu.NO_DATA));
                }
            }
        });

        assertThat(result.failure()).as(result.words()).isNotEmpty();
        assertThat(result.words()).doesNotContain("heard");
    }

    @Test
    void aReceiptOfAnotherKeyIsNoReceipt() throws Exception {
        var other = Identity.in(folder.resolve("other"));

        assertEnded(send(() -> new Rogue(ALICE, identity) {
            @Override
            void ended(ObjectNode receipt) {
                confirmEnd(Receipt.signed(receipt, other).text());
            }
        }), Failure.INTEGRITY, "is signed by " + other.fingerprint());
    }

    @Test
    void aReceiptOfAnotherContentOrSessionIsNoReceipt() throws Exception {
        for (var change : List.of("size", "name", "root", "session")) {
            assertEnded(send(() -> new Rogue(ALICE, identity) {
                @Override
                void ended(ObjectNode receipt) {
                    super.ended(switch (change) {
                        case "size" -> receipt.put("size", 199_999);
                        case "session" -> receipt.put("session", 8);
                        default -> receipt.put(change, "other");
                    });
                }
            }), Failure.INTEGRITY, "the receipt is not about");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "x", "{\"name\":\"data.bin\",\"size\":200000,\"root\":\"\",\"leaf\":4096}"})
    void withoutAReceiptNothingIsComplete(String receipt) throws Exception {
        assertEnded(send(() -> new Rogue(ALICE, identity) {
            @Override
            void ended(ObjectNode signed) {
                confirmEnd(receipt);
            }
        }), Failure.INTEGRITY, "receipt");
    }

    @Test
    void aReceiptThatWasChangedAfterItWasSignedIsFound() throws Exception {
        assertEnded(send(() -> new Rogue(ALICE, identity) {
            @Override
            void ended(ObjectNode receipt) {
                confirmEnd(Receipt.signed(receipt.put("user", "bob"), identity).text().replace("bob", "eve"));
            }
        }), Failure.INTEGRITY, "the signature of the receipt is wrong");
    }

    @Test
    void aResumePointThatCannotBeIsRefused() throws Exception {
        for (var answer : List.of(
                "{\"state\":\"partial\"}", "{\"state\":\"partial\",\"offset\":200001,\"serial\":3,\"tree\":\"\",\"lastOffset\":0,\"lastCrc\":0}",
                "{\"state\":\"partial\",\"offset\":-1,\"serial\":3}", "{\"state\":\"partial\",\"offset\":40960,\"serial\":1000000}",
                "{\"state\":\"partial\",\"offset\":40960,\"serial\":1,\"tree\":\"***\",\"lastOffset\":0,\"lastCrc\":0}",
                "{\"state\":\"partial\",\"offset\":40960,\"serial\":1,\"tree\":\"AAAAAAAAAAE=\",\"lastOffset\":0,\"lastCrc\":0}",
                "{\"state\":7}", "{}")) {
            var result = send(() -> new Rogue(ALICE, identity) {
                @Override
                ObjectNode offered(ObjectNode honest) {
                    return (ObjectNode) Json.parse(answer);
                }
            });

            assertThat(result.failure()).as(answer + ": " + result.words()).isNotEmpty();
            assertThat(result.words()).as(answer).doesNotContain("Exception", "lost", "heard");
        }
    }

    /// An honest receiver gives up when the same interval is damaged three times.
    @Test
    void aServerThatGoesBackForEverIsNotFollowedForEver() throws Exception {
        var result = send(() -> new Rogue(ALICE, identity) {
            @Override
            void checkpoint(long serial) {
                service().request(new Request.Resynchronize(
                        Optional.of(ResyncType.RESTART), Optional.of(1L), Optional.empty(), Optional.empty(), Profile.all(Token.Side.ACCEPTOR),
                        Spdu.NO_DATA));
            }
        });

        assertEnded(result, Failure.INTEGRITY, "went back");
    }

    /// It is there, by its signs of life, and confirms nothing more; a disk that hangs looks the same. The time without progress begins with the
    /// last progress, and neither the loss nor a new connection begins it anew.
    @Test
    void aServerThatConfirmsNothingIsGivenUpOnceAndForAll() throws Exception {
        var connections = new java.util.concurrent.atomic.AtomicInteger();
        var result = run(false, Duration.ofSeconds(5), loop -> OsiConnection.responder(loop, OsiLimits.DEFAULT, new Rogue(ALICE, identity) {
            @Override
            void accepted() {
                connections.incrementAndGet();
            }

            @Override
            void checkpoint(long serial) {
                service().request(serial == 1 ? new Request.SyncMinorResponse(serial, Spdu.NO_DATA)
                        : new Request.TypedData(ByteBuffer.wrap(new byte[] {'k'})));
            }

            @Override
            void ended(ObjectNode receipt) {}
        }));

        assertEnded(result, Failure.LOST, "confirmed nothing for 5 s");
        assertThat(connections).hasValue(1);
    }

    @Test
    void aServerThatSendsNothingIsGivenUp() throws Exception {
        var result = get(() -> new Rogue(ALICE, identity));

        assertEnded(result, Failure.LOST, "sent nothing for 5 s");
    }

    @Test
    void anAbortWithoutWordsIsAnAbort() throws Exception {
        for (var words : List.of("", "not json", "[]", "{\"words\":\"so\",\"code\":77}", "{\"words\":\"so\",\"code\":0}")) {
            var result = send(() -> new Rogue(ALICE, identity) {
                @Override
                void checkpoint(long serial) {
                    abort(words);
                }
            });

            assertEnded(result, Failure.ABORTED, words.startsWith("{") ? "so" : "abort");
        }
    }

    @Test
    void wordsOfAServerCannotSpeakToTheTerminal() throws Exception {
        var result = send(() -> new Rogue(ALICE, identity) {
            @Override
            void checkpoint(long serial) {
                abort("{\"words\":\"so\\u001b]0;title\\u0007 \\u009b2J\\nDone.\",\"code\":10}");
            }
        });

        assertThat(result.words()).startsWith("so").matches("\\P{Cntrl}*").doesNotContain("\u009b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/tmp/x", "a/../../x", "", ".", "..", "a//b", "a/./b", "con\u0000x", ".parley/x"})
    void aNameOutsideOfTheFolderIsRefused(String name) throws Exception {
        var answers = new java.util.concurrent.LinkedBlockingQueue<String>();
        get(() -> new Rogue(ALICE, identity) {
            @Override
            void accepted() {
                service().request(new Request.CapabilityData(Json.encode(
                        Json.object().put("name", name).put("size", 3).put("modified", 0).put("mode", 0600).put("identity", ""))));
                service().flush();
            }

            @Override
            void said(Indication indication) {
                if (indication instanceof Indication.CapabilityDataConfirm c) {
                    answers.add(Json.decode(c.userData()).path("state").asText());
                    service().request(new Request.Release(false, Spdu.NO_DATA));
                }
            }

            @Override
            public void closed(String reason) {
                answers.add("closed");
            }
        });

        assertThat(answers.take()).isIn("refused", "closed");
        try (var left = Files.walk(folder.resolve("here"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(folder.resolve("x")).doesNotExist();
    }

    /// The digest of the whole file is wrong each time.
    @Test
    void aFetchedFileWithAWrongDigestNeverAppears() throws Exception {
        var result = get(() -> new RogueSender(ALICE, identity));

        assertEnded(result, Failure.INTEGRITY, "arrived damaged");
        assertThat(folder.resolve("here/data.bin")).doesNotExist();
    }
}
