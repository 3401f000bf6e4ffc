package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.connection.Words;
import dev.parley.transfer.engine.Conversation.Owner;
import dev.parley.transfer.file.Placement;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import java.util.HashMap;
import java.util.List;

/// What either side tells its listeners about files that are complete.
final class Endings {
    private Endings() {}

    /// A receiver's files that have their names now.
    ///
    /// @param share 1 when all of their octets came over this connection, 0 when none did
    static void placed(Owner owner, List<Placement> placed, String receipt, int share) {
        for (var each : placed) {
            if (each.kind() == Source.Kind.FILE) {
                owner.event(new TransferEvent.FileDone(each.name(), each.size(), share * each.size(), each.root(), receipt));
            }
        }
    }

    /// Members of a batch are complete.
    static void batch(Owner owner, String receipt) {
        if (!receipt.isEmpty()) {
            var files = Receipt.parse(receipt).entries();
            owner.event(new TransferEvent.BatchDone(files.size(), files.stream().mapToLong(Receipt.Entry::size).sum(), receipt));
        }
    }

    /// What the receiver says about what it had.
    static void remark(Owner owner, JsonNode answer) {
        if (answer.has("remark")) {
            owner.event(new TransferEvent.Warning(Words.plain(answer.path("remark").asText())));
        }
    }

    /// Complete since an earlier connection, whose last confirmation was lost.
    static void before(Owner owner, Inbox.Answer answer) {
        remark(owner, answer.words());
        boolean batch = answer.words().has("receipts");
        placed(owner, answer.complete(), batch ? "" : answer.words().path("receipt").asText(), 0);
        OutgoingBatch.receipts(answer.words()).forEach(receipt -> batch(owner, receipt));
    }

    /// The receiver had all of it.
    static void done(Owner owner, Outgoing parcel, JsonNode answer) {
        switch (parcel) {
            case OutgoingFile file -> owner.event(new TransferEvent.FileDone(
                    file.name(), answer.path("size").asLong(Math.max(0, file.size())), 0, answer.path("root").asText(),
                    answer.path("receipt").asText()));
            case OutgoingBatch batch -> before(owner, batch.members(), answer);
        }
    }

    /// Some members of a batch arrived in an earlier activity.
    static void before(Owner owner, Outgoing parcel, JsonNode answer) {
        if (parcel instanceof OutgoingBatch batch) {
            before(owner, batch.unwanted(), answer);
        }
    }

    private static void before(Owner owner, List<Source> members, JsonNode answer) {
        var receipts = OutgoingBatch.receipts(answer);
        var roots = new HashMap<String, String>();
        receipts.forEach(receipt -> Receipt.parse(receipt).entries().forEach(entry -> roots.put(entry.name(), entry.root())));
        for (var member : members) {
            if (member.kind() == Source.Kind.FILE) {
                owner.event(new TransferEvent.FileDone(member.name(), member.size(), 0, roots.getOrDefault(member.name(), ""), ""));
            }
        }
        receipts.forEach(receipt -> batch(owner, receipt));
    }

    /// A checkpoint is confirmed; of a batch it may have a receipt of its own.
    static void checkpoint(Owner owner, Outgoing parcel, Outgoing.Interval interval) {
        members(owner, parcel, interval);
        if (parcel instanceof OutgoingBatch) {
            batch(owner, Marks.of(interval.mark(), true, false).receipt());
        }
    }

    static void members(Owner owner, Outgoing parcel, Outgoing.Interval interval) {
        parcel.completed(interval.from(), interval.to()).forEach(entry -> owner.event(
                new TransferEvent.FileDone(entry.name(), entry.size(), entry.size(), entry.root(), "")));
    }

    static void complete(Owner owner, Outgoing parcel, Outgoing.Interval interval, long sent, String receipt) {
        switch (parcel) {
            case OutgoingFile file -> {
                var entry = file.sent().getFirst();
                owner.event(new TransferEvent.FileDone(entry.name(), entry.size(), sent, entry.root(), receipt));
            }
            case OutgoingBatch _ -> batch(owner, receipt);
        }
    }
}
