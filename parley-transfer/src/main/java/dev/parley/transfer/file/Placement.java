package dev.parley.transfer.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;

/// Something complete and the place that it gets. It is written down before the first rename, so that after a crash it can be given its name
/// again: a file has its temporary name or its own one.
///
/// @param root the digest of a file, empty for others
/// @param part its temporary name in the state area; empty for a folder
/// @param stamp what the disk says of it, to know it again; empty for a folder
/// @param receipt the receipt that the peer signed, or empty
public record Placement(
        String name, Source.Kind kind, Version version, int mode, String root, String part, String stamp, Place place, String receipt) {
    /// @param name below the root; empty until it is chosen
    /// @param over the stamp of what may be replaced there, [#ANYTHING], or empty for nothing
    public record Place(String name, String over) {
        public static final String ANYTHING = "*";
        public static final Place NONE = new Place("", "");

        Place replacing(String stamp) {
            return new Place(name, stamp);
        }
    }

    public long size() {
        return version.size();
    }

    Placement at(Place chosen) {
        return new Placement(name, kind, version, mode, root, part, stamp, chosen, receipt);
    }

    public String details() {
        ObjectNode node = version.write(Json.object()).put("kind", kind.name()).put("mode", mode).put("root", root).put("part", part)
                .put("stamp", stamp).put("place", place.name()).put("over", place.over()).put("receipt", receipt);
        return node.toString();
    }

    public static Placement of(String name, String details) {
        var node = Json.parse(details);
        return new Placement(
                name, Source.Kind.valueOf(Json.text(node, "kind")), Version.of(node), (int) Json.number(node, "mode", -1, 0777),
                Json.text(node, "root"), Json.text(node, "part"), Json.text(node, "stamp"),
                new Place(Json.text(node, "place"), Json.text(node, "over")), Json.text(node, "receipt"));
    }
}
