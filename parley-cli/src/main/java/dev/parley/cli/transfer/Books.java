package dev.parley.cli.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one run of a transfer writes down at the client's side, beside the store.
///
/// @param lasting whether a later run can go on from it
record Books(Commands commands, Receipts receipts, Ownership ownership, boolean lasting) {
    /// @param identity what makes two runs the same transfer
    /// @param receipt where the receipt goes too
    static Books of(StateOption state, String identity, @Nullable Path receipt) {
        var receipts = new Receipts(state.client(), Optional.ofNullable(receipt).flatMap(Receipts::wanted));
        return new Books(new Commands(state), receipts, new Ownership(state.client(), identity), true);
    }

    /// Nothing of this run can be gone on with: its notes are in a folder that goes with it. Only the receipt stays.
    Books passing(Path folder) {
        var gone = StateOption.at(folder);
        return new Books(new Commands(gone), receipts, new Ownership(gone.client(), "passing"), false);
    }
}
