package dev.parley.transfer.admin;

import java.util.List;

/// One session, for people.
///
/// @param role `send`, `get`, `talk` or `admin`, from the client's side
/// @param state `open`, `done` or why it ended
/// @param connected whether a connection works for it just now
public record SessionInfo(
        long number, String user, String role, String state, long createdMillis, long touchedMillis, boolean connected) {
    /// One file of a session: how far it is confirmed.
    ///
    /// @param size octets; negative when unknown
    /// @param serial of the last checkpoint; 0 when it is complete
    public record Item(String name, long offset, long size, long serial) {}

    /// @param more how many items are not shown
    /// @param sent octets that this side has sent over all runs, whatever became of them
    public record Detail(SessionInfo session, List<Item> items, int more, long sent) {
        public Detail {
            items = List.copyOf(items);
        }
    }
}
