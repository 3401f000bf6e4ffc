package dev.parley.transfer.engine;

import dev.parley.transfer.file.Source;
import java.util.ArrayList;
import java.util.List;

/// Puts sources into activities: big files and streams one each, small files, links and folders together. The order stays, except that small
/// things wait until their batch is full; folders come last all the same, because their time and mode are set last.
final class Parcels {
    private Parcels() {}

    static List<Outgoing> of(List<Source> sources, Settings settings, Outgoing.Outbox outbox, FileOptions options) {
        var big = new ArrayList<Outgoing>();
        var batches = new ArrayList<Outgoing>();
        var batch = new OutgoingBatch(settings, outbox);
        long small = sources.stream().filter(source -> isSmall(source, settings)).count();
        for (var source : sources) {
            // One file by itself is better off as a file: its receipt is its own.
            if (small < 2 && source.kind() == Source.Kind.FILE || !isSmall(source, settings)) {
                big.add(new OutgoingFile(source, settings, outbox, options));
            } else if (!batch.add(source)) {
                batches.add(batch);
                batch = new OutgoingBatch(settings, outbox);
                batch.add(source);
            }
        }
        if (!batch.members().isEmpty()) {
            batches.add(batch);
        }
        big.addAll(batches);
        return big;
    }

    private static boolean isSmall(Source source, Settings settings) {
        return source.kind() == Source.Kind.FOLDER || source.kind() == Source.Kind.LINK
                || source.kind() == Source.Kind.FILE && source.size() <= settings.mostSmall();
    }
}
