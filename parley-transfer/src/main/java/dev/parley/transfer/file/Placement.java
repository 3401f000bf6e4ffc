package dev.parley.transfer.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something complete and the place that it gets. It is written down before the first rename, so that after a crash [#settle] can be done
/// again: a file has its temporary name or its own one.
///
/// @param temporary where it waits; empty for a folder
/// @param root the digest of a file, empty for others
/// @param receipt the receipt that the peer signed, or empty
public record Placement(
        String name, Source.Kind kind, long size, long modifiedNanos, int mode, String root, Optional<Path> temporary, Path path,
        String receipt) {
    public String details() {
        ObjectNode node = Json.object().put("kind", kind.name()).put("size", size).put("modified", modifiedNanos).put("mode", mode)
                .put("root", root).put("path", path.toString()).put("receipt", receipt);
        temporary.ifPresent(file -> node.put("temporary", file.toString()));
        return node.toString();
    }

    public static Placement of(String name, String details) {
        var node = Json.parse(details);
        return new Placement(
                name, Source.Kind.valueOf(Json.text(node, "kind")), Json.number(node, "size", 0, Long.MAX_VALUE),
                Json.number(node, "modified", Long.MIN_VALUE, Long.MAX_VALUE), (int) Json.number(node, "mode", -1, 0777),
                Json.text(node, "root"), Optional.ofNullable(node.get("temporary")).map(text -> Path.of(text.asText())),
                Path.of(Json.text(node, "path")), Json.text(node, "receipt"));
    }

    /// Makes the folders on the way to the place. They must be durable before [#settle]: after a power failure the file has the old name or
    /// the new one, and both can be found.
    ///
    /// @return the folders whose names must be forced
    public Set<Path> prepare(Disk disk, Path top) throws IOException {
        var folder = kind == Source.Kind.FOLDER ? path : Objects.requireNonNull(path.toAbsolutePath().getParent());
        disk.createDirectories(folder);
        return wayTo(folder, top);
    }

    /// Gives it its name, or a folder its time and mode. It may be done again.
    public void settle(Disk disk) throws IOException {
        if (temporary.isPresent()) {
            if (disk.exists(temporary.get())) {
                disk.move(temporary.get(), path);
            }
        } else if (kind == Source.Kind.FOLDER && disk.exists(path)) {
            disk.setAttributes(path, modifiedNanos, mode);
        }
    }

    /// The folders whose names change when these are settled.
    public static Set<Path> touched(Collection<Placement> placements) {
        var folders = new LinkedHashSet<Path>();
        for (var each : placements) {
            each.temporary.ifPresent(file -> folders.add(Objects.requireNonNull(file.getParent())));
            folders.add(each.kind == Source.Kind.FOLDER ? each.path : Objects.requireNonNull(each.path.toAbsolutePath().getParent()));
        }
        return folders;
    }

    private static Set<Path> wayTo(Path folder, Path top) {
        var way = new LinkedHashSet<Path>();
        for (@Nullable Path at = folder; at != null && at.startsWith(top.toAbsolutePath()); at = at.getParent()) {
            way.add(at);
        }
        return way;
    }
}
