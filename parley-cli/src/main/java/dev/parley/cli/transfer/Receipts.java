package dev.parley.cli.transfer;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.transfer.file.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The receipts of one side's transfers: one file each, below its state; those of one run also where the user wants them, one a line.
final class Receipts {
    private final Path folder;
    private final Optional<Path> wanted;
    private volatile String last = "";
    private volatile int count;

    Receipts(Path state, Optional<Path> wanted) {
        this.folder = state.resolve("receipts");
        this.wanted = wanted;
    }

    /// Before anything is transferred.
    ///
    /// @throws CommandFailed when there can be no file where the user wants one
    static Optional<Path> wanted(Path file) {
        var above = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || above == null || !(Files.exists(file) ? Files.isWritable(file) : Files.isWritable(above))) {
            throw new CommandFailed(ExitCode.USAGE, "--receipt " + file + ": no file can be written there");
        }
        return Optional.of(file);
    }

    /// All receipts of a file, one a line.
    ///
    /// @throws SessionException.ProtocolViolation when something else is in it
    static List<Receipt> read(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).map(Receipt::parse).toList();
        } catch (UncheckedIOException e) {
            throw new SessionException.ProtocolViolation("it is no text");
        }
    }

    /// @param server the fingerprint of the server that gave the session its number; empty at the server itself
    /// @return where it is; empty when there is none
    String keep(long session, String server, String name, String receipt) {
        if (receipt.isEmpty()) {
            return "";
        }
        var file = folder.resolve(session + "-" + UUID.nameUUIDFromBytes((server + "\n" + name).getBytes(StandardCharsets.UTF_8)) + ".json");
        try {
            Files.createDirectories(folder);
            // Whole or not at all, whenever the process is killed.
            var unfinished = Files.writeString(folder.resolve(file.getFileName() + ".new"), receipt);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            if (wanted.isPresent()) {
                Files.writeString(wanted.get(), receipt + "\n", StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        count == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        count++;
        last = file.toString();
        return last;
    }

    /// A receipt of several files; one about the same files takes its place.
    String keepBatch(long session, String server, String receipt) {
        var names = Receipt.parse(receipt).entries().stream().map(Receipt.Entry::name).toList();
        return keep(session, server, "batch " + String.join("\n", names), receipt);
    }

    /// Where the last receipt is, in the file that the user wanted or below the state; empty when there was none.
    String last() {
        return count == 0 ? "" : wanted.map(Path::toString).orElse(last);
    }

    /// How many this run has had.
    int count() {
        return count;
    }
}
