package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.cli.term.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands write captures; what is in them is the matter of the recorder's own test.
@Timeout(60)
class NetbiosPcapTest {
    /// NOBODY<20> as it is on the line (RFC 1001 section 14.1).
    private static final String ENCODED = "EOEPECEPEEFJCACACACACACACACACACA";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyCommandOffersIt() {
        var commands = Objects.requireNonNull(Parley.commandLine().getSubcommands().get("netbios")).getSubcommands();
        assertThat(commands.keySet()).contains("lookup", "status", "scan", "serve", "call", "listen", "ls", "get", "put");
        assertThat(commands.values()).allMatch(c -> c.getCommandSpec().findOption("--pcap") != null);
    }

    @Test
    void aQueryIsInTheFileWhenTheCommandHasEnded() throws IOException {
        int port;
        try (var probe = new DatagramSocket(0)) {
            port = probe.getLocalPort();
        }
        var file = folder.resolve("lookup.pcapng");
        assertThat(run("netbios", "lookup", "NOBODY#20", "--network", "127.0.12.1/8", "--name-port", "" + port, "--pcap", file.toString()))
                .isEqualTo(ExitCode.LOST.number());
        // Three requests by broadcast.
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).split(ENCODED, -1)).hasSize(4);
    }

    @Test
    void aFileThatCannotBeWrittenEndsTheCommandBeforeItAsks() {
        assertThat(run("netbios", "lookup", "NOBODY", "--network", "127.0.12.1/8", "--pcap", folder.resolve("no/such.pcapng").toString()))
                .isNotIn(ExitCode.DONE.number(), ExitCode.LOST.number());
    }

    private static int run(String... args) {
        var command = Parley.commandLine();
        return command.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(new StringWriter())).execute(args);
    }
}
