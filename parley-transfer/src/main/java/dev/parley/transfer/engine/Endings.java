package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
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

    /// All of a batch has arrived.
    static void batch(Owner owner, List<Placement> placed, String receipt) {
        var files = placed.stream().filter(each -> each.kind() == Source.Kind.FILE).toList();
        owner.event(new TransferEvent.BatchDone(files.size(), files.stream().mapToLong(Placement::size).sum(), receipt));
    }

    /// The receiver had all of it.
    static void done(Owner owner, Outgoing parcel, JsonNode answer) {
        var receipt = answer.path("receipt").asText();
        switch (parcel) {
            case OutgoingFile file -> owner.event(new TransferEvent.FileDone(
                    file.name(), answer.path("size").asLong(Math.max(0, file.size())), 0, answer.path("root").asText(), receipt));
            case OutgoingBatch batch -> {
                var roots = new HashMap<String, String>();
                if (!receipt.isEmpty()) {
                    Receipt.parse(receipt).entries().forEach(entry -> roots.put(entry.name(), entry.root()));
                }
                int files = 0;
                long size = 0;
                for (var member : batch.members()) {
                    if (member.kind() == Source.Kind.FILE) {
                        files++;
                        size += member.size();
                        owner.event(new TransferEvent.FileDone(
                                member.name(), member.size(), 0, roots.getOrDefault(member.name(), ""), ""));
                    }
                }
                owner.event(new TransferEvent.BatchDone(files, size, receipt));
            }
        }
    }

    /// Some members of a batch arrived in an earlier activity.
    static void before(Owner owner, Outgoing parcel) {
        if (parcel instanceof OutgoingBatch batch) {
            batch.unwanted().forEach(member -> owner.event(new TransferEvent.FileDone(member.name(), member.size(), 0, "", "")));
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
            case OutgoingBatch batch -> owner.event(new TransferEvent.BatchDone(batch.sent().size(), interval.to().offset(), receipt));
        }
    }
}
