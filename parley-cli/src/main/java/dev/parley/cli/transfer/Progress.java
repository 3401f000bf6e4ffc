package dev.parley.cli.transfer;

import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.engine.TransferEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// What people see of a running transfer: octets that are safe, octets that were sent, rate, what is left, and why nothing moves. It is
/// drawn five times a second by a thread of its own; events only change numbers.
final class Progress implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;
    private static final double RATE_SECONDS = 4;
    /// After how long without a checkpoint it is said that nothing moves.
    private static final long STALL_NANOS = 2_000_000_000L;

    private final Terminal terminal;
    private final ScheduledExecutorService clock;
    private final long startedAt = System.nanoTime();
    private long total;
    private long done;
    private long current;
    private long sent;
    private long movedAt = startedAt;
    private long before;
    private double rate;
    private String name = "";
    private String stalled = "";
    private boolean begun;
    private long lastSent;

    /// @param total octets of the whole; 0 when it is not known yet
    Progress(Terminal terminal, long total) {
        this.terminal = terminal;
        this.total = total;
        this.clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("parley-progress").factory());
        if (terminal.hasProgress() || terminal.isJson()) {
            clock.scheduleAtFixedRate(this::draw, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    synchronized void event(TransferEvent event) {
        switch (event) {
            case TransferEvent.Connected _ -> {
                // Done files are told again by each connection.
                done = 0;
                current = 0;
                stalled = "";
            }
            case TransferEvent.Started s -> begin(s.name(), s.size(), 0);
            case TransferEvent.Resumed r -> begin(r.name(), 0, r.offset());
            case TransferEvent.Sent s -> sent += s.octets();
            case TransferEvent.Checkpoint c -> {
                current = c.offset();
                moved();
            }
            case TransferEvent.FileDone f -> {
                done += f.size();
                current = 0;
                moved();
            }
            case TransferEvent.BatchDone _ -> moved();
            case TransferEvent.Warning _ -> {}
            case TransferEvent.Resync r -> stalled = "damage on the way, sent again from " + Size.text(r.offset());
            case TransferEvent.Token t -> stalled = t.state() == TransferEvent.Token.State.WAITING ? EventWords.sentence(t) : "";
            case TransferEvent.Lost l -> stalled = l.reason();
        }
    }

    private void begin(String file, long size, long offset) {
        name = file;
        current = offset;
        if (!begun) {
            begun = true;
            before = done + offset;
            movedAt = System.nanoTime();
        }
        if (total < done + size) {
            total = done + size;
        }
    }

    private void moved() {
        movedAt = System.nanoTime();
        stalled = "";
    }

    private synchronized void draw() {
        long now = System.nanoTime();
        double second = PERIOD_MILLIS / 1000.0;
        // Whole intervals come at once, so the rate is one of the last seconds.
        rate += (sent - lastSent - rate * second) / Math.min(RATE_SECONDS, Math.max(second, seconds(now)));
        lastSent = sent;
        long durable = done + current;
        double mean = seconds(now) > 0 ? (durable - before) / seconds(now) : 0;
        var event = Terminal.event("progress").put("bytes", durable).put("sent", sent).put("total", total).put("rate", Math.round(rate));
        if (mean > 0 && total > durable) {
            event.put("eta_seconds", Math.round((total - durable) / mean));
        }
        var why = !stalled.isEmpty() ? stalled : now - movedAt > STALL_NANOS ? "waiting for the other side" : "";
        if (!why.isEmpty()) {
            event.put("stalled", why);
        }
        terminal.tell("progress", event);
        terminal.show(line(durable, mean, why));
    }

    private double seconds(long now) {
        return (now - startedAt) / 1e9;
    }

    private String line(long durable, double mean, String why) {
        int percent = total == 0 ? 0 : (int) (100.0 * durable / total);
        var safe = Size.text(durable) + " safe";
        var fast = Size.text(rate) + "/s";
        var left = mean > 0 && total > durable ? ", " + Span.text(Duration.ofSeconds((long) ((total - durable) / mean))) + " left" : "";
        var words = why.isEmpty()
                ? List.of(safe + ", " + Size.text(sent) + " sent, " + fast + left, safe + ", " + fast + left, safe + left, safe)
                : List.of(safe + ", " + why, why);
        return fit(name, percent, words, terminal.columns() - 1);
    }

    /// The first of these that fits, with the name and a bar where there is room for them.
    ///
    /// @param words the fuller ones first
    static String fit(String name, int percent, List<String> words, int columns) {
        var shown = name.length() > 20 ? "..." + name.substring(name.length() - 17) : name;
        for (var text : words) {
            var bare = String.format(Locale.ROOT, "%3d%% %s", percent, text);
            int room = columns - bare.length() - shown.length() - 1;
            if (room >= 0) {
                int bar = Math.min(room - 3, 30);
                int full = bar * percent / 100;
                return shown + " " + (bar < 5 ? "" : "[" + "=".repeat(full) + " ".repeat(bar - full) + "] ") + bare;
            }
            if (bare.length() <= columns) {
                return bare;
            }
        }
        var last = String.format(Locale.ROOT, "%3d%% %s", percent, words.getLast());
        return last.substring(0, Math.min(last.length(), columns));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        terminal.show("");
    }
}
