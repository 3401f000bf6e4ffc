package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.file.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks a file against the receipt of its transfer: the signature of the server, and each octet.
@Command(
        name = "verify",
        description = "Check a file against the receipt of its transfer.",
        footer = {
            "",
            "Examples:",
            "  parley send dump.img alice@server --receipt dump.receipt",
            "  parley verify dump.img dump.receipt --fingerprint SHA256:..."
        })
public final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The file, here or at the other side.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "RECEIPT", description = "The receipt.")
    private Path receipt = Path.of("");

    @Option(names = "--fingerprint", paramLabel = "SHA256:...", description = "The receipt must be signed by this server.")
    private @Nullable String fingerprint;

    @Override
    public Integer call() throws IOException {
        var terminal = output.terminal();
        Receipt content;
        for (var path : new Path[] {file, receipt}) {
            if (!Files.isReadable(path)) {
                throw new CommandFailed(ExitCode.SOURCE, "there is no readable " + path);
            }
        }
        try {
            content = Receipt.parse(Files.readString(receipt));
        } catch (SessionException.ProtocolViolation e) {
            throw new CommandFailed(ExitCode.SOURCE, receipt + " is no receipt: " + e.getMessage(), "", "", e);
        }
        boolean signed = content.content().has("signature");
        if (!signed && fingerprint != null) {
            throw new CommandFailed(ExitCode.INTEGRITY, "the receipt is not signed");
        }
        var signer = signed ? content.verifySignature() : "";
        if (fingerprint != null && !fingerprint.equals(signer)) {
            throw new CommandFailed(ExitCode.INTEGRITY, "the receipt is signed by " + signer + ", expected was " + fingerprint);
        }
        var entry = content.check(file);
        terminal.tell(Terminal.event("verified").put("name", entry.name()).put("bytes", entry.size()).put("digest", entry.root())
                .put("server", signer));
        terminal.say(file + " is what was transferred as " + entry.name() + ": " + Size.text(entry.size()) + ", root " + entry.root());
        terminal.say(signed ? "signed by the server " + signer : "the receipt is not signed: it says what the receiver checked");
        return ExitCode.DONE.number();
    }
}
