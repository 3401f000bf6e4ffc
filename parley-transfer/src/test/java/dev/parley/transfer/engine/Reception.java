package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.connection.Json;
import dev.parley.session.store.Store;
import dev.parley.testkit.SimDisk;
import dev.parley.testkit.SimProcess;
import dev.parley.testkit.SimWorld;
import dev.parley.transfer.file.Names;
import dev.parley.transfer.file.Target;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/// The receiving side without a line, on a disk and a store of the simulation: scripted senders offer, send what is wanted, and look at the
/// answers. The process can die at any operation of a disk or a store, and the power with it.
final class Reception {
    static final Path ROOT = Path.of("/served");
    static final int PAGE = 512;
    private static final Inbox.Room ROOM = UserRoom.UNLIMITED;

    /// @param version counts up with each change of the source: time and identity
    record Item(String name, int version, String content) {
        byte[] octets() {
            return content.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// @param what the content of a FILE, the target of a LINK
    record Member(String name, String kind, String what) {
        byte[] octets() {
            return kind.equals("FILE") ? what.getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
    }

    interface Happening {
        void happen() throws IOException;
    }

    final SimDisk disk;
    final SimStore store = new SimStore();
    private final SimWorld world;
    private SimProcess process;
    private Names names;
    private int starts;

    Reception(long seed) {
        world = new SimWorld(seed);
        disk = new SimDisk(world.random(), ROOT);
        process = world.process("receiver 0");
        names = new Names(disk.seenBy(process), ROOT);
    }

    /// The process dies at its n-th operation from now.
    void dieAt(long n) {
        process.killAtOperation(n);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void restart(boolean power) {
        process.kill();
        if (power) {
            disk.crash();
        }
        process = world.process("receiver " + ++starts);
        names = new Names(disk.seenBy(process), ROOT);
    }

    String trace() {
        return world.trace();
    }

    /// What has this name now, or "nothing".
    String content(String name) {
        return disk.content(ROOT.resolve(name)).map(octets -> new String(octets, StandardCharsets.UTF_8)).orElse("nothing");
    }

    /// Names of files that are not in the state area.
    List<String> files() {
        return disk.files().stream().map(file -> ROOT.relativize(file).toString()).filter(file -> !file.startsWith(".parley")).sorted().toList();
    }

    void put(String name, String content) {
        disk.put(ROOT.resolve(name), content.getBytes(StandardCharsets.UTF_8), 1);
    }

    void folder(String name) throws IOException {
        disk.seenBy(world.process("operator")).createDirectories(ROOT.resolve(name));
    }

    void link(String name, String to) throws IOException {
        disk.seenBy(world.process("operator")).createLink(ROOT.resolve(name), to);
    }

    Sender sender(Target.OnExists onExists) {
        return new Sender(onExists);
    }

    /// One session. Its methods are what a sender does on one connection; each makes a new one.
    final class Sender {
        private final Target.OnExists onExists;
        private final long number;

        private Sender(Target.OnExists onExists) {
            this.onExists = onExists;
            this.number = store.seenBy(world.process("setup")).newSession("alice", "send", 1000).number();
        }

        private Inbox inbox() {
            Store mine = store.seenBy(process);
            return new Inbox(new Journal(mine, mine.takeOver(number, 2000), names, onExists, PAGE), (content, _) -> content.toString(), ROOM);
        }

        /// The answer to an offer, in words.
        String offer(Item item) throws IOException {
            return state(inbox().offered(words(item)));
        }

        /// Sends a file whole; "sent", or what the receiver said.
        String send(Item item) throws IOException {
            return send(item, Integer.MAX_VALUE);
        }

        /// @param most how many checkpoints; then the sender goes away
        String send(Item item, int most) throws IOException {
            return send(inbox().offered(words(item)), item, most);
        }

        /// Sends it whole, but something else happens after the offer.
        String sendAfter(Item item, Happening happening) throws IOException {
            var answer = inbox().offered(words(item));
            happening.happen();
            return send(answer, item, Integer.MAX_VALUE);
        }

        /// Sends a part, discards it, and says what the receiver says to the same offer afterwards.
        String discard(Item item) throws IOException {
            var inbox = inbox();
            var answer = inbox.offered(words(item));
            send(answer, item, 1);
            if (answer.incoming() != null) {
                answer.incoming().discard();
            }
            return state(inbox.offered(words(item)));
        }

        private String send(Inbox.Answer answer, Item item, int most) throws IOException {
            var file = answer.incoming();
            if (file == null) {
                return state(answer);
            }
            file.open();
            try {
                boolean partial = state(answer).equals("partial");
                var tree = partial ? TreeState.fromBytes(Base64.getDecoder().decode(answer.words().path("tree").asText())) : TreeState.empty();
                long serial = answer.words().path("serial").asLong();
                int at = answer.words().path("offset").asInt();
                for (int i = 0; i < most; i++) {
                    var pages = pages(item.octets(), at);
                    pages.forEach(tree::add);
                    at += (int) Incoming.length(pages);
                    boolean last = at == item.octets().length;
                    var mark = ByteBuffer.allocate(Marks.FILE + (last ? 32 : 0)).putInt(Incoming.crc(pages)).putLong(at);
                    if (last) {
                        mark.put(tree.root());
                    }
                    file.add(pages);
                    switch (file.take(++serial, mark.flip(), last)) {
                        case Incoming.Outcome.Complete _ -> {
                            return "sent";
                        }
                        case Incoming.Outcome.Verified _ -> file.commit();
                        case Incoming.Outcome.Confirmed _ -> {}
                        case Incoming.Outcome.Damaged d -> {
                            return d.toString();
                        }
                    }
                }
                return "half";
            } finally {
                file.close();
            }
        }

        /// Sends a batch with a checkpoint after every so many members.
        String batch(int each, Member... members) throws IOException {
            var offer = Json.object();
            var list = offer.putArray("batch");
            for (var member : members) {
                list.addObject().put("name", member.name()).put("kind", member.kind()).put("size", member.octets().length)
                        .put("modified", 7).put("mode", member.kind().equals("FOLDER") ? 0755 : 0444).put("link", member.what());
            }
            var answer = inbox().offered(offer);
            var batch = answer.incoming();
            if (batch == null) {
                return state(answer);
            }
            var wanted = BitSet.valueOf(Base64.getDecoder().decode(answer.words().path("want").asText())).stream()
                    .mapToObj(i -> members[i]).toList();
            batch.open();
            try {
                var tree = TreeState.empty();
                long at = 0;
                for (int from = 0, serial = 1; ; serial++) {
                    int to = Math.min(from + each, wanted.size());
                    var pages = new ArrayList<ByteBuffer>();
                    for (var member : wanted.subList(from, to)) {
                        var own = TreeState.empty();
                        if (member.octets().length > 0) {
                            own.add(ByteBuffer.wrap(member.octets()));
                            pages.add(ByteBuffer.wrap(member.octets()));
                        }
                        tree.add(ByteBuffer.wrap(own.root()));
                    }
                    at += Incoming.length(pages);
                    var mark = ByteBuffer.allocate(Marks.BATCH).putInt(Incoming.crc(pages)).putLong(at).putInt(to).put(tree.root());
                    batch.add(pages);
                    if (batch.take(serial, mark.flip(), to == wanted.size()) instanceof Incoming.Outcome.Complete) {
                        return "sent";
                    }
                    from = to;
                }
            } finally {
                batch.close();
            }
        }
    }

    private static ObjectNode words(Item item) {
        return Json.object().put("name", item.name()).put("size", item.octets().length).put("modified", item.version())
                .put("mode", 0444).put("identity", "" + item.version());
    }

    private static String state(Inbox.Answer answer) {
        JsonNode words = answer.words();
        return words.path("state").asText() + (words.has("words") ? ": " + words.path("words").asText() : "");
    }

    private static List<ByteBuffer> pages(byte[] octets, int from) {
        var pages = new ArrayList<ByteBuffer>();
        for (int at = from; at < octets.length && pages.size() < 2; at += PAGE) {
            pages.add(ByteBuffer.wrap(octets, at, Math.min(PAGE, octets.length - at)).slice());
        }
        return pages;
    }
}
