package dev.parley.cli.transfer;

import dev.parley.session.store.Store;
import dev.parley.transfer.admin.SessionAdmin;
import dev.parley.transfer.admin.SessionInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The sessions of this side's transfers that are not done. Their role is the command.
final class ClientSessions implements SessionAdmin {
    private final Store store;
    private final Commands commands;

    ClientSessions(Store store, Commands commands) {
        this.store = store;
        this.commands = commands;
    }

    @Override
    public List<SessionInfo> list(boolean all) {
        return store.transfers().stream().map(t -> new SessionInfo(
                t.session(), "", commands.find(t.session()).map(Commands.Command::text).orElse(t.command().replace('\n', ' ')), t.state(),
                t.createdMillis(), t.createdMillis(), false)).toList();
    }

    @Override
    public Optional<SessionInfo.Detail> show(long number) {
        return list(true).stream().filter(s -> s.number() == number).findFirst().map(s -> new SessionInfo.Detail(
                s, store.progressOf(number).stream().map(p -> new SessionInfo.Item(p.item(), p.offset(), p.size(), p.serial())).toList(), 0));
    }

    @Override
    public boolean cancel(long number, String words) {
        var command = commands.find(number);
        if (command.isPresent() && command.get().arguments().getFirst().equals("get")) {
            try {
                Destination.discard(command.get().arguments().getLast(), number);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        var transfers = store.transfers().stream().filter(t -> t.session() == number).toList();
        transfers.forEach(t -> store.removeTransfer(t.command()));
        store.removeSession(number);
        commands.forget(number);
        return !transfers.isEmpty();
    }

    @Override
    public int purge(Duration untouched, boolean all) {
        long before = System.currentTimeMillis() - untouched.toMillis();
        return (int) list(true).stream().filter(s -> s.touchedMillis() <= before).filter(s -> cancel(s.number(), "")).count();
    }
}
