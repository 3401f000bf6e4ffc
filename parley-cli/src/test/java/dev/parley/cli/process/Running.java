package dev.parley.cli.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.connection.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A command that runs, in a process of its own or in a thread of the test, and what it told.
abstract class Running {
    /// Nothing here takes as long on a machine that has anything left to give.
    static final int SECONDS = 120;

    private final List<JsonNode> events = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean silent;

    /// Waits for its end; returns its exit code.
    abstract int exit() throws InterruptedException;

    /// What it said to people.
    abstract String words();

    /// Where its standard output goes; closed, it has nothing more to tell.
    final OutputStream told() {
        return new OutputStream() {
            @Override
            public void write(int octet) {
                if (octet == '\n') {
                    heard(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(octet);
                }
            }

            @Override
            public void close() {
                synchronized (Running.this) {
                    silent = true;
                    Running.this.notifyAll();
                }
            }
        };
    }

    private synchronized void heard(String told) {
        if (told.startsWith("{")) {
            events.add(Json.parse(told));
            notifyAll();
        }
    }

    final JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        return await(1, wanted);
    }

    /// Waits for the n-th of them.
    final synchronized JsonNode await(int number, Predicate<JsonNode> wanted) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            var found = events.stream().filter(wanted).skip(number - 1).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long left = (until - System.nanoTime()) / 1_000_000;
            if (silent || left <= 0) {
                throw new AssertionError((silent ? "it ended" : "nothing for " + SECONDS + " s") + " without the event; " + this);
            }
            wait(left);
        }
    }

    final JsonNode await(String type) throws InterruptedException {
        return await(e -> e.path("type").asText().equals(type));
    }

    /// Waits until so many octets are confirmed.
    final JsonNode awaitOffset(long offset) throws InterruptedException {
        return await(e -> e.path("type").asText().equals("checkpoint") && e.path("offset").asLong() >= offset);
    }

    final List<JsonNode> told(String type) {
        return told(e -> e.path("type").asText().equals(type));
    }

    final synchronized List<JsonNode> told(Predicate<JsonNode> wanted) {
        return events.stream().filter(wanted).toList();
    }

    /// Every event, as JSON.
    final synchronized String toldAll() {
        return events.toString();
    }

    @Override
    public final synchronized String toString() {
        return "events " + events.subList(Math.max(0, events.size() - 5), events.size()) + ", words: " + words();
    }

    /// The pipe of a process that may be killed in the middle of a line.
    final void follow(java.io.InputStream pipe) {
        try (var told = told()) {
            pipe.transferTo(told);
        } catch (IOException e) {
            // It was killed.
        }
    }
}
