package dev.parley.cli.term;

import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a password comes from: a file, the environment, or a question on the terminal. Never from the command line, which others can read.
public final class Password {
    private static final int MOST_OCTETS = 4096;

    private Password() {}

    /// @param file `--password-file`; its first line is the password
    public static char[] read(@Nullable Path file, String question) {
        if (file != null) {
            return firstLine(file);
        }
        return variable().map(String::toCharArray).orElseGet(() -> ask(question));
    }

    /// Whether there is one without a question.
    public static boolean isThere(@Nullable Path file) {
        return file != null || variable().isPresent();
    }

    /// Empty, it is as if it were not set.
    private static Optional<String> variable() {
        return Optional.ofNullable(System.getenv("PARLEY_PASSWORD")).filter(v -> !v.isEmpty());
    }

    /// As [#read], but a person is asked twice.
    public static char[] choose(@Nullable Path file, String question) {
        if (isThere(file)) {
            return read(file, question);
        }
        var password = ask(question);
        if (!Arrays.equals(password, ask("Again: "))) {
            throw new CommandFailed(ExitCode.USAGE, "the two passwords differ");
        }
        return password;
    }

    private static char[] ask(String question) {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new CommandFailed(ExitCode.USAGE, "a password is needed and there is no terminal to ask for it: use --password-file FILE");
        }
        var answer = console.readPassword("%s", question);
        if (answer == null || answer.length == 0) {
            throw new CommandFailed(ExitCode.USAGE, "no password was given");
        }
        return answer;
    }

    private static char[] firstLine(Path file) {
        try (var in = Files.newInputStream(file)) {
            var octets = in.readNBytes(MOST_OCTETS);
            int end = 0;
            while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
                end++;
            }
            CharBuffer characters = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(octets, 0, end));
            if (characters.isEmpty()) {
                throw new CommandFailed(ExitCode.USAGE, "the password file " + file + " begins with an empty line");
            }
            return Arrays.copyOf(characters.array(), characters.length());
        } catch (CharacterCodingException e) {
            throw new CommandFailed(ExitCode.USAGE, "the password file " + file + " is not UTF-8");
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "the password file " + file + " cannot be read: " + DiskWords.of(e));
        }
    }
}
