package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The octets of one connection as they are before TLS, or without it. Blocking: one thread reads, another one writes, any thread closes,
/// which wakes both.
interface Wire {
    /// The room for one TLS record, as generously as BoringSSL reckons it.
    int LEAST_ROOM = 32 << 10;

    /// Waits until there is something to read, where that can be known without room for it.
    ///
    /// @return false when the peer will send no more
    boolean await() throws IOException;

    /// The room that a quiet connection has for what comes next.
    int quietRoom();

    /// Reads some octets: what is there, as far as there is room.
    ///
    /// @param into has room for [#quietRoom] octets or more
    /// @return how many; -1 when the peer will send no more
    int read(ByteBuffer into) throws IOException;

    /// Writes all that the buffers hold.
    void write(ByteBuffer[] buffers) throws IOException;

    /// Tells the peer that nothing follows.
    void finish() throws IOException;

    /// Closes at once. Closing twice is harmless.
    void close();

    /// Gives back what is held outside of the heap. Once, when nobody reads or writes any more.
    void release();

    Security security();
}
