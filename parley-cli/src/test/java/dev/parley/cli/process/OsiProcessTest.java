package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `parley osi` and `parley trace` as processes: one talks to the other, and a third reads what crossed the line.
@Timeout(300)
class OsiProcessTest {
    private static final Path SCRIPTS = Path.of("../conformance").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void theEchoAnswersOverTlsAndTheTraceReadsIt() throws Exception {
        Files.writeString(folder.resolve("echo.script"), """
                calling send   S-CONNECT request units=duplex,half-duplex,minor-sync,typed-data serial=1 data="hello"
                calling expect S-CONNECT confirm result=accepted units=duplex,minor-sync,typed-data data="hello"
                calling send   S-DATA request data=fill:3000
                calling expect S-DATA indication size=3000
                calling send   S-SYNC-MINOR request
                calling expect S-SYNC-MINOR confirm serial=1
                calling send   S-RELEASE request data="bye"
                calling expect S-RELEASE confirm result=affirmative data="bye"
                """);
        try (var parleys = new Parleys(folder)) {
            var echo = parleys.process("osi", "listen", "--echo", "--listen", "127.0.0.1:0", "--tls", "--t-selector", "hex:0001", "--json");
            var fingerprint = echo.await("fingerprint").path("fingerprint").asText();
            var address = echo.await("ready").path("address").asText();

            var stranger = parleys.run("osi", "connect", address, "--tls", "--script", parleys.at("echo.script"));
            assertThat(stranger.exit()).as(stranger.toString()).isEqualTo(5);
            assertThat(stranger.words()).contains("--fingerprint " + fingerprint);

            var wrong = parleys.run("osi", "connect", address, "--fingerprint", fingerprint, "--t-selector", "hex:0002", "--script",
                    parleys.at("echo.script"));
            assertThat(wrong.exit()).as(wrong.toString()).isNotZero();

            var caller = parleys.run("osi", "connect", address, "--fingerprint", fingerprint, "--t-selector", "hex:0001", "--tpdu-size", "1024",
                    "--script", parleys.at("echo.script"), "--pcap", parleys.at("echo.pcapng"), "--json");
            assertThat(caller.exit()).as(caller.toString()).isZero();
            assertThat(caller.told("primitive")).hasSize(8);
            assertThat(echo.told("primitive")).anyMatch(e -> e.path("service").asText().equals("S-SYNC-MINOR"));

            var trace = parleys.run("trace", parleys.at("echo.pcapng"), "--svg", parleys.at("echo.svg"), "--json");
            assertThat(trace.exit()).as(trace.toString()).isZero();
            assertThat(trace.toldAll()).contains("CONNECT", "MINOR SYNC POINT", "FINISH", "DISCONNECT").contains("\"malformed\":0");
            assertThat(Files.readString(folder.resolve("echo.svg"))).startsWith("<svg").contains("MINOR SYNC ACK");
        }
    }

    @Test
    void bothSidesAreDrivenByHand() throws Exception {
        try (var parleys = new Parleys(folder)) {
            // The response waits for the caller.
            var called = byHand(parleys, List.of("help", "S-DATA request data=\"too early\"", "S-CONNECT response data=\"welcome\"",
                    "S-DATA request data=\"typed\""), "osi", "listen", "--listen", "127.0.0.1:0", "--json");
            var address = called.await("ready").path("address").asText();
            Files.writeString(folder.resolve("abort.script"), """
                    calling send   S-CONNECT request units=duplex
                    calling expect S-CONNECT confirm result=accepted data="welcome"
                    calling expect S-DATA indication data="typed"
                    calling send   S-U-ABORT request data="enough"
                    """);
            var caller = parleys.run("osi", "connect", address, "--script", parleys.at("abort.script"), "--json");
            assertThat(caller.exit()).as(caller.toString()).isZero();
            assertThat(called.exit()).as(called.toString()).isZero();

            assertThat(called.told("primitive")).map(e -> e.path("service").asText() + " " + e.path("kind").asText())
                    .containsExactly("S-CONNECT indication", "S-CONNECT response", "S-DATA request", "S-U-ABORT indication");
            assertThat(called.words()).contains("there is no session yet", "S-RELEASE response result=affirmative");

            var echo = parleys.process("osi", "listen", "--echo", "--listen", "127.0.0.1:0", "--json");
            var calling = byHand(parleys, List.of("S-CONNECT request units=half-duplex data=\"hello\"", "S-SYNC-MAJOR request", "S-RELEASE request"),
                    "osi", "connect", echo.await("ready").path("address").asText(), "--json");
            assertThat(calling.exit()).as(calling.toString()).isZero();
            assertThat(calling.told("primitive")).map(e -> e.path("service").asText() + " " + e.path("kind").asText())
                    .containsExactly("S-CONNECT request", "S-CONNECT confirm", "S-RELEASE request", "S-RELEASE confirm");
            assertThat(calling.words()).contains("SSYNMreq");
        }
    }

    @Test
    void aScriptRunsOnBothSides() throws Exception {
        try (var parleys = new Parleys(folder)) {
            var script = SCRIPTS.resolve("resynchronize-restart.script").toString();
            var called = parleys.thread("osi", "listen", "--listen", "127.0.0.1:0", "--script", script, "--json");
            var address = called.await("ready").path("address").asText();
            assertThat(parleys.run("osi", "connect", address, "--script", script, "--json").exit()).isZero();
            assertThat(called.exit()).as(called.toString()).isZero();
        }
    }

    private Parleys.Child byHand(Parleys parleys, List<String> lines, String... command) throws Exception {
        var typed = Files.write(Files.createTempFile(folder, "typed", ".txt"), lines);
        return parleys.process(typed, ProcessBuilder.Redirect.PIPE, command);
    }
}
