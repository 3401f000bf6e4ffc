package dev.parley.session.talk;

import dev.parley.session.store.ConversationStore.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Entries in order, with their size in octets. Not thread safe.
final class Entries {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    void addAll(List<Entry> more) {
        for (var entry : more) {
            entries.addLast(entry);
            bytes += entry.body().length;
        }
    }

    Optional<Entry> poll() {
        var first = Optional.ofNullable(entries.pollFirst());
        first.ifPresent(entry -> bytes -= entry.body().length);
        return first;
    }

    void dropTo(long number) {
        for (var first = entries.peekFirst(); first != null && first.number() <= number; first = entries.peekFirst()) {
            poll();
        }
    }

    boolean fits(int more, long moreBytes, ConversationOptions options) {
        return entries.size() + (long) more <= options.outboxMessages() && bytes + moreBytes <= options.outboxBytes();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes;
    }

    List<Entry> list() {
        return List.copyOf(entries);
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    static long bytes(List<Entry> list) {
        return list.stream().mapToLong(entry -> entry.body().length).sum();
    }
}
