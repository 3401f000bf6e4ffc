package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.runtime.disk.Disk;
import dev.parley.session.connection.Json;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends files, one activity each: agrees on the resume point by capability data, then data page by page with a minor synchronization point
/// after every interval, and an activity end that carries the root of the hash tree. Reads ahead away from the loop.
final class Sending implements Conversation {
    private static final ByteBuffer ACTIVITY = ByteBuffer.wrap(new byte[] {1}).asReadOnlyBuffer();
    /// How many intervals are read ahead.
    private static final int AHEAD = 2;
    /// The last serial number that still leaves one for the activity end (8.3.1.10).
    private static final long MOST_SERIAL = 999_997;

    /// One checkpoint interval, read and digested.
    record Interval(long offset, List<ByteBuffer> pages, long end, int crc, byte[] tree, boolean last) {}

    private final Owner owner;
    private final Loop loop;
    private final Disk disk;
    private final Settings settings;
    private final Iterator<Source> sources;
    private final Deque<Interval> ready = new ArrayDeque<>();
    private final Map<Long, Interval> unconfirmed = new java.util.TreeMap<>();
    private @Nullable Source source;
    private @Nullable Reader reader;
    private int reading;
    private boolean started;
    private boolean ending;
    private boolean lastRead;
    /// True while this side may transmit.
    private boolean turn;
    private boolean turnGiven;
    /// The next file waits for the turn.
    private boolean due;
    private boolean over;
    private long sent;
    private long confirmed;
    private byte[] confirmedTree = TreeState.empty().toBytes();

    Sending(Owner owner, Loop loop, Disk disk, Settings settings, List<Source> sources) {
        this.owner = owner;
        this.loop = loop;
        this.disk = disk;
        this.settings = settings;
        this.sources = sources.iterator();
    }

    @Override
    public void start() {
        turn |= owner.hasTurn();
        turnGiven = !turn;
        next();
    }

    @Override
    public void turn(boolean mine) {
        turn = mine;
        if (mine) {
            turnGiven = false;
        }
        if (due) {
            next();
        } else {
            pump();
        }
    }

    /// Nothing is on the way: the turn goes back, once.
    private void endTurn() {
        if (!turnGiven) {
            turnGiven = true;
            owner.turnEnds();
        }
    }

    private void next() {
        if (over) {
            return;
        }
        due = !turn && (sources.hasNext() || turnGiven);
        if (due) {
            endTurn();
            return;
        }
        if (!sources.hasNext()) {
            owner.service().request(new Request.Release(false, Spdu.NO_DATA));
            owner.service().flush();
            return;
        }
        source = sources.next();
        var offer = Json.object().put("name", source.name()).put("size", source.size()).put("modified", source.modifiedMillis())
                .put("mode", source.mode());
        owner.service().request(new Request.CapabilityData(Json.encode(offer)));
        owner.service().flush();
    }

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.CapabilityDataConfirm c -> agreed(Json.decode(c.userData()));
            case Indication.SyncMinorConfirm c -> confirmed(c.serial());
            case Indication.Resynchronize r -> restart(r);
            case Indication.ActivityEndConfirm c -> ended(Json.decode(c.userData()));
            case Indication.ReleaseConfirm c -> {
                if (c.affirmative()) {
                    owner.done();
                } else {
                    owner.fail(Failure.OTHER, "the receiver has unfinished work and refused the release");
                }
            }
            default -> owner.fail(Failure.OTHER, "unexpected " + indication.getClass().getSimpleName() + " while sending");
        }
    }

    /// What the receiver has: nothing, a part, all, or it does not want the file.
    private void agreed(JsonNode answer) {
        var file = source();
        sent = 0;
        switch (Json.text(answer, "state")) {
            case "done" -> {
                owner.event(new TransferEvent.FileDone(file.name(), file.size(), 0, Json.text(answer, "root"), Json.text(answer, "receipt")));
                next();
            }
            case "new" -> {
                var metadata = Json.encode(Json.object().put("name", file.name()).put("size", file.size()));
                open(0, TreeState.empty().toBytes(), 0, 0);
                if (!over) {
                    owner.service().request(new Request.ActivityStart(ACTIVITY.duplicate(), metadata));
                    owner.event(new TransferEvent.Started(file.name(), file.size()));
                    begin();
                }
            }
            case "partial" -> {
                long serial = Json.number(answer, "serial", 1, 999_998);
                long offset = Json.number(answer, "offset", 0, file.size());
                var tree = Base64.getDecoder().decode(Json.text(answer, "tree"));
                long lastOffset = Json.number(answer, "lastOffset", 0, offset);
                int lastCrc = (int) Json.number(answer, "lastCrc", Integer.MIN_VALUE, Integer.MAX_VALUE);
                open(offset, tree, lastOffset, lastCrc);
                if (!over) {
                    owner.service().request(new Request.ActivityResume(
                            ACTIVITY.duplicate(), ACTIVITY.duplicate(), serial, Optional.empty(), ConnectionIdentifier.NONE, Optional.empty(),
                            Spdu.NO_DATA));
                    owner.event(new TransferEvent.Resumed(file.name(), offset));
                    begin();
                }
            }
            case "changed" -> owner.fail(Failure.SOURCE_CHANGED, "the source " + file.name()
                    + " changed since the transfer began; nothing was mixed. Cancel the session and send again");
            default -> owner.fail(Failure.OTHER, "the receiver does not want " + file.name() + ": " + answer.path("words").asText("no reason"));
        }
    }

    private void begin() {
        started = true;
        ending = false;
        pump();
    }

    /// Opens the source at the offset; on a resume the last confirmed interval is read again and compared.
    private void open(long offset, byte[] tree, long lastOffset, int lastCrc) {
        confirmed = offset;
        confirmedTree = tree;
        try {
            reader = new Reader(source().open(disk), settings, source().size());
            if (lastOffset < offset && reader.crc(lastOffset, offset) != lastCrc) {
                owner.fail(Failure.SOURCE_CHANGED, "the source " + source().name() + " changed: its octets " + lastOffset + " to " + offset
                        + " are not the ones that were confirmed. Nothing was mixed; cancel the session and send again");
                over = true;
                return;
            }
            reader.seek(offset, tree);
            lastRead = false;
        } catch (IOException e) {
            over = true;
            owner.fail(Failure.SOURCE, "the source " + source().path() + " cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void writable() {
        pump();
    }

    private void pump() {
        if (!started || over || ending) {
            return;
        }
        if (!turn) {
            if (unconfirmed.isEmpty()) {
                endTurn();
            }
            return;
        }
        readAhead();
        boolean wrote = false;
        while (!ready.isEmpty() && unconfirmed.size() < settings.window() && owner.service().isWritable()) {
            var interval = ready.remove();
            send(interval);
            wrote = true;
            readAhead();
            if (interval.last()) {
                break;
            }
        }
        if (wrote) {
            owner.service().flush();
        }
    }

    private void send(Interval interval) {
        var service = owner.service();
        for (var page : interval.pages()) {
            service.request(new Request.Data(page));
        }
        sent += interval.end() - interval.offset();
        owner.event(new TransferEvent.Sent(source().name(), interval.end() - interval.offset()));
        if (!interval.last()) {
            var mark = ByteBuffer.allocate(12).putInt(interval.crc()).putLong(interval.end()).flip();
            long serial = service.request(new Request.SyncMinor(true, false, mark));
            unconfirmed.put(serial, interval);
            if (serial >= MOST_SERIAL) {
                over = true;
                owner.fail(Failure.LIMIT, "an activity has at most " + MOST_SERIAL + " checkpoints: use larger pages or a longer interval");
            }
            return;
        }
        if (!source().isUnchanged()) {
            over = true;
            owner.fail(Failure.SOURCE_CHANGED, "the source " + source().name() + " changed while it was sent; send it again");
            return;
        }
        ending = true;
        var root = TreeState.fromBytes(interval.tree()).root();
        service.request(new Request.ActivityEnd(
                ByteBuffer.allocate(12 + root.length).putInt(interval.crc()).putLong(interval.end()).put(root).flip()));
    }

    private void readAhead() {
        while (reading + ready.size() < AHEAD && !lastRead && reader != null) {
            reading++;
            var from = reader;
            loop.offload(from::next, (interval, failure) -> {
                if (from != reader) {
                    return;
                }
                reading--;
                if (failure != null) {
                    over = true;
                    owner.fail(Failure.SOURCE, "the source cannot be read: " + failure.getMessage());
                } else if (interval != null && !lastRead) {
                    lastRead = interval.last();
                    ready.add(interval);
                    pump();
                }
            });
        }
    }

    private void confirmed(long serial) {
        for (var point : List.copyOf(unconfirmed.keySet())) {
            if (point <= serial) {
                var interval = java.util.Objects.requireNonNull(unconfirmed.remove(point));
                confirmed = interval.end();
                confirmedTree = interval.tree();
                owner.event(new TransferEvent.Checkpoint(source().name(), point, confirmed, source().size()));
            }
        }
        pump();
    }

    /// The receiver goes back to the last confirmed point: everything after it is sent again.
    private void restart(Indication.Resynchronize r) {
        var tokens = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            tokens.put(token, Token.Side.ACCEPTOR);
        }
        unconfirmed.clear();
        ready.clear();
        reading = 0;
        owner.event(new TransferEvent.Resync(source().name(), r.serial().orElse(0L), confirmed));
        closeReader();
        open(confirmed, confirmedTree, confirmed, 0);
        if (over) {
            return;
        }
        owner.service().request(new Request.ResynchronizeResponse(r.serial(), Optional.empty(), tokens, Spdu.NO_DATA));
        ending = false;
        owner.service().flush();
        pump();
    }

    private void ended(JsonNode answer) {
        var file = source();
        started = false;
        unconfirmed.clear();
        closeReader();
        owner.event(new TransferEvent.FileDone(file.name(), file.size(), sent, Json.text(answer, "root"), Json.text(answer, "receipt")));
        next();
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void closed() {
        over = true;
        closeReader();
    }

    private void closeReader() {
        var closing = reader;
        reader = null;
        if (closing != null) {
            loop.offload(() -> {
                closing.close();
                return true;
            }, (_, _) -> {});
        }
    }

    private Source source() {
        return java.util.Objects.requireNonNull(source);
    }
}
