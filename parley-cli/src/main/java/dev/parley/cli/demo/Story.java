package dev.parley.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.AddressText;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What happens in the demonstration, from top to bottom: a document is sent; on the way it is damaged, the line is cut, the receiver is
/// killed and the sender is killed; each time it goes on.
final class Story {
    private static final int INTERVAL = 40;
    private static final int WINDOW = 4;
    private static final String USER = "alice";

    /// What the table at the end says.
    record Outcome(long checkpoints, List<String> faults, long resent, String sentDigest, String arrivedDigest, double seconds) {}

    private final Terminal terminal;
    private final Document document;
    private final Path work;
    private final List<String> faults = new ArrayList<>();
    private final AtomicLong checkpoints = new AtomicLong();
    private final long startedAt = System.nanoTime();

    Story(Terminal terminal, Document document, Path work) {
        this.terminal = terminal;
        this.document = document;
        this.work = work;
    }

    Path capture() {
        return work.resolve("demo.pcapng");
    }

    Path arrived() {
        return work.resolve("inbox").resolve(String.valueOf(document.path().getFileName()));
    }

    Outcome play() throws IOException, InterruptedException {
        Files.writeString(work.resolve("password"), Long.toHexString(new java.security.SecureRandom().nextLong()) + "\n");
        var added = new Actor("first command", List.of("user", "add", USER, "--state", state("receiver"), "--password-file", password()),
                words("user"), _ -> {});
        if (added.exit() != 0) {
            throw new CommandFailed(ExitCode.OTHER, "no user could be added: see " + words("user"));
        }
        var receiver = receiver();
        try (var line = new FaultyLine(address(receiver), Capture.open(capture()))) {
            say("The receiver is process " + receiver.pid() + ": parley serve inbox");
            var sender = sender(line);
            say("The sender is process " + sender.pid() + ": parley send " + document.path().getFileName() + " " + USER + "@" + text(line.address()));
            try {
                damage(sender, line);
                cut(sender, line);
                receiver = killReceiver(receiver, sender, line);
                sender = killSender(sender, line);
                long resent = finish(sender);
                return new Outcome(checkpoints.get(), faults, resent, Document.digest(document.path()), Document.digest(arrived()),
                        (System.nanoTime() - startedAt) / 1e9);
            } finally {
                sender.close();
            }
        } finally {
            receiver.close();
            receiver.exit();
        }
    }

    private void damage(Actor sender, FaultyLine line) throws InterruptedException {
        line.damageAfter(document.size() / 8);
        line.allow(document.size() / 4 + window());
        var event = sender.await("the damage", 0, Actor.type("resync"));
        fault("one bit was turned over on the way",
                "the receiver noticed at its checkpoint; both went back to checkpoint " + (event.path("serial").asLong() - 1)
                        + " at " + at(event) + ", on the same connection");
    }

    private void cut(Actor sender, FaultyLine line) throws InterruptedException {
        advance(sender, line, 0.15);
        int mark = sender.mark();
        line.cut();
        var event = sender.await("the resume after the cut", mark, Actor.type("resumed"));
        fault("the line was cut", "the sender connected again by itself and went on at " + at(event));
    }

    private Actor killReceiver(Actor receiver, Actor sender, FaultyLine line) throws IOException, InterruptedException {
        advance(sender, line, 0.2);
        int mark = sender.mark();
        receiver.kill();
        say("The receiver, process " + receiver.pid() + ", is dead. Another one is started.");
        var next = receiver();
        line.leadTo(address(next));
        var event = sender.await("the resume after the receiver's death", mark, Actor.type("resumed"));
        fault("kill -9 of the receiver", "the journal of the new process " + next.pid() + " said where to go on: at " + at(event));
        return next;
    }

    private Actor killSender(Actor sender, FaultyLine line) throws IOException, InterruptedException {
        advance(sender, line, 0.15);
        sender.kill();
        say("The sender, process " + sender.pid() + ", is dead. The same command is run again.");
        var next = sender(line);
        var event = next.await("the resume after the sender's death", 0, Actor.type("resumed"));
        fault("kill -9 of the sender", "the same command, now process " + next.pid() + ", went on at " + at(event));
        line.allow(Long.MAX_VALUE);
        return next;
    }

    private long finish(Actor sender) throws InterruptedException {
        var done = sender.await("the end", 0, Actor.type("done"));
        if (sender.exit() != 0) {
            throw new CommandFailed(ExitCode.OTHER, "the sender ended with an error: see " + words("sender"));
        }
        return done.path("resent_bytes").asLong();
    }

    /// Lets a part of the document pass and waits until half of it is confirmed.
    private void advance(Actor sender, FaultyLine line, double part) throws InterruptedException {
        long goal = sender.lastOffset() + (long) (document.size() * part / 2);
        line.allow((long) (document.size() * part) + window());
        sender.await("the next checkpoints", 0, e -> e.path("type").asText().equals("checkpoint") && e.path("offset").asLong() >= goal);
    }

    private long window() {
        return (long) document.pageSize() * INTERVAL * (WINDOW + 1);
    }

    private Actor receiver() throws IOException {
        return new Actor("receiver", List.of("serve", work.resolve("inbox").toString(), "--listen", "127.0.0.1:0", "--state", state("receiver"),
                "--insecure-plain", "--json"), words("receiver"), _ -> {});
    }

    private static InetSocketAddress address(Actor receiver) throws InterruptedException {
        var text = receiver.await("its readiness", 0, Actor.type("ready")).path("address").asText();
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private Actor sender(FaultyLine line) throws IOException {
        return new Actor("sender", List.of("send", document.path().toString(), USER + "@" + text(line.address()), "--password-file", password(),
                "--state", state("sender"), "--insecure-plain", "--page-size", String.valueOf(document.pageSize()), "--checkpoint-every",
                String.valueOf(INTERVAL), "--window", String.valueOf(WINDOW), "--json"), words("sender"), this::show);
    }

    /// The live display, from the sender's events.
    private void show(JsonNode event) {
        if (event.path("type").asText().equals("checkpoint")) {
            long offset = event.path("offset").asLong();
            checkpoints.accumulateAndGet(event.path("serial").asLong(), Math::max);
            int done = (int) (40 * offset / Math.max(1, document.size()));
            terminal.show("  [" + "#".repeat(done) + ".".repeat(40 - done) + "] checkpoint " + event.path("serial").asLong() + ", "
                    + Size.text(offset) + " safe");
        }
    }

    private String at(JsonNode event) {
        long offset = event.path("offset").asLong();
        return "page " + (offset / document.pageSize() + 1) + " (" + Size.text(offset) + ")";
    }

    private void fault(String what, String then) {
        faults.add(what);
        say(terminal.coloured(31, "Fault " + faults.size() + ": " + what + ".") + "\n         " + terminal.coloured(32, then) + ".");
    }

    private void say(String words) {
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt) / 1000.0;
        terminal.say(String.format(Locale.ROOT, "%5.1f s  %s", seconds, words));
    }

    private String state(String side) {
        return work.resolve("state-" + side).toString();
    }

    private String password() {
        return work.resolve("password").toString();
    }

    private Path words(String role) {
        return work.resolve(role + ".log");
    }

    private static String text(InetSocketAddress address) {
        return AddressText.of(address);
    }
}
