package dev.parley.session.talk.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// An application's own file: one line a message, with its number. A number that is there already is not written again, so that each
/// message is in the file once although it may be handed out twice.
final class Ledger {
    private final Path file;
    private long last;

    Ledger(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            var text = Files.readString(file);
            // A line that a crash cut short was never acknowledged: its message comes again.
            var whole = text.substring(0, text.lastIndexOf('\n') + 1);
            Files.writeString(file, whole);
            last = whole.lines().mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' ')))).max().orElse(0);
        }
    }

    long last() {
        return last;
    }

    void write(long number, String text) throws IOException {
        if (number > last) {
            Files.writeString(file, number + " " + text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            last = number;
        }
    }
}
