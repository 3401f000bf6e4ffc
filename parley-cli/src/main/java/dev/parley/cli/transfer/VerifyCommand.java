package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.SafePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks a file, or all files of a folder, against the receipts of their transfer: the signature of the server, and each octet.
@Command(
        name = "verify",
        description = "Check a file or a folder against the receipts of its transfer.",
        footer = {
            "",
            "Examples:",
            "  parley send dump.img alice@server --receipt dump.receipt",
            "  parley verify dump.img dump.receipt --fingerprint SHA256:...",
            "  parley verify photos photos.receipts"
        })
public final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The file or the folder, here or at the other side.")
    private Path file = Path.of("");

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "RECEIPT", description = "Files with receipts, one a line.")
    private List<Path> receipts = List.of();

    @Option(names = "--fingerprint", paramLabel = "SHA256:...", description = "The receipts must be signed by this server.")
    private @Nullable String fingerprint;

    @Override
    public Integer call() throws IOException {
        var terminal = output.terminal();
        var paths = new ArrayList<>(receipts);
        paths.add(file);
        for (var path : paths) {
            if (!Files.isReadable(path)) {
                throw new CommandFailed(ExitCode.SOURCE, "there is no readable " + path);
            }
        }
        var all = new ArrayList<Receipt>();
        for (var path : receipts) {
            if (Files.isDirectory(path)) {
                throw new CommandFailed(ExitCode.SOURCE, path + " is a folder: give the files with receipts that are in it");
            }
            try {
                all.addAll(Receipts.read(path));
            } catch (SessionException.ProtocolViolation e) {
                throw new CommandFailed(ExitCode.SOURCE, path + " is no receipt: " + e.getMessage(), "", "", e);
            }
        }
        if (all.isEmpty()) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no receipt in " + receipts.getFirst());
        }
        var signers = new HashSet<String>();
        all.forEach(receipt -> signers.add(signer(receipt)));
        var signer = signers.size() == 1 ? signers.iterator().next() : "";
        if (Files.isDirectory(file)) {
            folder(terminal, all, signer);
        } else {
            var entry = Receipt.check(Receipt.named(all, file), file);
            tell(terminal, entry, signer);
            terminal.say(file + " is what was transferred as " + entry.name() + ": " + Size.text(entry.size()) + ", root " + entry.root());
        }
        terminal.say(signers.contains("") ? "not every receipt is signed: that says what the receiver checked"
                : "signed by " + (signers.size() == 1 ? "the server " : "the servers ") + String.join(", ", signers));
        return ExitCode.DONE.number();
    }

    private String signer(Receipt receipt) {
        boolean signed = receipt.content().has("signature");
        if (!signed && fingerprint != null) {
            throw new CommandFailed(ExitCode.INTEGRITY, "the receipt is not signed");
        }
        var signer = signed ? receipt.verifySignature() : "";
        if (fingerprint != null && !fingerprint.equals(signer)) {
            throw new CommandFailed(ExitCode.INTEGRITY, "the receipt is signed by " + signer + ", expected was " + fingerprint);
        }
        return signer;
    }

    /// Each file that a receipt speaks of, and nothing else.
    private void folder(Terminal terminal, List<Receipt> all, String signer) throws IOException {
        var meant = new LinkedHashMap<Path, List<Receipt.Stated>>();
        for (var stated : Receipt.stated(all)) {
            meant.computeIfAbsent(place(stated.entry()), _ -> new ArrayList<>()).add(stated);
        }
        long octets = 0;
        for (var each : meant.entrySet()) {
            var entry = Receipt.check(each.getValue(), each.getKey());
            tell(terminal, entry, signer);
            octets += entry.size();
        }
        long others;
        try (var there = Files.walk(file)) {
            others = there.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && !meant.containsKey(path)).count();
        }
        terminal.say(file + " has what was transferred: " + meant.size() + (meant.size() == 1 ? " file, " : " files, ") + Size.text(octets));
        if (others > 0) {
            terminal.say("no receipt speaks of " + others + " other " + (others == 1 ? "file" : "files") + " there");
        }
    }

    /// Names begin with the folder that was sent; the served folder is not in them.
    private Path place(Receipt.Entry entry) throws IOException {
        var name = Path.of(entry.name());
        var here = file.toAbsolutePath().normalize().getFileName();
        var below = here != null && name.getNameCount() > 1 && name.getName(0).equals(here) ? name.subpath(1, name.getNameCount()) : name;
        for (var candidate : List.of(below, name)) {
            var path = SafePath.resolve(file, candidate.toString());
            if (Files.isRegularFile(path)) {
                return path;
            }
        }
        throw new SessionException.IntegrityFailure("the file " + entry.name() + " of a receipt is not in " + file);
    }

    private static void tell(Terminal terminal, Receipt.Entry entry, String signer) {
        terminal.tell(Terminal.event("verified").put("name", entry.name()).put("bytes", entry.size()).put("digest", entry.root())
                .put("server", signer));
    }
}
