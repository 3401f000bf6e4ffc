package dev.parley.cli.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one run of a transfer writes down at the client's side, beside the store.
record Books(Commands commands, Receipts receipts, Ownership ownership) {
    /// @param identity what makes two runs the same transfer
    /// @param receipt where the receipt goes too
    static Books of(StateOption state, String identity, @Nullable Path receipt) {
        return new Books(
                new Commands(state), new Receipts(state.client(), Optional.ofNullable(receipt)), new Ownership(state.client(), identity));
    }
}
