package dev.parley.transfer.engine;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Pages that are filled again and again: what a window holds is all the memory that a file of any size needs. Outside of the heap, where
/// disk and socket use them as they are. Not thread safe.
final class PagePool {
    private final int pageSize;
    private final Deque<ByteBuffer> free = new ArrayDeque<>();

    PagePool(int pageSize) {
        this.pageSize = pageSize;
    }

    /// A page with room for `size` octets, at most a whole one.
    ByteBuffer take(int size) {
        var page = free.isEmpty() ? ByteBuffer.allocateDirect(pageSize) : free.pop().clear();
        return page.limit(size);
    }

    /// Nobody has any use any more for these pages, which came from here. Those that somebody may still have are just forgotten.
    void give(List<ByteBuffer> pages) {
        pages.forEach(free::push);
    }
}
