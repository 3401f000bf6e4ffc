package dev.parley.cli.h323;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Lines that a user types, each read when somebody wants it, so that nobody has to wait for the user.
final class TypedLines {
    private final BufferedReader in;
    private CompletableFuture<String> next = CompletableFuture.completedFuture("");

    TypedLines(InputStream in) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /// The line that comes next; empty at the end. Whoever asks before it is typed waits for the same one.
    synchronized CompletionStage<String> next() {
        if (next.isDone()) {
            next = CompletableFuture.supplyAsync(this::read, work -> Thread.ofPlatform().daemon().name("typed lines").start(work));
        }
        return next;
    }

    private String read() {
        try {
            var line = in.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }
}
