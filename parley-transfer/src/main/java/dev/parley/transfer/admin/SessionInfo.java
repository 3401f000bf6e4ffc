package dev.parley.transfer.admin;

import java.util.List;

/// One session, for people.
///
/// @param role `send`, `get`, `talk` or `admin`, from the client's side
/// @param state `open`, `done` or why it ended
/// @param connected whether a connection works for it just now
public record SessionInfo(
        long number, String user, String role, String state, long createdMillis, long touchedMillis, boolean connected) {
    /// One activity of a session: how far it is confirmed.
    ///
    /// @param size octets; negative when unknown
    public record Item(String name, long offset, long size, long serial) {}

    /// @param more how many items are not shown
    public record Detail(SessionInfo session, List<Item> items, int more) {
        public Detail {
            items = List.copyOf(items);
        }
    }
}
