package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.KeyLimit;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends what there is, one activity each: agrees on the resume point by capability data, then data page by page with a minor synchronization
/// point after every interval, and an activity end that carries the root of the hash tree. Reads ahead away from the loop. A file with more
/// checkpoints than serial numbers goes on in another activity.
final class Sending implements Conversation {
    /// How soon the receiver is asked again that wants to be.
    private static final Duration AGAIN = Duration.ofMillis(100);
    /// How often the receiver may go back to the same checkpoint; an honest one gives up earlier.
    private static final int MOST_RESTARTS = 5;

    private final Owner owner;
    private final Loop loop;
    private final Disk disk;
    private final Settings settings;
    private final Outgoing.Outbox outbox;
    private final Iterator<Outgoing> parcels;
    private final ReadAhead ahead = new ReadAhead(this::work, this::pump);
    private final InFlight inFlight;
    private @Nullable Outgoing current;
    private int opening;
    private boolean started;
    private long lastSerial;
    private int restarts;
    /// Nothing more is sent; the activity is interrupted when what is on the way is confirmed.
    private boolean stopping;
    private boolean interrupted;
    /// True while this side may transmit.
    private boolean turn;
    /// Octets that this connection's keys have protected.
    private long onKeys;
    private boolean turnGiven;
    /// The next file waits for the turn.
    private boolean due;
    private boolean over;
    private long sent;
    private Outgoing.Point confirmed = Outgoing.Point.START;

    Sending(Owner owner, Loop loop, Disk disk, Settings settings, Outgoing.Outbox outbox, List<Outgoing> parcels) {
        this.owner = owner;
        this.loop = loop;
        this.disk = disk;
        this.settings = settings;
        this.outbox = outbox;
        this.parcels = parcels.iterator();
        this.inFlight = new InFlight(loop);
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

    /// Sends nothing more. [Owner#stopped] comes when all that was sent is confirmed, so that nothing has to be sent twice.
    void stop() {
        stopping = true;
        pump();
    }

    /// For how long the receiver has not done anything about what it was sent. From any thread.
    Duration waits() {
        return inFlight.waits();
    }

    private void leave() {
        if (over || interrupted || !inFlight.isEmpty()) {
            return;
        }
        interrupted = true;
        try {
            if (started) {
                owner.service().request(new Request.ActivityInterrupt(Optional.empty(), Spdu.NO_DATA));
                owner.service().flush();
                return;
            }
        } catch (SessionException.OutOfSequence _) {
            // It has not the turn, or nothing to interrupt.
        }
        owner.stopped();
    }

    private void next() {
        if (over) {
            return;
        }
        if (stopping) {
            leave();
            return;
        }
        due = !turn && (parcels.hasNext() || turnGiven);
        if (due) {
            endTurn();
            return;
        }
        if (!parcels.hasNext()) {
            owner.service().request(new Request.Release(false, Spdu.NO_DATA));
            owner.service().flush();
            return;
        }
        current = parcels.next();
        inFlight.offer();
        offer();
    }

    private void offer() {
        if (!over && !interrupted) {
            owner.service().request(new Request.CapabilityData(Json.encode(current().offer())));
            owner.service().flush();
        }
    }

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.CapabilityDataConfirm c -> agreed(Json.decode(c.userData()));
            case Indication.SyncMinorConfirm c -> confirmed(c.serial());
            case Indication.Resynchronize r -> restart(r);
            case Indication.ActivityEndConfirm c -> ended(Json.decode(c.userData()));
            case Indication.ActivityInterruptConfirm _ -> owner.stopped();
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

    /// What the receiver has: nothing, a part, all, or it does not want it.
    private void agreed(JsonNode answer) {
        var parcel = current();
        sent = 0;
        if (answer.path("state").asText().equals(Offers.WAIT)) {
            loop.schedule(AGAIN, this::offer);
            return;
        }
        inFlight.answered();
        Endings.remark(owner, answer);
        switch (Json.text(answer, "state")) {
            case "done" -> alreadyThere(parcel, answer);
            case "new", "batch" -> open(parcel, answer, Outgoing.Point.START, 0);
            case "partial" -> open(parcel, answer,
                    new Outgoing.Point(Json.number(answer, "offset", 0, Long.MAX_VALUE), 0, new byte[0]), Json.number(answer, "serial", 0, 999_998));
            case "changed" -> fail(Failure.SOURCE_CHANGED, "the source " + parcel.name()
                    + " changed since the transfer began; nothing was mixed");
            default -> fail(answer.path("code").asInt() == Failure.LIMIT.code() ? Failure.LIMIT : Failure.UNWANTED,
                    "the receiver does not want " + parcel.name() + ": " + answer.path("words").asText("no reason"));
        }
    }

    private void alreadyThere(Outgoing parcel, JsonNode answer) {
        opening++;
        work(() -> {
            parcel.complete(disk, answer);
            parcel.close();
            return true;
        }, _ -> {
            opening--;
            Endings.done(owner, parcel, answer);
            next();
        });
    }

    /// Opening may mean to read and compare; then the activity starts, or goes on after its last confirmed checkpoint.
    private void open(Outgoing parcel, JsonNode answer, Outgoing.Point from, long serial) {
        ahead.restart();
        restarts = 0;
        opening++;
        work(() -> {
            parcel.open(disk, answer);
            return true;
        }, _ -> {
            opening--;
            confirmed = from;
            lastSerial = serial;
            owner.service().request(serial == 0 ? Profile.start(from.offset()) : Profile.resume(serial));
            owner.event(from.offset() > 0 || serial > 0
                    ? new TransferEvent.Resumed(parcel.name(), from.offset()) : new TransferEvent.Started(parcel.name(), parcel.size()));
            Endings.before(owner, parcel, answer);
            started = true;
            owner.service().flush();
            pump();
        });
    }

    @Override
    public void writable() {
        pump();
    }

    private void pump() {
        if (stopping) {
            leave();
            return;
        }
        if (!started || over || inFlight.isEnding()) {
            return;
        }
        if (!turn) {
            if (inFlight.isEmpty()) {
                endTurn();
            }
            return;
        }
        if (onKeys >= KeyLimit.OCTETS && owner.service().security().encrypted()) {
            if (inFlight.isEmpty()) {
                over = true;
                owner.renew();
            }
            return;
        }
        ahead.fill(current());
        boolean wrote = false;
        while (!ahead.isEmpty() && !inFlight.isEnding() && inFlight.points() < settings.window() && owner.service().isWritable()) {
            send(ahead.next());
            wrote = true;
            ahead.fill(current());
        }
        if (wrote) {
            owner.service().flush();
        }
    }

    private void send(Outgoing.Interval interval) {
        var service = owner.service();
        for (var page : interval.pages()) {
            service.request(new Request.Data(page));
        }
        sent += interval.length();
        onKeys += interval.length();
        owner.event(new TransferEvent.Sent(current().name(), interval.length()));
        if (!interval.last() && lastSerial < settings.lastSerial()) {
            lastSerial = service.request(new Request.SyncMinor(true, false, interval.mark().duplicate()));
            inFlight.add(lastSerial, interval);
            return;
        }
        inFlight.end(interval);
        service.request(new Request.ActivityEnd(interval.mark().duplicate()));
    }

    private void confirmed(long serial) {
        inFlight.confirm(serial, this::checkpoint);
        pump();
    }

    private void checkpoint(long serial, Outgoing.Interval interval) {
        var parcel = current();
        confirmed = interval.to();
        restarts = 0;
        owner.event(new TransferEvent.Checkpoint(parcel.name(), serial, confirmed.offset(), parcel.size()));
        Endings.checkpoint(owner, parcel, interval);
        work(() -> {
            parcel.release(interval);
            outbox.confirmed(parcel, serial, interval.to());
            return true;
        }, _ -> {});
    }

    /// The receiver goes back to the last confirmed point: everything after it is sent again.
    private void restart(Indication.Resynchronize r) {
        var parcel = current();
        if (++restarts > MOST_RESTARTS) {
            fail(Failure.INTEGRITY, "the receiver went back to the same checkpoint of " + parcel.name() + " " + restarts + " times");
            return;
        }
        inFlight.drop();
        ahead.restart();
        long next = r.serial().orElse(1L);
        lastSerial = next - 1;
        var to = confirmed;
        owner.event(new TransferEvent.Resync(parcel.name(), next, to.offset()));
        work(() -> {
            parcel.rewind(to);
            return true;
        }, _ -> {});
        owner.service().request(new Request.ResynchronizeResponse(
                r.serial(), Optional.empty(), Profile.all(Token.Side.ACCEPTOR), Spdu.NO_DATA));
        owner.service().flush();
        pump();
    }

    private void ended(JsonNode answer) {
        var parcel = current();
        var interval = inFlight.ended(this::checkpoint);
        lastSerial = 0;
        if (!interval.last()) {
            // The serial numbers were used up: the same file goes on in another activity.
            checkpoint(0, interval);
            owner.service().request(Profile.start(confirmed.offset()));
            owner.service().flush();
            pump();
            return;
        }
        started = false;
        Endings.members(owner, parcel, interval);
        work(() -> {
            outbox.confirmed(parcel, 0, interval.to());
            outbox.received(answer.path("receipt").asText(), parcel.sent());
            parcel.close();
            return true;
        }, _ -> {
            Endings.complete(owner, parcel, interval, sent, answer.path("receipt").asText());
            next();
        });
    }

    /// Disk and store, away from the loop, in order.
    private <T> void work(Callable<T> job, Consumer<T> then) {
        loop.offload(job, (result, failure) -> {
            if (over) {
                return;
            }
            try {
                switch (failure) {
                    case null -> then.accept(java.util.Objects.requireNonNull(result));
                    case SessionException.SourceChanged e -> fail(Failure.SOURCE_CHANGED, String.valueOf(e.getMessage()));
                    case SessionException.IntegrityFailure e -> fail(Failure.INTEGRITY, String.valueOf(e.getMessage()));
                    case SessionException.Cancelled e -> fail(Failure.CANCELLED, String.valueOf(e.getMessage()));
                    case SessionException e -> fail(Failure.OTHER, String.valueOf(e.getMessage()));
                    default -> fail(Failure.SOURCE, "the source " + current().name() + " cannot be read: " + DiskWords.of(failure));
                }
            } catch (SessionException e) {
                fail(Failure.OTHER, String.valueOf(e.getMessage()));
            }
        });
    }

    private void fail(Failure failure, String words) {
        over = true;
        owner.fail(failure, words);
    }

    @Override
    public boolean isBusy() {
        return opening > 0;
    }

    @Override
    public void closed() {
        over = true;
        var closing = current;
        if (closing != null) {
            loop.offload(() -> {
                closing.close();
                return true;
            }, (_, _) -> {});
        }
    }

    private Outgoing current() {
        return java.util.Objects.requireNonNull(current);
    }
}
