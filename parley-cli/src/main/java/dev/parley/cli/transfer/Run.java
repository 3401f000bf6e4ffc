package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Signals;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.runtime.Tap;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.transfer.engine.Failure;
import dev.parley.transfer.engine.TransferClient;
import dev.parley.transfer.engine.TransferEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs one transfer at the client to its end, tells what happens, and says at the end how it went and what continues it.
final class Run {
    private static final long TOUCH_NANOS = 30_000_000_000L;

    private final Terminal terminal;
    private final Supplier<String> refusal;
    private final boolean get;
    private final Books books;
    private final Commands.Command command;
    private final TransferClient client;
    private final Progress progress;
    private final long startedAt = System.nanoTime();
    private @Nullable Signals signals;
    private long touchedAt = startedAt;
    private long safe;
    private long session;
    private volatile boolean overtaken;
    /// What this side could not write down.
    private volatile @Nullable IOException broken;
    private @Nullable IOException unkept;
    private String lastReason = "";
    private TransferEvent.Token.@Nullable State tokenState;

    /// @param refusal why the server's certificate was refused; empty when it was not
    Run(Terminal terminal, TransferOptions.Keeping keeping, Tap tap, TransferOptions.Order order, Supplier<String> refusal,
            TransferClient.Job job) {
        this.terminal = terminal;
        this.books = keeping.books();
        this.command = order.command();
        this.refusal = refusal;
        this.get = order.get();
        this.progress = new Progress(terminal, order.total());
        this.client = new TransferClient(keeping.store(), keeping.disk(), job, tap, this::event);
    }

    /// @throws CommandFailed when it did not get to its end
    TransferClient.Result run() throws InterruptedException {
        signals = Signals.install(() -> {
            terminal.say("stopping; what is confirmed is kept");
            client.stop();
        });
        TransferClient.Result result;
        try (progress) {
            result = client.run(this::told);
        }
        if (result.failure().isPresent()) {
            throw failed(result.failure().get(), result);
        }
        books.commands().forget(result.session(), client.server());
        books.ownership().release();
        if (unkept != null) {
            var code = ExitCode.of(Failure.ofStorage(unkept).code());
            throw new CommandFailed(code, "everything is transferred, but not every receipt could be kept: " + DiskWords.of(unkept));
        }
        return result;
    }

    private void event(TransferEvent event) {
        progress.event(event);
        switch (event) {
            case TransferEvent.Connected c -> {
                lastReason = "";
                begun(c.session());
                terminal.tell(EventWords.of(c));
            }
            case TransferEvent.Checkpoint c -> {
                touch();
                safe = c.offset();
                terminal.tell("checkpoint", EventWords.of(c));
            }
            case TransferEvent.FileDone f -> {
                var receipt = kept(() -> books.receipts().keep(session, client.server(), f.name(), f.receipt()));
                terminal.tell("file", receipt.isEmpty() ? EventWords.of(f) : EventWords.of(f).put("receipt", receipt));
            }
            case TransferEvent.BatchDone b -> {
                var receipt = kept(() -> books.receipts().keepBatch(session, client.server(), b.receipt()));
                terminal.tell(EventWords.of(b).put("receipt", receipt));
            }
            case TransferEvent.Warning w -> {
                terminal.tell(EventWords.of(w));
                terminal.say(w.words());
            }
            case TransferEvent.Resumed r -> {
                safe = r.offset();
                terminal.tell(EventWords.of(r));
                terminal.say(r.name() + ": goes on at " + Size.text(r.offset()));
            }
            case TransferEvent.Resync r -> terminal.tell(EventWords.of(r));
            case TransferEvent.Token t -> {
                touch();
                token(t);
            }
            case TransferEvent.Lost l -> lost(l.reason());
            case TransferEvent.Started _, TransferEvent.Sent _ -> {}
        }
        switch (event) {
            case TransferEvent.Warning _, TransferEvent.Resumed _, TransferEvent.Token _, TransferEvent.Lost _ -> {}
            default -> EventWords.sentence(event).ifPresent(terminal::detail);
        }
    }

    /// Without what is written down here nobody could go on.
    private void begun(long number) {
        try {
            if (session == 0) {
                books.ownership().claim();
            }
            session = number;
            books.commands().remember(number, client.server(), command);
        } catch (UncheckedIOException e) {
            broken = Objects.requireNonNull(e.getCause());
            client.stop();
        }
    }

    /// The transfer goes on without a receipt: its end says so.
    private String kept(Supplier<String> receipt) {
        try {
            return receipt.get();
        } catch (UncheckedIOException e) {
            if (unkept == null) {
                var why = Objects.requireNonNull(e.getCause());
                unkept = why;
                terminal.say("a receipt cannot be kept: " + DiskWords.of(why));
            }
            return "";
        }
    }

    /// So that `purge` does not take it for forgotten.
    private void touch() {
        long now = System.nanoTime();
        if (now - touchedAt > TOUCH_NANOS) {
            touchedAt = now;
            books.commands().touch(session, client.server());
        }
    }

    /// Each new state is told to people; how the place and the estimate change, the progress bar shows.
    private void token(TransferEvent.Token t) {
        terminal.tell("token " + t.state(), EventWords.of(t));
        if (!t.state().equals(tokenState)) {
            tokenState = t.state();
            terminal.say(EventWords.sentence(t));
        }
    }

    /// The same reason again is told by the progress bar only.
    private void lost(String reason) {
        if (session != 0 && !books.ownership().isMine()) {
            overtaken = true;
            client.stop();
            return;
        }
        if (!reason.equals(lastReason)) {
            lastReason = reason;
            terminal.say("connection lost (" + reason + "), trying again");
        }
    }

    /// Comes before the transfer is forgotten: whoever dies here is told the same by the next run.
    private void told(TransferClient.Result r) {
        progress.close();
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        long resent = Math.max(0, r.sent() - r.size());
        terminal.tell(Terminal.event("done").put("session", r.session()).put("bytes", r.size()).put("resent_bytes", resent)
                .put("seconds", Math.round(seconds * 1000) / 1000.0).put("files", r.files()).put("receipt", books.receipts().last())
                .put("receipts", books.receipts().count()));
        terminal.say(String.format("done: %d %s, %s in %s (%s/s), %s sent twice; session %d", r.files(), r.files() == 1 ? "file" : "files",
                Size.text(r.size()), Span.text(Duration.ofMillis((long) (seconds * 1000))), Size.text(seconds > 0 ? r.size() / seconds : 0),
                Size.text(resent), r.session()));
        var receipts = books.receipts();
        if (!receipts.last().isEmpty()) {
            terminal.say(receipts.count() == 1 ? "receipt: " + receipts.last() : receipts.count() + " receipts, the last one: " + receipts.last());
        }
        terminal.drain();
    }

    private CommandFailed failed(Failure failure, TransferClient.Result result) {
        boolean gone = failure == Failure.ABORTED || failure == Failure.CANCELLED;
        if (overtaken || gone && session != 0 && broken == null && !books.ownership().isMine()) {
            return new CommandFailed(ExitCode.ABORTED, "a newer run of the same command has taken over the session");
        }
        var unwritten = broken;
        if (unwritten != null) {
            var full = ExitCode.of(Failure.ofStorage(unwritten).code());
            return new CommandFailed(full, "the state folder cannot be written: " + DiskWords.of(unwritten));
        }
        var stopped = signals == null ? Optional.<ExitCode>empty() : signals.stopped();
        var code = stopped.orElse(ExitCode.of(failure.code()));
        var why = refusal.get();
        var message = stopped.isPresent() ? "stopped" : why.isEmpty() ? result.words() : why;
        if (result.session() == 0 && session != 0) {
            books.commands().forget(session, client.server());
        }
        if (failure == Failure.CANCELLED && stopped.isEmpty()) {
            return new CommandFailed(code, message, "nothing of session " + session + " is kept: the same command begins again", "", null);
        }
        if (!code.resumable() && result.session() == 0) {
            return new CommandFailed(code, message);
        }
        if (!books.lasting()) {
            return new CommandFailed(code, message, "nothing is kept here: the same command begins again", "", null);
        }
        var kept = "session " + result.session() + " is kept"
                + (safe == 0 ? "" : ", with " + Size.text(safe) + " of the last file safe " + (get ? "here" : "at the receiver"));
        if (failure == Failure.SOURCE_CHANGED && stopped.isEmpty()) {
            return new CommandFailed(
                    code, message, kept + "; what has changed is sent from its beginning with --on-change restart",
                    command.with("--on-change", "restart").text(), null);
        }
        if (result.session() == 0) {
            kept = session == 0 ? "no session had begun" : "nothing of session " + session + " is kept";
        }
        return new CommandFailed(code, message, kept, books.commands().continuation(result.session(), command), null);
    }
}
