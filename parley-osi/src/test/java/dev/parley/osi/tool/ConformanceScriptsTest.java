package dev.parley.osi.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.SessionId;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.user.OsiProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each script of the folder `conformance`, both sides against each other on a real connection.
class ConformanceScriptsTest {
    private static final Path FOLDER = Path.of("../conformance");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final OsiProtocol ANY = OsiProtocol.with(FunctionalUnit.DUPLEX);

    static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".script")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void bothSidesDoWhatTheScriptSays(String file) throws Exception {
        var script = Script.parse(Files.readString(FOLDER.resolve(file)));
        var lines = Collections.synchronizedList(new ArrayList<String>());

        try {
            run(script, lines);
        } catch (ScriptFailed | ExecutionException e) {
            throw new AssertionError(file + ": " + e.getMessage() + "\n" + String.join("\n", lines), e);
        }
    }

    private static void run(Script script, List<String> lines) throws Exception {
        var calling = new ScriptRunner(ANY, PATIENCE, new Lines("calling ", lines));
        var called = new ScriptRunner(ANY, PATIENCE, new Lines("called  ", lines));
        try (var listening = called.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var other = new CompletableFuture<Void>();
            Thread.ofVirtual().start(() -> {
                try {
                    listening.run(script);
                    other.complete(null);
                } catch (RuntimeException | Error e) {
                    other.completeExceptionally(e);
                }
            });
            calling.call(script, listening.address());
            other.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void thereIsAScriptForEveryFunctionalUnit() throws IOException {
        var all = new StringBuilder();
        for (var file : scripts()) {
            all.append(Files.readString(FOLDER.resolve(file)));
        }

        for (var unit : FunctionalUnit.values()) {
            assertThat(all.toString().contains(Values.plain(unit))).as(unit + " in a script").isTrue();
        }
        assertThat(scripts()).hasSizeGreaterThan(40);
    }

    record Lines(String side, List<String> lines) implements PrimitiveLog {
        @Override
        public void primitive(SessionId session, boolean issued, Primitive primitive) {
            lines.add(side + (issued ? "--> " : "<-- ") + primitive);
        }

        @Override
        public void remark(SessionId session, String words) {
            lines.add(side + "... " + words);
        }
    }
}
