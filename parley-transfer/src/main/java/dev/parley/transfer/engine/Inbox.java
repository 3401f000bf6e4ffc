package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.SafePath;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides what to do with what is offered: the journal of this session is the only truth about what is here. Blocking.
final class Inbox {
    /// The answer to the sender, what is wanted of it, and what of it is complete already.
    record Answer(ObjectNode words, @Nullable Incoming incoming, List<Placement> complete) {}

    /// Octets of receipts that an answer may have, as they stand in it: with all else it stays below the limit of user data.
    private static final int MOST_RECEIPTS = 50_000;

    private final String receiver;
    private final Journal journal;
    private final Incoming.Receipts receipts;
    private final Room room;

    /// How much a user may still store.
    interface Room extends Incoming.Quota {
        /// @param what for the words
        /// @throws SessionException.LimitReached when there is no room for so much more
        void check(long octets, String what);
    }

    Inbox(Journal journal, Incoming.Receipts receipts, Room room) {
        this(journal, receipts, room, "the receiver");
    }

    /// @param receiver whose disk it is, as the user of the client sees it
    Inbox(Journal journal, Incoming.Receipts receipts, Room room, String receiver) {
        this.receiver = receiver;
        this.journal = journal;
        this.receipts = receipts;
        this.room = room;
    }

    String receiver() {
        return receiver;
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
        var offer = new IncomingFile.Offer(Json.text(node, "name"), Version.of(node), (int) Json.number(node, "mode", -1, 0777));
        var before = settled(offer.name());
        boolean anew = node.path("anew").asBoolean();
        if (before.isPresent() && before.get().version().isSame(offer.version()) && !(anew && offer.version().isStream())) {
            return complete(before.get());
        }
        var progress = journal.progress(offer.name());
        var details = progress.map(p -> Json.parse(p.details())).orElse(Json.object());
        if (progress.isPresent() && !anew && !Version.of(details).isContinuedBy(offer.version())) {
            return new Answer(Json.object().put("state", "changed"), null, List.of());
        }
        var useless = progress.isPresent() ? useless(offer, anew, details, progress.get().offset()) : "";
        if (!useless.isEmpty()) {
            journal.discard(journal.target(Json.text(details, "part")), offer.name());
            progress = Optional.empty();
        }
        journal.check(offer.name(), offer.kind(), before, new HashSet<>());
        long confirmed = progress.map(Store.Progress::offset).orElse(0L);
        room.check(Math.max(0, offer.version().size()) - confirmed, offer.name());
        if (progress.isEmpty()) {
            var words = Json.object().put("state", "new");
            return new Answer(useless.isEmpty() ? words : words.put("remark", useless), new IncomingFile(journal, offer, receipts, room), List.of());
        }
        var p = progress.get();
        var words = Json.object().put("state", "partial").put("serial", p.serial()).put("offset", p.offset())
                .put("tree", Base64.getEncoder().encodeToString(p.tree()))
                .put("lastOffset", Json.number(details, "lastOffset", 0, Long.MAX_VALUE))
                .put("lastCrc", Json.number(details, "lastCrc", Integer.MIN_VALUE, Integer.MAX_VALUE));
        return new Answer(words, new IncomingFile(journal, offer, receipts, room, p, Json.text(details, "part")), List.of());
    }

    /// Why nobody can go on with what is here; empty when that can be done. A stream cannot always begin again: it says so itself.
    private String useless(IncomingFile.Offer offer, boolean anew, JsonNode details, long confirmed) throws IOException {
        if (anew && (offer.version().isStream() || !Version.of(details).isContinuedBy(offer.version()))) {
            return offer.name() + " is sent from its beginning, it has changed or is another stream";
        }
        if (!offer.version().isStream() && !journal.target(Json.text(details, "part")).has(confirmed)) {
            return offer.name() + " is sent from its beginning: what was confirmed of it was damaged from outside, at " + receiver;
        }
        return "";
    }

    /// What this session completed under a name. Perhaps a crash came before it got its name; this comes first, whatever is offered now.
    private Optional<Placement> settled(String name) throws IOException {
        var before = journal.completion(name);
        if (before.isPresent()) {
            journal.settle(List.of(before.get()));
        }
        return before.isPresent() ? journal.completion(name) : before;
    }

    private Answer complete(Placement placement) throws IOException {
        journal.forceNames(journal.disk().eachByItself());
        var text = placement.receipt().isEmpty()
                ? receipts.receipt(Json.object().put("name", placement.name()).put("size", placement.size()).put("root", placement.root()), "")
                : placement.receipt();
        var words = Json.object().put("state", "done").put("size", placement.size()).put("root", placement.root()).put("receipt", text);
        return new Answer(words, null, List.of(placement));
    }

    private Answer batch(JsonNode offer) throws IOException {
        var list = offer.path("batch");
        if (list.isEmpty() || list.size() > Settings.MOST_MEMBERS) {
            throw new SessionException.ProtocolViolation("a batch has 1 to " + Settings.MOST_MEMBERS + " members, not " + list.size());
        }
        var offered = new LinkedHashMap<String, IncomingBatch.Member>();
        for (var node : list) {
            var member = member(node);
            if (offered.put(member.name(), member) != null) {
                throw new SessionException.ProtocolViolation("a batch has the name '" + member.name() + "' twice");
            }
        }
        var complete = new ArrayList<Placement>();
        var members = new ArrayList<IncomingBatch.Member>();
        var want = new BitSet();
        var seen = new HashSet<Path>();
        long octets = 0;
        int i = 0;
        for (var member : offered.values()) {
            checkWay(member.name(), offered);
            var before = settled(member.name());
            if (before.isPresent() && before.get().kind() == member.kind() && before.get().version().isSame(member.version())) {
                complete.add(before.get());
            } else {
                journal.check(member.name(), member.kind(), before, seen);
                want.set(i);
                octets += member.size();
                members.add(member);
            }
            i++;
        }
        room.check(octets, members.size() + " small files");
        journal.forceNames(journal.disk().eachByItself());
        var words = Json.object().put("state", members.isEmpty() ? "done" : "batch");
        var texts = words.putArray("receipts");
        receipts(complete).forEach(texts::add);
        if (members.isEmpty()) {
            return new Answer(words, null, complete);
        }
        words.put("want", Base64.getEncoder().encodeToString(want.toByteArray()));
        return new Answer(words, new IncomingBatch(journal, members, receipts, room), complete);
    }

    /// Whoever signs makes one about all of them. Others say which ones they keep, as far as there is room: the last ones, because the server has
    /// those whose confirmation it has heard.
    private List<String> receipts(List<Placement> complete) {
        var content = Json.object();
        var files = content.putArray("files");
        for (var each : complete) {
            if (each.kind() == Source.Kind.FILE) {
                files.addObject().put("name", each.name()).put("size", each.size()).put("root", each.root());
            }
        }
        var signed = files.isEmpty() ? "" : receipts.receipt(content, "");
        return signed.isEmpty() ? kept(complete) : List.of(signed);
    }

    private static List<String> kept(List<Placement> complete) {
        var kept = new ArrayList<String>();
        int octets = 0;
        for (var each : complete.reversed()) {
            int length = each.receipt().isEmpty() ? 0 : Json.octets(each.receipt());
            octets += length;
            if (octets > MOST_RECEIPTS) {
                break;
            }
            if (length > 0) {
                kept.add(each.receipt());
            }
        }
        return kept.reversed();
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
        if (kind == Source.Kind.LINK && !SafePath.staysInside(name, link)) {
            throw new SessionException.Refused("the symbolic link " + name + " is refused: it leads out of the served folder");
        }
        var version = new Version(Json.number(node, "size", 0, most), Json.number(node, "modified", Long.MIN_VALUE, Long.MAX_VALUE), "");
        return new IncomingBatch.Member(name, kind, version, (int) Json.number(node, "mode", -1, 0777), link);
    }

    /// What is on the way to a member can only be a folder.
    private static void checkWay(String name, Map<String, IncomingBatch.Member> offered) {
        for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
            var above = offered.get(name.substring(0, at));
            if (above != null && above.kind() != Source.Kind.FOLDER) {
                throw new SessionException.Refused("the name '" + name + "' is refused: " + above.name() + " is no folder in this batch");
            }
        }
    }

    private static Answer refused(Failure failure, String words) {
        return new Answer(Json.object().put("state", "refused").put("code", failure.code()).put("words", words), null, List.of());
    }
}
