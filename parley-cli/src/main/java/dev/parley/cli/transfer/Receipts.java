package dev.parley.cli.transfer;

import dev.parley.transfer.file.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/// The receipts of one side's transfers, one file each, below its state; the last one also where the user wants it.
final class Receipts {
    private final Path folder;
    private final Optional<Path> wanted;
    private volatile String last = "";

    Receipts(Path state, Optional<Path> wanted) {
        this.folder = state.resolve("receipts");
        this.wanted = wanted;
    }

    /// @param server the fingerprint of the server that gave the session its number; empty at the server itself
    void keep(long session, String server, String name, String receipt) {
        if (receipt.isEmpty()) {
            return;
        }
        var file = folder.resolve(session + "-" + UUID.nameUUIDFromBytes((server + "\n" + name).getBytes(StandardCharsets.UTF_8)) + ".json");
        try {
            Files.createDirectories(folder);
            // Whole or not at all, whenever the process is killed.
            var unfinished = Files.writeString(folder.resolve(file.getFileName() + ".new"), receipt);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            if (wanted.isPresent()) {
                Files.writeString(wanted.get(), receipt);
            }
            last = file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A receipt of several files; one about the same files takes its place.
    void keepBatch(long session, String server, String receipt) {
        var names = Receipt.parse(receipt).entries().stream().map(Receipt.Entry::name).toList();
        keep(session, server, "batch " + String.join("\n", names), receipt);
    }

    /// Where the last receipt is; empty when there was none.
    String last() {
        return last;
    }
}
