package dev.parley.session.store;

import dev.parley.api.SessionException;
import java.util.List;
import java.util.Optional;

/// The durable truth of one side: users, session numbers, and how far each piece of work is confirmed. What a method has stored is on stable
/// storage when it returns. Methods block and may be called from several threads.
///
/// @see SqliteStore
public interface Store extends AutoCloseable {
    /// A user of a server with the SCRAM verifier; the password itself is never stored. An administrator sees and ends sessions of others.
    record User(
            String name, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, String root, boolean maySend, boolean mayGet,
            long quota, boolean administrator) {
        public User(
                String name, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey, String root, boolean maySend, boolean mayGet,
                long quota) {
            this(name, salt, iterations, storedKey, serverKey, root, maySend, mayGet, quota, false);
        }

        /// The same credentials, another permission.
        public User with(String otherRoot, boolean sends, boolean gets, long otherQuota) {
            return new User(name, salt, iterations, storedKey, serverKey, otherRoot, sends, gets, otherQuota, administrator);
        }

        public User asAdministrator(boolean is) {
            return new User(name, salt, iterations, storedKey, serverKey, root, maySend, mayGet, quota, is);
        }
    }

    /// A session as the server keeps it. `epoch` counts its connections: only the newest may write. `root` is where it receives, from the folder
    /// that is served.
    record Session(
            long number, String user, String role, long epoch, long createdMillis, long touchedMillis, String state, String root) {}

    /// The last confirmed synchronization point of a piece of work. `tree` is the state of its hash tree at `offset`, `details` is JSON that its
    /// owner understands.
    record Progress(long session, String item, long epoch, long serial, long offset, byte[] tree, String details, long size) {}

    /// An item that is complete at the receiver. `details` says what is needed to finish and to prove it.
    record Completion(String item, String details) {}

    /// What a client remembers of a command, so that the same command run again goes on. `sentBytes` counts over all runs.
    record Transfer(String command, long session, String server, String state, long createdMillis, long sentBytes, long size) {}

    /// What [#claim] gave; closing gives it back.
    interface Claim extends AutoCloseable {
        @Override
        void close();
    }

    void putUser(User user);

    Optional<User> user(String name);

    List<User> users();

    /// Removes the user and what certificates it has.
    boolean removeUser(String name);

    /// A client that proves to hold the certificate with this fingerprint is this user. A fingerprint belongs to one user.
    void putCertificate(String fingerprint, String user);

    Optional<User> userOfCertificate(String fingerprint);

    /// Fingerprints of a user's certificates.
    List<String> certificates(String user);

    /// A new session with a number that was never given before and never will be.
    Session newSession(String user, String role, String root, long nowMillis);

    /// One that receives into the served folder itself, or nothing.
    default Session newSession(String user, String role, long nowMillis) {
        return newSession(user, role, "", nowMillis);
    }

    /// A session that a server has given a number: a receiving client keeps its journal under it. Its epoch rises with each call. Two servers may
    /// give the same number: then this side has another one for the second.
    Session adopt(String server, long number, String user, String root, long nowMillis);

    /// What a write ends with that does not belong to the newest connection of its session.
    ///
    /// @param found the session as it is now, if it still is
    static SessionException notMine(long session, Optional<Session> found) {
        return found.isPresent()
                ? new SessionException.Refused("session " + session + " was taken over by a newer connection")
                : new SessionException.Cancelled("session " + session + " was cancelled by its user");
    }

    /// Under which number this side keeps its journal of such a session, when it has one.
    Optional<Long> adopted(String server, long number);

    Optional<Session> session(long number);

    /// Sessions of a user, or of all when the name is empty, newest first.
    List<Session> sessions(String user);

    /// A newer connection takes over: the epoch rises by one, and what older ones still write is refused.
    Session takeOver(long session, long nowMillis);

    void endSession(long session, String state, long nowMillis);

    /// Removes a session with its progress. True when there was one.
    boolean removeSession(long session);

    /// Somebody works for this session; a power failure may lose the change.
    void touch(long session, long nowMillis);

    /// Sessions that nobody touched since then.
    List<Session> untouchedSince(long millis);

    /// Records a confirmed point; on return it is durable.
    ///
    /// @throws dev.parley.api.SessionException.Refused when a newer connection has taken over the session
    /// @throws dev.parley.api.SessionException.Cancelled when the session is not there any more
    void confirm(Progress progress);

    Optional<Progress> progress(long session, String item);

    List<Progress> progressOf(long session);

    /// What is complete in a session.
    List<Completion> completions(long session);

    /// True while nothing is confirmed in a session, or when there is none.
    default boolean isBlank(long session) {
        return progressOf(session).isEmpty() && completions(session).isEmpty();
    }

    /// Octets of files that were sent in a session, over all its connections; 0 at the side that receives.
    long sent(long session);

    /// Keeps that count; a power failure may lose the change.
    void noteSent(long session, long octets);

    /// The same, but a power failure may lose it (a death of the process does not): for what can be found out again at some cost.
    void note(Progress progress);

    /// These items are complete: all in one step, and their progress goes. The records stay until the session is removed, so that a lost
    /// confirmation does no harm.
    ///
    /// @throws dev.parley.api.SessionException.Refused when a newer connection has taken over the session
    /// @throws dev.parley.api.SessionException.Cancelled when the session is not there any more
    void complete(long session, long epoch, List<Completion> items);

    Optional<String> completion(long session, String item);

    /// Forgets how far an item is.
    ///
    /// @throws dev.parley.api.SessionException.Refused when a newer connection has taken over the session
    /// @throws dev.parley.api.SessionException.Cancelled when the session is not there any more
    void discard(long session, long epoch, String item);

    void putTransfer(Transfer transfer);

    /// Keeps the count of octets of a transfer, if there is one; a power failure may lose the change.
    void noteSent(String command, long sentBytes, long size);

    Optional<Transfer> transfer(String command);

    List<Transfer> transfers();

    void removeTransfer(String command);

    /// The right to work for this command: one process at a time, until it closes the claim or dies. Empty while somebody else has it.
    Optional<Claim> claim(String command);

    /// The fingerprint under which a server is known, by what the user calls it.
    void putServer(String name, String fingerprint);

    Optional<String> server(String name);

    @Override
    void close();
}
