package dev.parley.h323.wire.per;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The types of one ASN.1 module, read from a text in a notation of our own: one line for a type, a field or an alternative, and what
/// belongs to it indented below.
///
/// ```
/// AliasAddress choice                        a type: its name and what it is
///   dialedDigits ia5 1..128 "0123456789#*,"  a string with size and permitted alphabet
///   h323-ID bmp 1..256
///   ...                                      the extension marker; what follows are additions
///   partyNumber PartyNumber                  a type of its own
/// EndpointType seq
///   vendor? VendorIdentifier                 an optional field
///   set? bits 32
/// conferenceGoal choice
///   create                                   an alternative without a value (NULL)
/// ```
///
/// Kinds: `null bool oid open`, `int` with a range, `octets bits ia5 bmp numeric printable general` with a size, `seq choice enum` with lines
/// below, `list [size] of KIND`. A range is `n`, `n..m` or `n..`, and `n..m,...` when it is extensible. `# ` begins a comment, and
/// `use MODULE Type...` takes types from another module.
public final class Schema {
    private final Map<String, Type.Named> types;

    private Schema(Map<String, Type.Named> types) {
        this.types = types;
    }

    /// Reads a module from the resource `NAME.schema` beside a class.
    ///
    /// @throws IllegalArgumentException when the text breaks the notation or names an unknown type
    public static Schema load(Class<?> beside, String name, Map<String, Schema> modules) {
        try (InputStream in = beside.getResourceAsStream(name + ".schema")) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + name + ".schema beside " + beside);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), modules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Schema parse(String text, Map<String, Schema> modules) {
        return new Schema(Collections.unmodifiableMap(new LinkedHashMap<>(new SchemaReader(modules).read(text))));
    }

    /// The type of a name.
    public Type.Named type(String name) {
        var type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException("the schema has no type " + name);
        }
        return type;
    }

    /// All types of this module, those it takes from others left out, in the order of the text.
    public Map<String, Type.Named> types() {
        return types;
    }
}
