package dev.parley.osi;

import dev.parley.runtime.Security;

/// One connection's session service, event driven: requests go in here, indications come out at the [User]. Used only on the connection's loop.
public interface SessionService {
    /// Issues one primitive. Returns the serial number that the provider gave to a sync point (minor, major, activity end), otherwise -1.
    ///
    /// @throws dev.parley.api.SessionException.OutOfSequence when the state tables do not allow it; nothing changed
    long request(Request request);

    /// True while normal data may be sent without growing the send queue beyond its high-water mark.
    boolean isWritable();

    /// Sends what was queued by requests; call it once after a batch.
    void flush();

    /// Stops or resumes reading from the peer.
    void setReading(boolean reading);

    boolean owns(Token token);

    /// Closes the transport without a word; for a peer that is fenced or broken.
    void disconnect();

    Security security();

    String peer();

    /// The SS-user's side. Calls come on the connection's loop, one at a time; a call may issue requests.
    interface User {
        /// The transport is up: the initiator may now issue S-CONNECT, the responder waits for it.
        void ready(SessionService service);

        void indication(Indication indication);

        /// More normal data may be sent.
        void writable();

        /// What arrived is not of this protocol, or not of the one below; the connection ends by it. It may be the first call.
        default void malformed(String peer, String words) {}

        /// The line broke under a connection in use: the provider abort that follows at once has no other cause.
        default void lost(String reason) {}

        /// The transport is gone. Last call. A connection that was in use was told so before by an abort indication.
        void closed(String reason);
    }
}
