package dev.parley.cli.transfer;

import dev.parley.session.store.Store;
import dev.parley.transfer.admin.SessionAdmin;
import dev.parley.transfer.admin.SessionInfo;
import dev.parley.transfer.admin.StoreAdmin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The sessions of this side's transfers that are not done. Their role is the command.
final class ClientSessions implements SessionAdmin {
    private final Store store;
    private final Commands commands;
    private final String server;

    /// @param server the beginning of the fingerprint of the server that is meant; empty for all
    ClientSessions(Store store, Commands commands, String server) {
        this.store = store;
        this.commands = commands;
        this.server = server;
    }

    private List<Store.Transfer> transfers() {
        return store.transfers().stream().filter(t -> t.server().startsWith(server)).toList();
    }

    @Override
    public List<SessionInfo> list(boolean all) {
        return transfers().stream().map(this::info).toList();
    }

    private SessionInfo info(Store.Transfer t) {
        var command = commands.find(t.session(), t.server()).map(Commands.Command::text).orElse(t.command().replace('\n', ' '));
        return new SessionInfo(t.session(), "", command, t.state(), t.createdMillis(), touched(t), false);
    }

    /// At each connection, and from time to time while it works.
    private long touched(Store.Transfer t) {
        return Math.max(t.createdMillis(), commands.touched(t.session(), t.server()).orElse(0L));
    }

    /// The transfers of one session. Two servers may have given the same number.
    private List<Store.Transfer> of(long number) {
        var found = transfers().stream().filter(t -> t.session() == number).toList();
        var servers = found.stream().map(Store.Transfer::server).distinct().toList();
        if (servers.size() > 1) {
            throw ResumeCommand.ambiguous(number, servers);
        }
        return found;
    }

    /// Under which number this side keeps its journal; of what it sends it keeps none.
    private Optional<Long> journal(Store.Transfer t) {
        return store.adopted(t.server(), t.session());
    }

    @Override
    public Optional<SessionInfo.Detail> show(long number) {
        return of(number).stream().findFirst().map(t -> journal(t).map(mine -> StoreAdmin.detail(store, mine, info(t), 0))
                .orElseGet(() -> new SessionInfo.Detail(info(t), List.of(), 0, t.sentBytes())));
    }

    @Override
    public boolean cancel(long number, String words) {
        var transfers = of(number);
        transfers.forEach(this::forget);
        return !transfers.isEmpty();
    }

    private void forget(Store.Transfer t) {
        var command = commands.find(t.session(), t.server());
        if (command.isPresent() && command.get().arguments().getFirst().equals("get")) {
            try {
                Destination.discard(command.get().arguments().getLast(), journal(t).orElse(t.session()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        store.removeTransfer(t.command());
        journal(t).ifPresent(store::removeSession);
        commands.forget(t.session(), t.server());
    }

    @Override
    public int purge(Duration untouched, boolean all) {
        long before = System.currentTimeMillis() - untouched.toMillis();
        var old = transfers().stream().filter(t -> touched(t) <= before).toList();
        old.forEach(this::forget);
        return old.size();
    }
}
