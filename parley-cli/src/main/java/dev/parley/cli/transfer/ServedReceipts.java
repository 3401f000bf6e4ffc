package dev.parley.cli.transfer;

import dev.parley.transfer.engine.TransferEvent;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// The receipts of what a server received and gave, one file each, below its state. They are written away from the connections; closing waits
/// for the last ones.
final class ServedReceipts implements AutoCloseable {
    private final ExecutorService writing = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("parley-receipts").factory());
    private final Receipts receipts;
    private final Consumer<String> words;

    /// @param words is told when one cannot be written
    ServedReceipts(Path state, Consumer<String> words) {
        this.receipts = new Receipts(state, Optional.empty());
        this.words = words;
    }

    /// From any thread; does not block.
    void event(long session, TransferEvent event) {
        switch (event) {
            case TransferEvent.FileDone f when !f.receipt().isEmpty() -> keep(session, () -> receipts.keep(session, "", f.name(), f.receipt()));
            case TransferEvent.BatchDone b -> keep(session, () -> receipts.keepBatch(session, "", b.receipt()));
            default -> {}
        }
    }

    private void keep(long session, Runnable write) {
        writing.execute(() -> {
            try {
                write.run();
            } catch (UncheckedIOException e) {
                words.accept("a receipt of session " + session + " cannot be kept: " + e.getMessage());
            }
        });
    }

    @Override
    public void close() {
        writing.close();
    }
}
