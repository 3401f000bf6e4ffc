package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Names;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.file.Version;
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
    private final Store store;
    private final Store.Session session;
    private final Names names;
    private final Target.OnExists onExists;
    private final int pageSize;
    /// Folders with new names that no round has forced yet.
    private final Set<Path> renamed = new LinkedHashSet<>();

    Journal(Store store, Store.Session session, Names names, Target.OnExists onExists, int pageSize) {
        this.store = store;
        this.session = session;
        this.names = names;
        this.onExists = onExists;
        this.pageSize = pageSize;
    }

    Disk disk() {
        return names.disk();
    }

    Path root() {
        return names.root();
    }

    Path area() {
        return names.area();
    }

    int pageSize() {
        return pageSize;
    }

    /// Whether what is offered could get a place.
    ///
    /// @param seen folders that were found for what was offered with it
    /// @throws dev.parley.api.SessionException.Refused when it could not
    void check(String name, Source.Kind kind, Optional<Placement> before, Set<Path> seen) throws IOException {
        names.check(name, kind, onExists, before, seen);
    }

    /// Where this version of something is received.
    Target target(String name, Source.Kind kind, Version version) {
        return target(Target.part(session.number(), name, kind, version));
    }

    Target target(String part) {
        return new Target(names, part);
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

    /// Nobody wants this any more. The record goes first: one without its content would look like damage from outside.
    void discard(Target target, String name) throws IOException {
        store.discard(session.number(), session.epoch(), name);
        target.discard();
    }

    /// These are complete and written, their files known to the round: makes them durable and gives them their names.
    ///
    /// @param last true when the names must be durable on return; otherwise a later call does that
    void place(List<Placement> complete, Disk.Round round, boolean last) throws IOException {
        var chosen = names.choose(complete, onExists, this::completion);
        try {
            var folders = new LinkedHashSet<>(renamed);
            folders.addAll(names.prepare(chosen));
            round.force(folders);
            renamed.clear();
            record(chosen);
            settle(chosen);
        } finally {
            names.release(chosen);
        }
        if (last) {
            forceNames(round);
        }
    }

    private void record(List<Placement> placements) {
        store.complete(session.number(), session.epoch(), placements.stream()
                .map(each -> new Store.Completion(each.name(), each.details())).toList());
    }

    /// Gives them their names, perhaps once more: a crash may have come between the record and the rename, or before the names were forced.
    /// Where something else took the place meanwhile they get another one, or stay where they are.
    ///
    /// @throws dev.parley.api.SessionException.Refused when one cannot have a place; it keeps its record and its content
    void settle(List<Placement> placements) throws IOException {
        renamed.addAll(names.touched(placements));
        for (var taken = names.settle(placements); !taken.isEmpty(); ) {
            var chosen = names.choose(taken, onExists, this::completion);
            try {
                record(chosen);
                taken = names.settle(chosen);
            } finally {
                names.release(chosen);
            }
        }
    }

    void forceNames(Disk.Round round) throws IOException {
        if (!renamed.isEmpty()) {
            round.force(List.copyOf(renamed));
            renamed.clear();
        }
    }
}
