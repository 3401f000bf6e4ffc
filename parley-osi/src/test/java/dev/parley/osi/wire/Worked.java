package dev.parley.osi.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One worked example of the files in `worked`; `README.md` beside them says how they are written.
///
/// @param meaning the SPDU in words, see [#words]
/// @param written false for a form that we read but do not write
record Worked(String file, String title, byte[] octets, String meaning, boolean written) {
    private static final List<String> FILES = List.of(
            "connection", "release-and-abort", "data", "tokens", "synchronization", "resynchronization", "exceptions", "activities");
    private static final Pattern OCTETS = Pattern.compile("^ *((?:[0-9A-F]{2}(?:\\*\\d+)?(?: |$))+)");
    private static final int MOST_SHOWN = 64;

    static List<Worked> all() {
        return FILES.stream().flatMap(file -> read(file).stream()).toList();
    }

    private static List<Worked> read(String file) {
        var all = new ArrayList<Worked>();
        var title = "";
        var octets = new ByteArrayOutputStream();
        for (var line : text(file).lines().toList()) {
            var hex = OCTETS.matcher(line);
            if (line.startsWith("= ") || line.startsWith("< ")) {
                all.add(new Worked(file, title, octets.toByteArray(), line.substring(2), line.startsWith("=")));
                octets.reset();
            } else if (hex.find()) {
                for (var token : hex.group(1).strip().split(" ")) {
                    int times = token.length() > 2 ? Integer.parseInt(token.substring(3)) : 1;
                    for (int i = 0; i < times; i++) {
                        octets.write(Integer.parseInt(token.substring(0, 2), 16));
                    }
                }
            } else if (!line.isBlank() && !line.startsWith("#")) {
                title = line;
            }
        }
        return all;
    }

    private static String text(String file) {
        try (var in = Objects.requireNonNull(Worked.class.getResourceAsStream("worked/" + file + ".hex"), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The SPDU's name and its values in the order of the record; what is absent, empty or false is left out. No two SPDUs have the same words,
    /// unless they differ in more than 64 octets of user data.
    static String words(Record record) {
        var words = new ArrayList<String>();
        words.add(record.getClass().getSimpleName());
        add(record, words);
        return String.join(", ", words);
    }

    private static void add(Record record, List<String> words) {
        for (var component : record.getClass().getRecordComponents()) {
            var value = value(record, component);
            var name = component.getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
            switch (value) {
                case Optional<?> absent when absent.isEmpty() -> {}
                case Enclosure e -> {
                    if (e.present()) {
                        words.add(name + (e.begin() ? " begin" : "") + (e.end() ? " end" : "") + (e.begin() || e.end() ? "" : " middle"));
                    }
                }
                case Record nested -> add(nested, words);
                case Boolean yes -> {
                    if (yes) {
                        words.add(name);
                    }
                }
                case Map<?, ?> map when map.isEmpty() -> {}
                case Collection<?> none when none.isEmpty() -> {}
                case ByteBuffer none when !none.hasRemaining() -> {}
                case Optional<?> some when some.get() instanceof Record nested -> add(nested, words);
                case Optional<?> some -> words.add(name + " " + text(some.get()));
                default -> words.add(name + " " + text(value));
            }
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case ByteBuffer octets when octets.remaining() > MOST_SHOWN -> octets.remaining() + " octets";
            case ByteBuffer octets -> {
                var bytes = new byte[octets.remaining()];
                octets.duplicate().get(bytes);
                yield HexFormat.of().formatHex(bytes);
            }
            case Enum<?> e -> e.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case Map<?, ?> map -> map.entrySet().stream()
                    .sorted((a, b) -> Integer.compare(((Enum<?>) a.getKey()).ordinal(), ((Enum<?>) b.getKey()).ordinal()))
                    .map(e -> text(e.getKey()) + " " + text(e.getValue())).collect(Collectors.joining(" + "));
            case Collection<?> set -> set.stream()
                    .sorted((a, b) -> Integer.compare(((Enum<?>) a).ordinal(), ((Enum<?>) b).ordinal()))
                    .map(Worked::text).collect(Collectors.joining(" + "));
            default -> value.toString();
        };
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return Objects.requireNonNull(accessor.invoke(record));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return file + ": " + title;
    }
}
