package dev.parley.runtime;

import java.nio.ByteBuffer;

/// The connection-oriented transport service (X.214, class 0) as the session layer uses it. Used only on the connection's [Loop].
public interface Transport {
    /// T-CONNECT request.
    void connect();

    /// T-CONNECT response.
    void accept();

    /// Queues one TSDU, given as parts in order. The parts belong to the transport from now on.
    void send(ByteBuffer... tsdu);

    /// Whether the transport connection has an expedited flow; known from the connect confirm or indication on.
    default boolean expedited() {
        return false;
    }

    /// T-EXPEDITED-DATA request: 1 to 16 octets.
    ///
    /// @throws IllegalStateException without an expedited flow
    default void sendExpedited(ByteBuffer octets) {
        throw new IllegalStateException("the transport connection has no expedited flow");
    }

    /// The T-selectors that were called from and called; empty when none were sent.
    default ByteBuffer callingSelector() {
        return ByteBuffer.allocate(0);
    }

    default ByteBuffer calledSelector() {
        return ByteBuffer.allocate(0);
    }

    void flush();

    boolean isWritable();

    void setReading(boolean reading);

    /// Octets of the largest TSDU that is accepted from now on; a longer one ends the connection.
    void limit(int octets);

    /// T-DISCONNECT request: sends what is queued, then closes.
    void disconnect();

    /// Closes at once and drops what is queued.
    void abort();

    String peer();

    Security security();

    /// What the transport reports, on the connection's loop, one call at a time.
    interface User {
        /// The link is up; the initiator may call [Transport#connect].
        void ready(Transport transport);

        void connectIndication();

        void connectConfirm();

        void tsdu(ByteBuffer octets);

        /// T-EXPEDITED-DATA indication; only where [Transport#expedited] is true.
        default void expedited(ByteBuffer octets) {}

        void writable();

        /// What arrived is not of this transport protocol; [#disconnected] follows.
        default void malformed(String words) {}

        /// T-DISCONNECT indication, or the end of the link for whatever reason. Last call.
        void disconnected(String reason);
    }
}
