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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Receives files, one activity each. The pages of an interval are kept until its synchronization point; then, away from the loop, they are
/// verified, written, forced and journalled, and only then the point is confirmed. Damage leads to a resynchronization to the last confirmed
/// point on the same connection. Memory is bounded by the window.
final class Receiving implements Conversation {
    private static final int MOST_DAMAGE = 3;

    private final Owner owner;
    private final Loop loop;
    private final Settings settings;
    private final Lease lease;
    private final Inbox inbox;
    private List<ByteBuffer> pages = new ArrayList<>();
    private @Nullable Incoming incoming;
    private String name = "";
    private long size;
    /// Octets of data since the last checkpoint arrived.
    private long arrived;
    private int jobs;
    private int generation;
    private int damage;
    private long damagedSerial;
    private boolean resynchronizing;
    private boolean over;

    Receiving(Owner owner, Loop loop, Settings settings, Lease lease, Inbox inbox) {
        this.owner = owner;
        this.loop = loop;
        this.settings = settings;
        this.lease = lease;
        this.inbox = inbox;
    }

    @Override
    public void start() {
        // The sender begins.
    }

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.CapabilityData c -> offered(Json.decode(c.userData()));
            case Indication.ActivityStart _ -> begin(false);
            case Indication.ActivityResume _ -> begin(true);
            case Indication.Data d -> data(d.userData());
            case Indication.SyncMinor s -> interval(s.serial(), s.userData(), false);
            case Indication.ActivityEnd e -> interval(e.serial(), e.userData(), true);
            case Indication.ResynchronizeConfirm _ -> resynchronizing = false;
            case Indication.ActivityInterrupt _ -> {
                forget();
                owner.service().request(new Request.ActivityInterruptResponse(Spdu.NO_DATA));
                owner.service().flush();
            }
            case Indication.ActivityDiscard _ -> discard();
            case Indication.Release _ -> {
                boolean unfinished = incoming != null && incoming.isOpen();
                owner.service().request(new Request.ReleaseResponse(!unfinished, Spdu.NO_DATA));
                owner.service().flush();
                if (!unfinished) {
                    owner.done();
                }
            }
            default -> owner.fail(Failure.OTHER, "unexpected " + indication.getClass().getSimpleName() + " while receiving");
        }
    }

    /// The sender offers a file; the journal says what is here already.
    private void offered(JsonNode offer) {
        work(() -> inbox.offered(offer), answer -> {
            incoming = answer.incoming();
            name = Json.text(offer, "name");
            size = Json.number(offer, "size", 0, Long.MAX_VALUE);
            owner.service().request(new Request.CapabilityDataResponse(Json.encode(answer.words())));
            owner.service().flush();
            if (answer.words().path("state").asText().equals("done")) {
                // Complete since an earlier connection, whose last confirmation was lost.
                owner.event(new TransferEvent.FileDone(
                        name, size, 0, Json.text(answer.words(), "root"), Json.text(answer.words(), "receipt")));
            }
        });
    }

    private void begin(boolean resumed) {
        var file = incoming;
        if (file == null) {
            owner.fail(Failure.OTHER, "an activity began without an offer");
            return;
        }
        pages = new ArrayList<>();
        owner.event(resumed ? new TransferEvent.Resumed(name, file.offset()) : new TransferEvent.Started(name, size));
        work(() -> {
            file.open();
            return true;
        }, _ -> {});
    }

    private void data(ByteBuffer page) {
        if (pages.size() >= settings.interval() || page.remaining() > settings.pageSize()) {
            owner.fail(Failure.OTHER, "more than " + settings.interval() + " pages of " + settings.pageSize() + " octets without a checkpoint");
            return;
        }
        pages.add(page);
        arrived += page.remaining();
    }

    private void interval(long serial, ByteBuffer mark, boolean last) {
        var file = incoming;
        if (file == null || mark.remaining() != (last ? 44 : 12)) {
            owner.fail(Failure.OTHER, "a checkpoint without an activity or with a malformed digest");
            return;
        }
        var content = pages;
        pages = new ArrayList<>();
        owner.event(new TransferEvent.Sent(name, arrived));
        arrived = 0;
        int crc = mark.getInt();
        long end = mark.getLong();
        var root = new byte[last ? 32 : 0];
        mark.get(root);
        int mine = generation;
        work(() -> file.take(serial, content, crc, end, last ? root : null), outcome -> {
            if (mine != generation || resynchronizing) {
                return;
            }
            switch (outcome) {
                case Incoming.Outcome.Confirmed c -> {
                    damage = 0;
                    owner.event(new TransferEvent.Checkpoint(name, serial, c.offset(), size));
                    owner.service().request(new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
                    owner.service().flush();
                }
                case Incoming.Outcome.Complete c -> {
                    owner.service().request(new Request.ActivityEndResponse(
                            Json.encode(Json.object().put("root", c.root()).put("receipt", c.receipt()))));
                    owner.service().flush();
                    incoming = null;
                    owner.event(new TransferEvent.FileDone(name, size, size, c.root(), c.receipt()));
                }
                case Incoming.Outcome.Damaged d -> resynchronize(d);
            }
        });
    }

    /// Back to the last confirmed point. The tokens stay with the sender. The writes under way were done before: work is in order.
    private void resynchronize(Incoming.Outcome.Damaged damaged) {
        damage = damagedSerial == damaged.serial() ? damage + 1 : 1;
        damagedSerial = damaged.serial();
        if (damage >= MOST_DAMAGE) {
            owner.fail(Failure.INTEGRITY, "the interval after checkpoint " + damaged.serial() + " of " + name + " arrived damaged "
                    + MOST_DAMAGE + " times");
            return;
        }
        var tokens = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            tokens.put(token, Token.Side.ACCEPTOR);
        }
        generation++;
        resynchronizing = true;
        pages = new ArrayList<>();
        owner.event(new TransferEvent.Resync(name, damaged.serial(), damaged.offset()));
        owner.service().request(new Request.Resynchronize(
                Optional.of(ResyncType.RESTART), Optional.of(damaged.serial() + 1), Optional.empty(), Optional.empty(), tokens, Spdu.NO_DATA));
        owner.service().flush();
    }

    private void discard() {
        var file = incoming;
        forget();
        work(() -> {
            if (file != null) {
                file.discard();
            }
            return true;
        }, _ -> {
            owner.service().request(new Request.ActivityDiscardResponse(Spdu.NO_DATA));
            owner.service().flush();
        });
    }

    private void forget() {
        generation++;
        pages = new ArrayList<>();
        incoming = null;
    }

    private interface Then<T> {
        void accept(T result);
    }

    /// Disk and journal, away from the loop, in order, under the lease. A failure ends the connection; a failed force is never tried again.
    private <T> void work(Callable<T> job, Then<T> then) {
        jobs++;
        loop.offload(() -> lease.with(job), (result, failure) -> {
            jobs--;
            if (over) {
                return;
            }
            try {
                if (failure == null && result != null) {
                    then.accept(result);
                } else if (failure != null) {
                    failed(failure);
                }
            } catch (SessionException e) {
                owner.fail(Failure.OTHER, String.valueOf(e.getMessage()));
            }
        });
    }

    private void failed(Throwable failure) {
        over = true;
        switch (failure) {
            case SessionException.IntegrityFailure e -> owner.fail(Failure.INTEGRITY, String.valueOf(e.getMessage()));
            case SessionException.LimitReached e -> owner.fail(Failure.LIMIT, String.valueOf(e.getMessage()));
            case SessionException e -> owner.fail(Failure.OTHER, String.valueOf(e.getMessage()));
            default -> owner.fail(
                    Failure.LIMIT, "the receiver could not store the data: " + failure.getMessage() + "; what was confirmed is kept");
        }
    }

    @Override
    public void writable() {
        // Only confirmations are sent.
    }

    @Override
    public boolean isBusy() {
        return jobs > 0;
    }

    @Override
    public void closed() {
        over = true;
        var file = incoming;
        if (file != null) {
            loop.offload(() -> {
                file.close();
                return true;
            }, (_, _) -> {});
        }
    }
}
