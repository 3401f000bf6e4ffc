package dev.parley.h323.wire.per;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the notation that {@link Schema} describes. Lines first become a tree by their indentation; then each line becomes a type.
final class SchemaReader {
    private record Line(int number, int indent, List<String> words, List<Line> below) {
        IllegalArgumentException fail(String what) {
            return new IllegalArgumentException("schema line " + number + ": " + what);
        }
    }

    private final Map<String, Schema> modules;
    private final Map<String, Type.Named> own = new LinkedHashMap<>();
    private final Map<String, Type.Named> used = new LinkedHashMap<>();

    SchemaReader(Map<String, Schema> modules) {
        this.modules = modules;
    }

    Map<String, Type.Named> read(String text) {
        var lines = tree(text);
        for (var line : lines) {
            var words = line.words();
            if (words.getFirst().equals("use")) {
                use(line);
            } else if (own.put(words.getFirst(), new Type.Named(words.getFirst())) != null) {
                throw line.fail("the type " + words.getFirst() + " is defined twice");
            }
        }
        for (var line : lines) {
            if (!line.words().getFirst().equals("use")) {
                named(line.words().getFirst(), line).resolve(type(line, 1));
            }
        }
        return own;
    }

    private void use(Line line) {
        var words = line.words();
        var module = modules.get(words.get(1));
        if (module == null) {
            throw line.fail("no module " + words.get(1));
        }
        words.subList(2, words.size()).forEach(name -> used.put(name, module.type(name)));
    }

    private static List<Line> tree(String text) {
        var roots = new ArrayList<Line>();
        var open = new ArrayList<Line>();
        int number = 0;
        for (var raw : text.split("\n", -1)) {
            number++;
            var content = raw.startsWith("# ") ? "" : raw.strip();
            if (content.isEmpty()) {
                continue;
            }
            int indent = (raw.length() - raw.stripLeading().length()) / 2;
            var line = new Line(number, indent, List.of(content.split(" +")), new ArrayList<>());
            while (!open.isEmpty() && open.getLast().indent() >= indent) {
                open.removeLast();
            }
            if (indent != open.size()) {
                throw line.fail("indented by more than one step");
            }
            (open.isEmpty() ? roots : open.getLast().below()).add(line);
            open.add(line);
        }
        return roots;
    }

    private Type type(Line line, int at) {
        var words = line.words();
        if (at >= words.size()) {
            return new Type.Null();
        }
        var kind = words.get(at);
        var type = switch (kind) {
            case "null" -> new Type.Null();
            case "bool" -> new Type.Bool();
            case "oid" -> new Type.Oid();
            case "open" -> new Type.Open();
            case "int" -> new Type.Int(bounds(line, at + 1, Bounds.NONE));
            case "octets" -> new Type.Octet(bounds(line, at + 1, Bounds.ANY_SIZE));
            case "bits" -> new Type.Bit(bounds(line, at + 1, Bounds.ANY_SIZE));
            case "ia5", "bmp", "numeric", "printable", "general" -> text(line, at);
            case "list" -> list(line, at);
            case "seq" -> {
                var parts = parts(line);
                yield new Type.Sequence(parts.root(), parts.extensible(), parts.additions());
            }
            case "choice", "enum" -> {
                var parts = parts(line);
                if (parts.root().isEmpty()) {
                    throw line.fail("a choice of nothing");
                }
                yield new Type.Choice(parts.root(), parts.extensible(), parts.additions(), kind.equals("enum"));
            }
            default -> named(kind, line);
        };
        boolean hasBelow = words.stream().skip(at).anyMatch(w -> w.equals("seq") || w.equals("choice") || w.equals("enum"));
        if (!hasBelow && !line.below().isEmpty()) {
            throw line.fail("nothing can stand below " + kind);
        }
        return type;
    }

    private Type.Named named(String name, Line line) {
        var known = own.containsKey(name) ? own.get(name) : used.get(name);
        if (known == null) {
            throw line.fail("the type " + name + " is not defined");
        }
        return known;
    }

    private Type list(Line line, int at) {
        boolean sized = !line.words().get(at + 1).equals("of");
        int of = sized ? at + 2 : at + 1;
        if (of + 1 >= line.words().size() || !line.words().get(of).equals("of")) {
            throw line.fail("list [size] of KIND is expected");
        }
        return new Type.ListOf(sized ? bounds(line, at + 1, Bounds.ANY_SIZE) : Bounds.ANY_SIZE, type(line, of + 1));
    }

    private static Type text(Line line, int at) {
        var size = Bounds.ANY_SIZE;
        var alphabet = switch (line.words().get(at)) {
            case "bmp" -> Alphabet.BMP;
            case "numeric" -> Alphabet.NUMERIC;
            case "printable" -> Alphabet.PRINTABLE;
            case "general" -> Alphabet.GENERAL;
            default -> Alphabet.IA5;
        };
        for (int i = at + 1; i < line.words().size(); i++) {
            var word = line.words().get(i);
            if (word.startsWith("\"")) {
                alphabet = Alphabet.of(word.substring(1, word.length() - 1));
            } else {
                size = bounds(line, i, size);
            }
        }
        return new Type.Text(alphabet, size);
    }

    private static Bounds bounds(Line line, int at, Bounds otherwise) {
        if (at >= line.words().size()) {
            return otherwise;
        }
        var word = line.words().get(at);
        boolean extensible = word.endsWith(",...");
        var range = extensible ? word.substring(0, word.length() - 4) : word;
        int dots = range.indexOf("..");
        try {
            long lower = Long.parseLong(dots < 0 ? range : range.substring(0, dots));
            var end = dots < 0 ? range : range.substring(dots + 2);
            return new Bounds(lower, end.isEmpty() ? Long.MAX_VALUE : Long.parseLong(end), extensible);
        } catch (NumberFormatException e) {
            throw line.fail("a range is expected, not " + word);
        }
    }

    private record Parts(List<Type.Field> root, boolean extensible, List<Type.Field> additions) {}

    private Parts parts(Line line) {
        var root = new ArrayList<Type.Field>();
        var additions = new ArrayList<Type.Field>();
        boolean extensible = false;
        for (var below : line.below()) {
            var name = below.words().getFirst();
            if (name.equals("...")) {
                extensible = true;
                continue;
            }
            boolean optional = name.endsWith("?");
            var field = new Type.Field(optional ? name.substring(0, name.length() - 1) : name, optional, type(below, 1));
            (extensible ? additions : root).add(field);
        }
        return new Parts(root, extensible, additions);
    }
}
