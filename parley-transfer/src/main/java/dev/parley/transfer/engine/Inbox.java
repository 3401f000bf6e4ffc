package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides what to do with what is offered: the journal of this session is the only truth about what is here. Blocking.
final class Inbox {
    /// The answer to the sender, what is wanted of it, and what of it is complete already.
    record Answer(ObjectNode words, @Nullable Incoming incoming, List<Placement> complete, String receipt) {}

    private static final int MOST_LINK = 4096;

    private final Journal journal;
    private final Target.OnExists onExists;
    private final Incoming.Receipts receipts;
    private final Room room;

    /// How much a user may still store.
    interface Room extends Incoming.Quota {
        boolean has(long octets);
    }

    Inbox(Journal journal, Target.OnExists onExists, Incoming.Receipts receipts, Room room) {
        this.journal = journal;
        this.onExists = onExists;
        this.receipts = receipts;
        this.room = room;
    }

    Answer offered(JsonNode offer) throws IOException {
        try {
            return offer.has("batch") ? batch(offer) : file(offer);
        } catch (SessionException.Refused e) {
            return refused(Failure.OTHER, String.valueOf(e.getMessage()));
        } catch (SessionException.LimitReached e) {
            return refused(Failure.LIMIT, String.valueOf(e.getMessage()));
        }
    }

    private Answer file(JsonNode node) throws IOException {
        var offer = new IncomingFile.Offer(
                Json.text(node, "name"), Json.number(node, "size", -1, Long.MAX_VALUE),
                Json.number(node, "modified", Long.MIN_VALUE, Long.MAX_VALUE), (int) Json.number(node, "mode", -1, 0777),
                node.path("identity").asText(""));
        var target = journal.target(offer.name());
        var before = journal.completion(offer.name());
        if (before.isPresent() && isSame(before.get(), offer.size(), offer.modifiedNanos())) {
            return complete(before.get());
        }
        var progress = journal.progress(offer.name());
        long confirmed = progress.map(Store.Progress::offset).orElse(0L);
        if (!room.has(Math.max(0, offer.size()) - confirmed)) {
            throw new SessionException.LimitReached("there is no room for " + offer.name() + " within the quota; what was confirmed is kept");
        }
        var policy = new IncomingFile.Policy(onExists, before.map(Placement::path), receipts, room);
        if (progress.isPresent()) {
            return partial(progress.get(), offer, policy);
        }
        checkFree(target, offer.name(), before);
        return new Answer(Json.object().put("state", "new"), new IncomingFile(journal, offer, policy, null), List.of(), "");
    }

    /// A stream has no size and no time of its own: what is complete is the same.
    private static boolean isSame(Placement before, long size, long modifiedNanos) {
        return size < 0 || before.size() == size && before.modifiedNanos() == modifiedNanos;
    }

    private void checkFree(Target target, String name, Optional<Placement> before) throws IOException {
        if (onExists == Target.OnExists.FAIL && before.isEmpty() && target.exists()) {
            throw new SessionException.Refused(name + " exists already at the receiver: use --on-exists replace or --on-exists rename");
        }
    }

    private Answer partial(Store.Progress p, IncomingFile.Offer offer, IncomingFile.Policy policy) {
        var details = Json.parse(p.name());
        var identity = Json.text(details, "identity");
        boolean stream = offer.size() < 0;
        // With no identity everything is compared.
        if (p.size() != offer.size() || !stream && !offer.identity().isEmpty() && (!identity.equals(offer.identity())
                || Json.number(details, "modified", Long.MIN_VALUE, Long.MAX_VALUE) != offer.modifiedNanos())) {
            return new Answer(Json.object().put("state", "changed"), null, List.of(), "");
        }
        var words = Json.object().put("state", "partial").put("serial", p.serial()).put("offset", p.offset())
                .put("tree", Base64.getEncoder().encodeToString(p.tree()))
                .put("lastOffset", Json.number(details, "lastOffset", 0, Long.MAX_VALUE))
                .put("lastCrc", Json.number(details, "lastCrc", Integer.MIN_VALUE, Integer.MAX_VALUE));
        return new Answer(words, new IncomingFile(journal, offer, policy, p), List.of(), "");
    }

    private Answer complete(Placement placement) throws IOException {
        finish(List.of(placement));
        var text = placement.receipt().isEmpty()
                ? receipts.receipt(Json.object().put("name", placement.name()).put("size", placement.size()).put("root", placement.root()), "")
                : placement.receipt();
        var words = Json.object().put("state", "done").put("size", placement.size()).put("root", placement.root()).put("receipt", text);
        return new Answer(words, null, List.of(placement), text);
    }

    /// Perhaps a crash came before the renames were done, or before they were durable.
    private void finish(List<Placement> placements) throws IOException {
        journal.settle(placements);
        journal.forceNames(journal.disk().eachByItself());
    }

    private Answer batch(JsonNode offer) throws IOException {
        var list = offer.path("batch");
        if (list.isEmpty() || list.size() > Settings.MOST_MEMBERS) {
            throw new SessionException.ProtocolViolation("a batch has 1 to " + Settings.MOST_MEMBERS + " members, not " + list.size());
        }
        var names = new HashSet<String>();
        var complete = new ArrayList<Placement>();
        var members = new ArrayList<IncomingBatch.Member>();
        var want = new BitSet();
        long octets = 0;
        for (int i = 0; i < list.size(); i++) {
            var member = member(list.get(i));
            if (!names.add(member.name())) {
                throw new SessionException.ProtocolViolation("a batch has the name '" + member.name() + "' twice");
            }
            var before = journal.completion(member.name());
            if (before.isPresent() && isSame(before.get(), member.size(), member.modifiedNanos())) {
                complete.add(before.get());
                continue;
            }
            if (member.kind() != Source.Kind.FOLDER) {
                checkFree(member.target(), member.name(), before);
            }
            want.set(i);
            octets += member.size();
            members.add(member);
        }
        if (!room.has(octets)) {
            throw new SessionException.LimitReached("there is no room for " + members.size() + " small files within the quota");
        }
        journal.settle(complete);
        if (!members.isEmpty()) {
            var words = Json.object().put("state", "batch").put("want", Base64.getEncoder().encodeToString(want.toByteArray()));
            return new Answer(words, new IncomingBatch(journal, members, onExists, receipts, room), complete, "");
        }
        journal.forceNames(journal.disk().eachByItself());
        var text = receipt(complete);
        return new Answer(Json.object().put("state", "done").put("receipt", text), null, complete, text);
    }

    private String receipt(List<Placement> complete) {
        for (var placement : complete) {
            if (!placement.receipt().isEmpty()) {
                return placement.receipt();
            }
        }
        var content = Json.object();
        var files = content.putArray("files");
        for (var each : complete) {
            if (each.kind() == Source.Kind.FILE) {
                files.addObject().put("name", each.name()).put("size", each.size()).put("root", each.root());
            }
        }
        return receipts.receipt(content, "");
    }

    private IncomingBatch.Member member(JsonNode node) {
        var name = Json.text(node, "name");
        var kind = switch (Json.text(node, "kind")) {
            case "FILE" -> Source.Kind.FILE;
            case "FOLDER" -> Source.Kind.FOLDER;
            case "LINK" -> Source.Kind.LINK;
            default -> throw new SessionException.ProtocolViolation("a member of a batch is a FILE, FOLDER or LINK");
        };
        long most = kind == Source.Kind.FILE ? Settings.SMALL : 0;
        var link = kind == Source.Kind.LINK ? Json.text(node, "link") : "";
        var target = journal.target(name);
        if (kind == Source.Kind.LINK && !staysInside(target.path(), link)) {
            throw new SessionException.Refused("the symbolic link " + name + " is refused: it leads out of the served folder");
        }
        return new IncomingBatch.Member(
                name, kind, Json.number(node, "size", 0, most), Json.number(node, "modified", Long.MIN_VALUE, Long.MAX_VALUE),
                (int) Json.number(node, "mode", -1, 0777), link, target, journal.completion(name).map(Placement::path));
    }

    private boolean staysInside(Path link, String to) {
        try {
            var parent = link.getParent();
            return !to.isEmpty() && to.length() <= MOST_LINK && !to.startsWith("/") && to.indexOf('\0') < 0 && parent != null
                    && !Path.of(to).isAbsolute() && parent.resolve(to).normalize().startsWith(journal.root().normalize());
        } catch (java.nio.file.InvalidPathException _) {
            return false;
        }
    }

    private static Answer refused(Failure failure, String words) {
        return new Answer(Json.object().put("state", "refused").put("code", failure.code()).put("words", words), null, List.of(), "");
    }
}
