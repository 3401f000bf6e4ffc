package dev.parley.trace.decode;

import dev.parley.api.SessionException;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The SPDUs of a TSDU in words. It walks the units by itself, so that a malformed SPDU shows what it has; what is malformed is said by the
/// strict decoder of the protocol machine, so that both always agree.
final class SessionDecoder {
    private static final int GIVE = 1;
    private static final int PLEASE = 2;
    /// More SPDUs in one TSDU are not listed; the standard allows four.
    private static final int MOST_SPDUS = 8;

    private final Recorder recorder;

    /// One SPDU without its user information.
    private record Found(SpduNames.Name name, List<Item> items, String summary) {}

    SessionDecoder(Recorder recorder) {
        this.recorder = recorder;
    }

    void tsdu(boolean fromCaller, boolean expedited, ByteBuffer tsdu) {
        var found = new ArrayList<Found>();
        var fault = strict(tsdu);
        try {
            walk(tsdu.duplicate(), found);
        } catch (IndexOutOfBoundsException e) {
            // Lengths run past the end: what was found so far is listed, and the strict decoder has words for it.
            fault = fault.or(() -> Optional.of("a length runs past the end of the TSDU"));
        }
        if (found.isEmpty()) {
            recorder.message(
                    fromCaller, Message.Layer.SESSION, "?", "no SPDU", Octets.counted(tsdu, 16), List.of(),
                    fault.or(() -> Optional.of("it has no SPDU")));
            return;
        }
        // A GIVE TOKENS or PLEASE TOKENS without tokens only introduces what follows, and is no message of its own.
        boolean introduced = found.size() > 1 && found.getFirst().items.isEmpty();
        for (int i = introduced ? 1 : 0; i < found.size(); i++) {
            var spdu = found.get(i);
            var items = new ArrayList<Item>();
            if (introduced && i == 1) {
                items.add(new Item("introduced by", found.getFirst().name.title() + " without tokens"));
            }
            if (expedited) {
                items.add(new Item("flow", "transport expedited"));
            }
            items.addAll(spdu.items);
            recorder.message(
                    fromCaller, Message.Layer.SESSION, spdu.name.symbol(), spdu.name.title(), spdu.summary, items,
                    i == found.size() - 1 ? fault : Optional.empty());
        }
    }

    private static Optional<String> strict(ByteBuffer tsdu) {
        try {
            SpduCodec.decode(tsdu.duplicate());
            return Optional.empty();
        } catch (SessionException.ProtocolViolation e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void walk(ByteBuffer tsdu, List<Found> found) {
        boolean first = true;
        boolean concatenated = false;
        while (tsdu.hasRemaining() && found.size() < MOST_SPDUS) {
            int identifier = tsdu.get() & 0xFF;
            int length = ParameterWords.length(tsdu);
            var units = ParameterWords.take(tsdu, length);
            var name = SpduNames.of(identifier, concatenated, ParameterWords.has(units, 15));
            var items = new ArrayList<Item>();
            try {
                items.addAll(ParameterWords.units(units, name.symbol()));
            } catch (IndexOutOfBoundsException e) {
                items.add(new Item("broken parameters", Octets.words(units, 64)));
            }
            if (name.hasInformation()) {
                items.add(new Item("user data", Octets.counted(tsdu, 48)));
                tsdu.position(tsdu.limit());
            }
            found.add(new Found(name, items, SpduNames.summary(items)));
            concatenated |= first && (identifier == GIVE || identifier == PLEASE);
            first = false;
        }
    }
}
