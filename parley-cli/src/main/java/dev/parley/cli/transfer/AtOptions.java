package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Terminal;
import dev.parley.runtime.Tap;
import dev.parley.runtime.capture.Capture;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.engine.RemoteAdmin;
import dev.parley.transfer.engine.TransferEvent;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whether a command asks a server instead of this machine's state, and which one.
final class AtOptions extends LoginOptions {
    private static final int RFC1006 = 102;

    @Option(names = "--at", paramLabel = "[USER@]HOST[:PORT]", converter = Remote.Converter.class,
            description = "Ask this server about your sessions there.")
    private @Nullable Remote at;

    @Mixin
    private final PcapOption pcap = new PcapOption();

    boolean isGiven() {
        return at != null;
    }

    <T> T ask(StateOption state, Terminal terminal, Function<RemoteAdmin, T> question) {
        return ask(state, terminal, _ -> {}, question);
    }

    /// Logs in, asks, and releases the session.
    ///
    /// @param tokens news of a flow token that was asked for; must not block
    /// @throws CommandFailed when it comes to nothing
    <T> T ask(StateOption state, Terminal terminal, Consumer<TransferEvent.Token> tokens, Function<RemoteAdmin, T> question) {
        if (at == null) {
            throw new CommandFailed(ExitCode.USAGE, "say which server: --at [USER@]HOST[:PORT]");
        }
        var remote = complete(at);
        var capture = capture();
        var tap = capture.map(c -> (Tap) (handler, _) -> c.tap(handler, true, RFC1006)).orElse(Tap.NONE);
        try (var store = SqliteStore.open(state.client())) {
            var door = door(store, remote, terminal::say);
            try (var admin = RemoteAdmin.connect(remote.address(), door.tls(), remote.user(), door.password(), tokens, tap)) {
                return question.apply(admin);
            } catch (RemoteAdmin.Failed e) {
                var refusal = door.refusal().get();
                var words = refusal.isEmpty() ? String.valueOf(e.getMessage()) : refusal;
                throw new CommandFailed(ExitCode.of(e.failure().code()), words, "", "", e);
            }
        } finally {
            PcapOption.finish(capture, terminal);
        }
    }

    private Optional<Capture> capture() {
        try {
            return pcap.open();
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.OTHER, "the capture cannot be written: " + e.getMessage(), "", "", e);
        }
    }
}
