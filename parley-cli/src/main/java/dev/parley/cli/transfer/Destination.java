package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.transfer.file.NumberedName;
import dev.parley.transfer.file.SafePath;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where what is fetched goes, as `cp -r` has it: into a folder that is there or whose name ends in a slash, else under this name. Then it
/// arrives below a folder of its own in the state area beside the place, and gets its name at the end, when it is complete and durable. A run
/// that was killed before that gives it in the next one.
///
/// @param folder where the transfer puts what comes
/// @param name the place that it gets; empty when it keeps its own name in the folder
record Destination(Path folder, Optional<Path> name) {
    static Destination of(String text) throws IOException {
        var path = Path.of(text).toAbsolutePath().normalize();
        if (text.endsWith("/") || Files.isDirectory(path)) {
            Files.createDirectories(path);
            return new Destination(path.toRealPath(), Optional.empty());
        }
        var beside = Objects.requireNonNull(path.getParent());
        if (!Files.isDirectory(beside)) {
            throw new CommandFailed(ExitCode.USAGE, "there is no folder " + beside);
        }
        var place = beside.toRealPath().resolve(Objects.requireNonNull(path.getFileName()));
        return new Destination(staging(place), Optional.of(place));
    }

    private static Path staging(Path place) {
        var unique = UUID.nameUUIDFromBytes(place.toString().getBytes(StandardCharsets.UTF_8));
        return place.resolveSibling(SafePath.STATE_AREA).resolve("as-" + unique);
    }

    /// What of a command is to be deleted with its session.
    static void discard(String text, long session) throws IOException {
        var path = Path.of(text);
        Target.discardAll(new OsDisk(), path, session);
        deleteAll(staging(path));
    }

    static void deleteAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /// Looks for trouble before anything is transferred.
    ///
    /// @param open whether a transfer to here is not done yet
    /// @return true when an earlier run fetched all of it and only the name is missing
    boolean prepare(Target.OnExists onExists, boolean open) throws IOException {
        if (name.isEmpty()) {
            return false;
        }
        free(name.get(), onExists);
        Files.createDirectories(folder);
        return !open && arrived() != null;
    }

    /// Gives it its name.
    void settle(Target.OnExists onExists) throws IOException {
        var come = name.isEmpty() ? null : arrived();
        if (come == null) {
            return;
        }
        var place = free(name.get(), onExists);
        var disk = new OsDisk();
        if (onExists == Target.OnExists.REPLACE) {
            disk.move(come, place);
        } else {
            disk.moveNew(come, place);
        }
        disk.forceDirectory(Objects.requireNonNull(place.getParent()));
        deleteAll(folder);
    }

    private @Nullable Path arrived() throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(e -> !e.endsWith(SafePath.STATE_AREA)).findFirst().orElse(null);
        }
    }

    private static Path free(Path place, Target.OnExists onExists) {
        if (onExists == Target.OnExists.REPLACE || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return place;
        }
        if (onExists == Target.OnExists.FAIL) {
            throw new CommandFailed(ExitCode.OTHER, place + " exists already: use --on-exists replace or --on-exists rename");
        }
        var candidate = place;
        for (int i = 1; Files.exists(candidate, LinkOption.NOFOLLOW_LINKS); i++) {
            candidate = place.resolveSibling(NumberedName.of(String.valueOf(place.getFileName()), i));
        }
        return candidate;
    }
}
