package dev.parley.cli.process;

import dev.parley.cli.Parley;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A program for tests: several commands at once in one process, so that one kill ends them all. What a command tells has its number, from 1
/// on, as `command`.
final class Several {
    /// Between two commands.
    static final String NEXT = "--and--";

    private Several() {}

    public static void main(String... arguments) {
        var all = new ArrayList<List<String>>();
        all.add(new ArrayList<>());
        for (var argument : arguments) {
            if (argument.equals(NEXT)) {
                all.add(new ArrayList<>());
            } else {
                all.getLast().add(argument);
            }
        }
        for (int i = 0; i < all.size(); i++) {
            var told = new Numbered(i + 1);
            var command = all.get(i).toArray(String[]::new);
            Thread.ofPlatform().start(() -> Parley.run(told, System.err, command));
        }
    }

    /// Puts a number into each line.
    private static final class Numbered extends OutputStream {
        private final int number;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public synchronized void write(int octet) throws IOException {
            line.write(octet);
            if (octet == '\n') {
                var octets = line.toByteArray();
                line.reset();
                // One write, so that lines of several commands do not mix.
                var numbered = new ByteArrayOutputStream();
                numbered.writeBytes(("{\"command\":" + number + ",").getBytes(StandardCharsets.US_ASCII));
                numbered.writeBytes(Arrays.copyOfRange(octets, 1, octets.length));
                synchronized (Several.class) {
                    numbered.writeTo(System.out);
                    System.out.flush();
                }
            }
        }
    }
}
