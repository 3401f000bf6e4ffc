package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Lease;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Receives files, one activity each. Pages are written as they come, away from the loop; at their synchronization point they are verified, then
/// forced and journalled while others are written, and only then the point is confirmed, with all before it. Damage leads to a
/// resynchronization to the last confirmed point on the same connection. While many octets wait for the disk nothing is read from the line.
final class Receiving implements Conversation {
    private static final int MOST_DAMAGE = 3;
    /// Work that waits besides the checkpoints: opening, and the end of an activity. After a damage there may be two windows of these, the dropped
    /// one and the repeated one.
    private static final int MOST_ASIDE = 2;
    /// So many octets go to the disk at once.
    private static final int CHUNK = 256 << 10;
    /// So many octets may wait for the disk; below half of them the line is read again.
    private static final int MOST_WAITING = 4 << 20;

    private final Owner owner;
    private final Loop loop;
    private final Settings settings;
    private final DiskWork disk;
    private final Inbox inbox;
    private final HeldOctets held;
    private final Offers offers;
    private List<ByteBuffer> pages = new ArrayList<>();
    private @Nullable Incoming incoming;
    private int pagesOctets;
    /// Since the last checkpoint.
    private int arrivedPages;
    private long arrived;
    /// Checkpoints that are not verified yet.
    private int points;
    private final Points verified = new Points();
    private boolean committing;
    /// Octets that wait for the disk.
    private int waiting;
    /// True while nothing is read.
    private boolean paused;
    private int generation;
    private int damage;
    private long damagedSerial;
    private boolean resynchronizing;
    private boolean over;

    Receiving(Owner owner, Loop loop, Settings settings, Lease lease, Inbox inbox, HeldOctets held) {
        this.owner = owner;
        this.loop = loop;
        this.settings = settings;
        this.disk = new DiskWork(loop, lease, held);
        this.inbox = inbox;
        this.held = held;
        this.offers = new Offers(owner, loop, settings.keepalive());
    }

    @Override
    public void start() {} // The sender begins.

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.CapabilityData c -> offered(Json.decode(c.userData()));
            case Indication.ActivityStart _ -> begin(false);
            case Indication.ActivityResume _ -> begin(true);
            case Indication.Data d -> data(d.userData());
            case Indication.SyncMinor s -> interval(s.serial(), s.userData(), false);
            case Indication.ActivityEnd e -> interval(e.serial(), e.userData(), true);
            case Indication.ResynchronizeConfirm _ -> restart();
            case Indication.ActivityInterrupt _ -> {
                drop(Incoming::close);
                owner.service().request(new Request.ActivityInterruptResponse(Spdu.NO_DATA));
                owner.service().flush();
            }
            case Indication.ActivityDiscard _ -> discard();
            case Indication.Release _ -> {
                // A file that was agreed on and is not here yet.
                boolean unfinished = incoming != null;
                owner.service().request(new Request.ReleaseResponse(!unfinished, Spdu.NO_DATA));
                owner.service().flush();
                if (!unfinished) {
                    owner.done();
                }
            }
            default -> owner.fail(Failure.OTHER, "unexpected " + indication.getClass().getSimpleName() + " while receiving");
        }
    }

    /// The sender offers something; the journal says what is here already.
    private void offered(JsonNode offer) {
        if (incoming != null && incoming.isOpen()) {
            throw new SessionException.ProtocolViolation("an offer came before " + incoming.name() + " was complete");
        }
        offers.ask(offer, () -> work(() -> inbox.offered(offer), answer -> offers.answer(answer.words(), () -> {
            incoming = answer.incoming();
            Endings.before(owner, answer);
        })));
    }

    private void begin(boolean resumed) {
        var file = incoming;
        if (file == null) {
            owner.fail(Failure.OTHER, "an activity began without an offer");
            return;
        }
        dropPages();
        if (!file.isOpen()) {
            owner.event(resumed || file.offset() > 0
                    ? new TransferEvent.Resumed(file.name(), file.offset()) : new TransferEvent.Started(file.name(), file.size()));
        }
        work(() -> {
            file.open();
            return true;
        }, _ -> {});
    }

    private void data(ByteBuffer page) {
        if (arrivedPages >= settings.interval() || page.remaining() > settings.pageSize()) {
            owner.fail(Failure.OTHER, "more than " + settings.interval() + " pages of " + settings.pageSize() + " octets without a checkpoint");
            return;
        }
        pages.add(page);
        pagesOctets += page.remaining();
        arrivedPages++;
        arrived += page.remaining();
        held.add(page.remaining());
        if (pagesOctets >= CHUNK) {
            write();
        }
        pace();
    }

    /// To the disk with what is here.
    private void write() {
        var file = incoming;
        if (file == null || pages.isEmpty()) {
            return;
        }
        int size = pagesOctets;
        var content = pages;
        pages = new ArrayList<>();
        pagesOctets = 0;
        waiting += size;
        work(() -> {
            file.add(content);
            return true;
        }, size, _ -> {});
    }

    private void interval(long serial, ByteBuffer mark, boolean end) {
        var file = incoming;
        if (file == null) {
            owner.fail(Failure.OTHER, "a checkpoint without an activity");
            return;
        }
        if (points + verified.size() > 2 * settings.window() + MOST_ASIDE) {
            owner.fail(Failure.OTHER, "more than " + settings.window() + " checkpoints are unconfirmed: the window is that large");
            return;
        }
        write();
        owner.event(new TransferEvent.Sent(file.name(), arrived));
        arrivedPages = 0;
        arrived = 0;
        points++;
        int mine = generation;
        work(() -> file.take(serial, mark, end), outcome -> {
            points--;
            if (mine != generation || resynchronizing) {
                return;
            }
            switch (outcome) {
                case Incoming.Outcome.Verified v -> {
                    damage = 0;
                    verified.add(v);
                    commit();
                }
                case Incoming.Outcome.Confirmed c -> {
                    damage = 0;
                    settled(file);
                    tell(file, serial, c.offset());
                    Endings.placed(owner, c.placed(), "", 1);
                    Endings.batch(owner, c.receipt());
                    // At the end of an activity that is not the end of the file, the file goes on in the next one.
                    owner.service().request(end
                            ? new Request.ActivityEndResponse(Json.encode(Json.object().put("offset", c.offset())))
                            : new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
                    owner.service().flush();
                }
                case Incoming.Outcome.Complete c -> {
                    settled(file);
                    incoming = null;
                    owner.service().request(new Request.ActivityEndResponse(Json.encode(Json.object().put("receipt", c.receipt()))));
                    owner.service().flush();
                    boolean one = file instanceof IncomingFile;
                    Endings.placed(owner, c.placed(), one ? c.receipt() : "", 1);
                    if (!one) {
                        Endings.batch(owner, c.receipt());
                    }
                    work(() -> {
                        file.close();
                        return true;
                    }, _ -> {});
                }
                case Incoming.Outcome.Damaged d -> {
                    confirm(file, d.offset());
                    resynchronize(file.name(), d);
                }
            }
        });
    }

    /// Makes durable what is verified, beside the writing. What becomes verified meanwhile has to wait for the next time: the slower the disk,
    /// the more points share one force.
    private void commit() {
        var file = incoming;
        if (committing || file == null || verified.size() == 0) {
            return;
        }
        committing = true;
        disk.force(file::commit, (offset, failure) -> {
            committing = false;
            finish(offset, failure, durable -> {
                if (file == incoming) {
                    confirm(file, durable);
                }
                commit();
            });
        });
    }

    /// What was asked to become durable before a restart may have become so with points after it: only the offset counts.
    private void confirm(Incoming file, long offset) {
        long serial = verified.durable(offset, point -> tell(file, point.serial(), point.offset()));
        if (serial >= 0) {
            owner.service().request(new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
            owner.service().flush();
        }
    }

    private void tell(Incoming file, long serial, long offset) {
        owner.event(new TransferEvent.Checkpoint(file.name(), serial, offset, file.size()));
    }

    /// All is durable up to here.
    private void settled(Incoming file) {
        verified.durable(Long.MAX_VALUE, point -> tell(file, point.serial(), point.offset()));
    }

    /// Back to the last confirmed point. The tokens stay with the sender. The writes under way were done before: work is in order.
    private void resynchronize(String name, Incoming.Outcome.Damaged damaged) {
        damage = damagedSerial == damaged.serial() ? damage + 1 : 1;
        damagedSerial = damaged.serial();
        if (damage >= MOST_DAMAGE) {
            owner.fail(Failure.INTEGRITY, "the interval after checkpoint " + damaged.serial() + " of " + name + " arrived damaged "
                    + MOST_DAMAGE + " times");
            return;
        }
        generation++;
        resynchronizing = true;
        verified.clear();
        dropPages();
        owner.event(new TransferEvent.Resync(name, damaged.serial(), damaged.offset()));
        owner.service().request(new Request.Resynchronize(
                Optional.of(ResyncType.RESTART), Optional.of(damaged.serial() + 1), Optional.empty(), Optional.empty(),
                Profile.all(Token.Side.ACCEPTOR), Spdu.NO_DATA));
        owner.service().flush();
    }

    /// From here on comes what follows the last confirmed point.
    private void restart() {
        resynchronizing = false;
        dropPages();
        var file = incoming;
        if (file != null) {
            work(() -> {
                file.rewind();
                return true;
            }, _ -> {});
        }
    }

    private void discard() {
        drop(Incoming::discard);
        work(() -> true, _ -> {
            owner.service().request(new Request.ActivityDiscardResponse(Spdu.NO_DATA));
            owner.service().flush();
        });
    }

    private interface Ending {
        void end(Incoming what) throws IOException;
    }

    /// The activity is over before its end. Work on it may still be under way, so it ends in order with that.
    private void drop(Ending ending) {
        generation++;
        verified.clear();
        dropPages();
        var file = incoming;
        incoming = null;
        if (file != null) {
            work(() -> {
                ending.end(file);
                return true;
            }, _ -> {});
        }
    }

    private void dropPages() {
        held.remove(pagesOctets);
        pages = new ArrayList<>();
        pagesOctets = 0;
        arrivedPages = 0;
    }

    /// Reads no more while too much waits for the disk, here or in the whole process; but one that waits for nothing must go on, or nobody would
    /// ever give anything back.
    private void pace() {
        boolean pause = disk.isBusy() && (waiting >= (paused ? MOST_WAITING / 2 : MOST_WAITING) || held.isExceeded());
        if (pause != paused) {
            paused = pause;
            owner.service().setReading(!pause && owner.service().isWritable());
        }
    }

    /// Disk and journal, away from the loop, in order, under the lease. A failure ends the connection; a failed force is never tried again.
    private <T> void work(Callable<T> job, Consumer<T> then) {
        work(job, 0, then);
    }

    /// @param octets what is held for it until it is done or failed
    private <T> void work(Callable<T> job, int octets, Consumer<T> then) {
        disk.write(job, octets, (result, failure) -> {
            waiting -= octets;
            finish(result, failure, then);
        });
    }

    private <T> void finish(@Nullable T result, @Nullable Throwable failure, Consumer<T> then) {
        if (over) {
            return;
        }
        pace();
        try {
            if (failure == null && result != null) {
                then.accept(result);
            } else if (failure != null) {
                over = true;
                owner.fail(Failure.ofReceiving(failure), Failure.wordsOfReceiving(failure, inbox.receiver()));
            }
        } catch (SessionException e) {
            owner.fail(Failure.OTHER, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void writable() {
        if (paused) {
            owner.service().setReading(false);
        }
    }

    @Override
    public boolean isBusy() {
        return disk.isBusy();
    }

    @Override
    public void closed() {
        over = true;
        dropPages();
        var file = incoming;
        if (file != null) {
            owner.event(new TransferEvent.Sent(file.name(), arrived));
            loop.offload(() -> {
                file.close();
                return true;
            }, (_, _) -> {});
        }
    }
}
