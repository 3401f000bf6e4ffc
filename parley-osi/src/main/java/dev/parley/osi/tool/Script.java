package dev.parley.osi.tool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A conformance script: what the calling and the called side do, line by line. Each side runs its own lines, so the same file tests either
/// side of another stack. See docs/scripts.md for the format.
///
/// @param steps in the order of the file
public record Script(List<Step> steps) {
    private static final int MOST_STEPS = 10_000;

    /// What a line tells a side to do.
    sealed interface Step {
        /// In the file, from 1.
        int line();

        boolean calling();

        /// Issues a request or response that must be allowed.
        record Send(int line, boolean calling, Primitive primitive) implements Step {}

        /// Issues one that must be refused locally; the refusal's words contain `rule`.
        record Refuse(int line, boolean calling, Primitive primitive, String rule) implements Step {}

        /// The next indication or confirm must be this one, with these parameters and any others.
        record Expect(int line, boolean calling, Primitive primitive) implements Step {}

        /// Sends octets as a TSDU past the protocol machine.
        record Raw(int line, boolean calling, ByteBuffer octets) implements Step {}

        /// Closes the transport connection.
        record Close(int line, boolean calling) implements Step {}

        /// The peer must have closed the transport connection, or do so soon.
        record Closed(int line, boolean calling) implements Step {}
    }

    public Script {
        steps = List.copyOf(steps);
    }

    /// @throws IllegalArgumentException with the line and what is wrong in it
    public static Script parse(String text) {
        var steps = new ArrayList<Step>();
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var words = words(line, number);
            if (words.isEmpty()) {
                continue;
            }
            if (steps.size() == MOST_STEPS) {
                throw wrong(number, "a script has at most " + MOST_STEPS + " steps");
            }
            steps.add(step(number, words));
        }
        return new Script(steps);
    }

    /// A primitive as it stands in a line: `S-DATA request data="hello"`.
    public static Primitive primitive(String text) {
        return primitive(1, words(text, 1));
    }

    private static Step step(int line, List<String> words) {
        boolean calling = switch (words.getFirst()) {
            case "calling" -> true;
            case "called" -> false;
            default -> throw wrong(line, "expected calling or called, not " + words.getFirst());
        };
        if (words.size() < 2) {
            throw wrong(line, "expected send, refuse, expect, raw, close or closed");
        }
        var rest = words.subList(2, words.size());
        return switch (words.get(1)) {
            case "send" -> {
                var primitive = primitive(line, rest);
                check(line, primitive);
                yield new Step.Send(line, calling, primitive);
            }
            case "refuse" -> refuse(line, calling, primitive(line, rest));
            case "expect" -> new Step.Expect(line, calling, primitive(line, rest));
            case "raw" -> new Step.Raw(line, calling, octets(line, rest));
            case "close" -> new Step.Close(line, calling);
            case "closed" -> new Step.Closed(line, calling);
            default -> throw wrong(line, "expected send, refuse, expect, raw, close or closed, not " + words.get(1));
        };
    }

    private static Step refuse(int line, boolean calling, Primitive given) {
        var parameters = new LinkedHashMap<>(given.parameters());
        var rule = parameters.remove("rule");
        var primitive = new Primitive(given.service(), given.kind(), parameters);
        check(line, primitive);
        return new Step.Refuse(line, calling, primitive, rule == null ? "" : rule.replace("\"", ""));
    }

    private static void check(int line, Primitive primitive) {
        try {
            RequestWords.of(primitive);
        } catch (IllegalArgumentException e) {
            throw wrong(line, String.valueOf(e.getMessage()));
        }
    }

    private static ByteBuffer octets(int line, List<String> words) {
        try {
            return Values.octets(String.join("", words));
        } catch (IllegalArgumentException e) {
            throw wrong(line, String.valueOf(e.getMessage()));
        }
    }

    private static Primitive primitive(int line, List<String> words) {
        if (words.size() < 2) {
            throw wrong(line, "expected a primitive such as S-DATA request");
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var word : words.subList(2, words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw wrong(line, "expected NAME=VALUE, not " + word);
            }
            parameters.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Primitive(words.get(0), words.get(1), parameters);
    }

    /// Words between spaces; spaces within quotes belong to the word, and `#` outside of quotes begins a comment.
    private static List<String> words(String line, int number) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + " ").toCharArray()) {
            if (c == '#' && !quoted && word.isEmpty()) {
                return words;
            }
            if (Character.isWhitespace(c) && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        if (quoted) {
            throw wrong(number, "a quotation mark has no other one");
        }
        return words;
    }

    private static IllegalArgumentException wrong(int line, String words) {
        return new IllegalArgumentException("line " + line + ": " + words);
    }
}
