package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The durable record of a receiver for one session. The order of durability is written down here and nowhere else:
///
/// - a checkpoint of a file: content forced, then the record;
/// - something complete: content, attributes and the way to its place forced, then the record, then the rename, then the names forced.
///
/// Only after these is anything confirmed. Blocking; used by one piece of work at a time.
final class Journal {
    private final Disk disk;
    private final Store store;
    private final Store.Session session;
    private final Path root;
    private final int pageSize;
    /// Folders with new names that no round has forced yet.
    private final Set<Path> renamed = new LinkedHashSet<>();

    Journal(Disk disk, Store store, Store.Session session, Path root, int pageSize) {
        this.disk = disk;
        this.store = store;
        this.session = session;
        this.root = root;
        this.pageSize = pageSize;
    }

    Disk disk() {
        return disk;
    }

    Target target(String name) {
        return new Target(disk, root, session.number(), name);
    }

    Path root() {
        return root;
    }

    int pageSize() {
        return pageSize;
    }

    Optional<Store.Progress> progress(String name) {
        return store.progress(session.number(), name);
    }

    /// What is complete, as it was written down.
    Optional<Placement> completion(String name) {
        return store.completion(session.number(), name).map(details -> Placement.of(name, details));
    }

    /// Everything up to here is verified and written: makes it durable.
    void checkpoint(Target target, String name, long serial, long offset, byte[] tree, String details, long size) throws IOException {
        target.force();
        store.confirm(new Store.Progress(session.number(), name, session.epoch(), serial, offset, tree, details, size));
    }

    /// These are complete and written, their files known to the round: makes them durable and gives them their names.
    ///
    /// @param last true when the names must be durable on return; otherwise a later call does that
    void place(List<Placement> placements, Disk.Round round, boolean last) throws IOException {
        var folders = new LinkedHashSet<>(renamed);
        for (var each : placements) {
            folders.addAll(each.prepare(disk, root));
            each.temporary().map(Path::getParent).ifPresent(folders::add);
        }
        round.force(folders);
        renamed.clear();
        store.complete(session.number(), session.epoch(), placements.stream()
                .map(each -> new Store.Completion(each.name(), each.details())).toList());
        settle(placements);
        if (last) {
            forceNames(round);
        }
    }

    /// Gives them their names, perhaps once more: a crash may have come between the record and the rename, or before the names were forced.
    void settle(List<Placement> placements) throws IOException {
        for (var each : placements) {
            each.settle(disk);
        }
        renamed.addAll(Placement.touched(placements));
    }

    void forceNames(Disk.Round round) throws IOException {
        if (!renamed.isEmpty()) {
            round.force(List.copyOf(renamed));
            renamed.clear();
        }
    }
}
