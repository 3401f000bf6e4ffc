package dev.parley.transfer.file;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The names below the folder that a session works in. A name is resolved at the moment of use, step by step and not through links. A place is
/// chosen for one only, and what gets a place that has to be free never replaces anything, not even what another program put there just now.
/// All that work below one served folder in a process share the lock and the reserved places.
public final class Names {
    private final Disk disk;
    private final Path root;
    /// Places that were chosen and have nothing yet; also the lock of all changes of names.
    private final Set<Path> reserved;

    public Names(Disk disk, Path root) {
        this(disk, root, new HashSet<>());
    }

    private Names(Disk disk, Path root, Set<Path> reserved) {
        this.disk = disk;
        this.root = root.toAbsolutePath();
        this.reserved = reserved;
    }

    /// The names below another folder, which this one knows of.
    public Names below(Path folder) {
        return new Names(disk, folder, reserved);
    }

    public Disk disk() {
        return disk;
    }

    public Path root() {
        return root;
    }

    /// Where unfinished files wait.
    public Path area() {
        return root.resolve(SafePath.STATE_AREA);
    }

    /// Whether what is offered could get a place as things are now.
    ///
    /// @param seen folders that were found for what was offered with it; those that are found are added
    /// @throws SessionException.Refused when it could not
    public void check(String name, Source.Kind kind, Target.OnExists onExists, Optional<Placement> before, Set<Path> seen) throws IOException {
        synchronized (reserved) {
            choice(name, kind, onExists, before, seen);
        }
    }

    /// Chooses their places and reserves them until [#release].
    ///
    /// @param before finds what this session completed under a name
    /// @throws SessionException.Refused when something is there and must stay; then nothing is reserved
    public List<Placement> choose(
            List<Placement> complete, Target.OnExists onExists, Function<String, Optional<Placement>> before) throws IOException {
        var chosen = new ArrayList<Placement>();
        var seen = new HashSet<Path>();
        boolean all = false;
        try {
            for (var each : complete) {
                synchronized (reserved) {
                    var place = choice(each.name(), each.kind(), onExists, before.apply(each.name()), seen);
                    chosen.add(each.at(place));
                    if (place.over().isEmpty() && each.kind() != Source.Kind.FOLDER) {
                        reserved.add(resolve(place.name(), seen));
                    }
                }
            }
            all = true;
            return chosen;
        } finally {
            if (!all) {
                release(chosen);
            }
        }
    }

    public void release(Collection<Placement> chosen) {
        synchronized (reserved) {
            chosen.stream().filter(each -> each.place().over().isEmpty()).forEach(each -> reserved.remove(root.resolve(each.place().name())));
        }
    }

    private Placement.Place choice(
            String name, Source.Kind kind, Target.OnExists onExists, Optional<Placement> before, Set<Path> seen) throws IOException {
        var path = resolve(name, seen);
        var there = disk.entry(path);
        boolean folderThere = there.isPresent() && there.get().kind() == Disk.Entry.Kind.FOLDER;
        if (kind == Source.Kind.FOLDER) {
            if (there.isPresent() && !folderThere) {
                throw new SessionException.Refused(name + " is no folder at the receiver: remove it there first");
            }
            return new Placement.Place(name, "");
        }
        if (before.isPresent() && stamp(before.get().place().name(), seen).equals(before.get().stamp()) && !before.get().stamp().isEmpty()) {
            return before.get().place().replacing(before.get().stamp());
        }
        return switch (onExists) {
            case FAIL -> {
                if (there.isPresent() || reserved.contains(path)) {
                    throw new SessionException.Refused(name + " exists already at the receiver: use --on-exists replace or --on-exists rename");
                }
                yield new Placement.Place(name, "");
            }
            case REPLACE -> {
                if (folderThere) {
                    throw new SessionException.Refused(name + " is a folder at the receiver, which no file replaces: use --on-exists rename");
                }
                yield new Placement.Place(name, Placement.Place.ANYTHING);
            }
            case RENAME -> {
                var candidate = name;
                for (int i = 1; isTaken(resolve(candidate, seen)); i++) {
                    candidate = NumberedName.of(name, i);
                }
                yield new Placement.Place(candidate, "");
            }
        };
    }

    private boolean isTaken(Path path) throws IOException {
        return reserved.contains(path) || disk.entry(path).isPresent();
    }

    /// Makes the folders on the way to the places. They must be durable before [#settle]: after a power failure a file has the old name or
    /// the new one, and both can be found.
    ///
    /// @return the folders whose names must be forced
    public Set<Path> prepare(Collection<Placement> placements) throws IOException {
        var folders = new LinkedHashSet<Path>();
        var seen = new HashSet<Path>();
        synchronized (reserved) {
            for (var each : placements) {
                var folder = folderOf(each, seen);
                disk.createDirectories(folder);
                for (@Nullable Path at = folder; at != null && at.startsWith(root); at = at.getParent()) {
                    folders.add(at);
                }
                if (!each.part().isEmpty()) {
                    folders.add(area());
                }
            }
        }
        return folders;
    }

    /// Gives them their names, folders their times and modes. It may be done again.
    ///
    /// @return those that did not get their names, because something else has got them
    public List<Placement> settle(Collection<Placement> placements) throws IOException {
        var taken = new ArrayList<Placement>();
        var seen = new HashSet<Path>();
        for (var each : placements) {
            synchronized (reserved) {
                if (!settle(each, seen)) {
                    taken.add(each);
                }
            }
        }
        return taken;
    }

    private boolean settle(Placement placement, Set<Path> seen) throws IOException {
        if (placement.kind() == Source.Kind.FOLDER) {
            var folder = folderOf(placement, seen);
            if (disk.entry(folder).isPresent()) {
                disk.setAttributes(folder, placement.version().modifiedNanos(), placement.mode());
            }
            return true;
        }
        var path = resolve(placement.place().name(), seen);
        var part = area().resolve(placement.part());
        if (disk.entry(part).isEmpty()) {
            return true;
        }
        var there = disk.entry(path);
        if (there.isPresent()) {
            var over = placement.place().over();
            boolean replaces = there.get().kind() != Disk.Entry.Kind.FOLDER
                    && (over.equals(Placement.Place.ANYTHING) || over.equals(there.get().stamp()));
            if (replaces) {
                disk.move(part, path);
            }
            return replaces;
        }
        try {
            disk.moveNew(part, path);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        }
    }

    /// The folders whose names change when these are settled.
    public Set<Path> touched(Collection<Placement> placements) throws IOException {
        var folders = new LinkedHashSet<Path>();
        var seen = new HashSet<Path>();
        for (var each : placements) {
            if (!each.part().isEmpty()) {
                folders.add(area());
            }
            folders.add(folderOf(each, seen));
        }
        return folders;
    }

    private Path folderOf(Placement placement, Set<Path> seen) throws IOException {
        var name = placement.place().name();
        return placement.kind() == Source.Kind.FOLDER
                ? SafePath.folder(disk, root, name, seen) : Objects.requireNonNull(resolve(name, seen).getParent());
    }

    private String stamp(String name, Set<Path> seen) throws IOException {
        return disk.entry(resolve(name, seen)).map(Disk.Entry::stamp).orElse("");
    }

    private Path resolve(String name, Set<Path> seen) throws IOException {
        return SafePath.resolve(disk, root, name, seen);
    }
}
