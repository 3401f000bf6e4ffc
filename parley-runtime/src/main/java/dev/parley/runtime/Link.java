package dev.parley.runtime;

import java.nio.ByteBuffer;

/// One transport's byte pipe to one peer, as a protocol engine sees it. Never blocks. Used only on the connection's own [Loop].
public interface Link {
    /// Queues bytes in order. The link owns the buffers from now on; the caller must not change what they hold.
    void write(ByteBuffer... buffers);

    /// Pushes queued bytes to the network. Batching writes and flushing once is what makes a link fast.
    void flush();

    /// False while the peer is slow and the queue is above its high-water mark; [Handler#writable] tells when it is true again.
    boolean isWritable();

    /// Stops (false) or resumes (true) reading from the peer: back-pressure. Bytes that were read already may still arrive.
    void setReading(boolean reading);

    /// Sends what is queued, then closes. [Handler#closed] follows. Closing twice is harmless.
    void close();

    /// Drops the queue and closes at once.
    void abort();

    /// Who is at the other end, for people: an address.
    String peer();

    /// Our end, in the same form; empty where a link has no address.
    default String local() {
        return "";
    }

    /// TLS channel binding and peer certificate where the link is secured.
    Security security();

    /// What a [Link] reports. Calls come on the connection's [Loop], one at a time.
    interface Handler {
        /// The link is up (TCP connected and TLS handshake done). First call.
        void opened(Link link);

        /// Bytes arrived. The buffer is lent for this call: what is needed later must be copied.
        void received(ByteBuffer bytes);

        /// The queue fell below its low-water mark.
        void writable();

        /// Last call: the peer or we closed (`reason` is empty after an orderly close), or the line broke.
        void closed(String reason);
    }
}
