package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What a client keeps of a transfer: its record, and of a get the journal and what is unfinished in the folder.
record Remnants(Store store, Disk disk, Path folder) {
    /// Forgets all of it, also where somebody has begun to. Blocking.
    ///
    /// @param known the number of the journal, as far as it is known
    /// @throws IOException when something unfinished cannot be deleted; all else is forgotten
    void drop(String transfer, Optional<Long> known) throws IOException {
        var journal = known.or(() -> store.transfer(transfer).flatMap(t -> store.adopted(t.server(), t.session())));
        store.removeTransfer(transfer);
        if (journal.isPresent()) {
            store.removeSession(journal.get());
            Target.discardAll(disk, folder, journal.get());
        }
    }
}
