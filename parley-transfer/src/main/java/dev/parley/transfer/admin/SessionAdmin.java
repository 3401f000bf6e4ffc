package dev.parley.transfer.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What may be done with the sessions of a state folder, here or at a server. Methods block.
public interface SessionAdmin {
    /// The newest first.
    ///
    /// @param all of every user, for which a remote user must be an administrator
    List<SessionInfo> list(boolean all);

    Optional<SessionInfo.Detail> show(long session);

    /// Ends the session: a connection is aborted with the words as its reason, what is unfinished is deleted. False when there is no such session.
    boolean cancel(long session, String words);

    /// Forgets the sessions that nobody touched for so long, and what they left unfinished. Connected ones stay.
    ///
    /// @return how many there were
    int purge(Duration untouched, boolean all);
}
