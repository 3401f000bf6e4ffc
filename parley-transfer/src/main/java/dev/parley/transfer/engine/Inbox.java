package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Decides what to do with an offered file: the journal of this session is the only truth about what is here. Blocking.
final class Inbox {
    /// The answer to the sender, and the file when it is wanted.
    record Answer(ObjectNode words, @Nullable Incoming incoming) {}

    private final Disk disk;
    private final Store store;
    private final Store.Session session;
    private final Path root;
    private final Target.OnExists onExists;
    private final UnaryOperator<ObjectNode> receipt;

    /// @param receipt completes and signs a receipt that has name, size and root
    Inbox(Disk disk, Store store, Store.Session session, Path root, Target.OnExists onExists, UnaryOperator<ObjectNode> receipt) {
        this.disk = disk;
        this.store = store;
        this.session = session;
        this.root = root;
        this.onExists = onExists;
        this.receipt = receipt;
    }

    Answer offered(JsonNode offer) throws IOException {
        var name = Json.text(offer, "name");
        long size = Json.number(offer, "size", 0, Long.MAX_VALUE);
        long modified = Json.number(offer, "modified", Long.MIN_VALUE, Long.MAX_VALUE);
        int mode = (int) Json.number(offer, "mode", -1, 0777);
        var completion = store.completion(session.number(), name);
        if (completion.isPresent()) {
            return done(completion.get());
        }
        Target target;
        try {
            target = new Target(disk, root, session.number(), name);
        } catch (SessionException.Refused e) {
            return refused(String.valueOf(e.getMessage()));
        }
        var progress = store.progress(session.number(), name);
        if (progress.isPresent()) {
            return again(progress.get(), target, name, size, modified, mode);
        }
        if (onExists == Target.OnExists.FAIL && target.exists()) {
            return refused(name + " exists already at the receiver: use --on-exists replace or --on-exists rename");
        }
        return new Answer(Json.object().put("state", "new"), incoming(target, size, modified, mode, null, name));
    }

    private Answer again(Store.Progress p, Target target, String name, long size, long modified, int mode) throws IOException {
        var details = Json.parse(p.name());
        if (p.size() != size || Json.number(details, "modified", Long.MIN_VALUE, Long.MAX_VALUE) != modified) {
            return new Answer(Json.object().put("state", "changed"), null);
        }
        var incoming = incoming(target, size, modified, mode, p, name);
        if (p.offset() == size && target.isInPlace(size)) {
            // Killed between the rename and the record of it: the journal has the whole tree, the file has its name.
            return done(new Recorder(name, size, modified).complete(
                    dev.parley.transfer.tree.TreeState.fromBytes(p.tree()).rootHex()));
        }
        var words = Json.object().put("state", "partial").put("serial", p.serial()).put("offset", p.offset())
                .put("tree", Base64.getEncoder().encodeToString(p.tree()))
                .put("lastOffset", Json.number(details, "lastOffset", 0, Long.MAX_VALUE))
                .put("lastCrc", Json.number(details, "lastCrc", Integer.MIN_VALUE, Integer.MAX_VALUE));
        return new Answer(words, incoming);
    }

    private Incoming incoming(Target target, long size, long modified, int mode, Store.@Nullable Progress from, String name) {
        return new Incoming(target, onExists, size, modified, mode, from, new Recorder(name, size, modified));
    }

    private static Answer done(String text) {
        return new Answer(
                Json.object().put("state", "done").put("root", Json.text(Json.parse(text), "root")).put("receipt", text), null);
    }

    private static Answer refused(String words) {
        return new Answer(Json.object().put("state", "refused").put("words", words), null);
    }

    /// Writes the journal of one file.
    private final class Recorder implements Incoming.Record {
        private final String name;
        private final long size;
        private final long modified;

        Recorder(String name, long size, long modified) {
            this.name = name;
            this.size = size;
            this.modified = modified;
        }

        @Override
        public void confirm(long serial, long offset, byte[] tree, long lastOffset, int lastCrc) {
            var details = Json.object().put("modified", modified).put("lastOffset", lastOffset).put("lastCrc", lastCrc);
            store.confirm(new Store.Progress(
                    session.number(), name, session.epoch(), serial, offset, tree, details.toString(), size));
        }

        @Override
        public String complete(String rootHex) {
            var text = receipt.apply(Json.object().put("name", name).put("size", size).put("root", rootHex)).toString();
            store.complete(session.number(), name, text);
            return text;
        }
    }

}
