package dev.parley.osi.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A service primitive in words: `S-SYNC-MINOR indication serial=4 confirmation=explicit data="crc 17"`. Absent parameters are left out.
///
/// @param service such as `S-DATA`
/// @param kind `request`, `indication`, `response` or `confirm`
/// @param parameters names in lower case, values as [Values] writes them
public record Primitive(String service, String kind, Map<String, String> parameters) {
    public Primitive {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    public String name() {
        return service + " " + kind;
    }

    @Override
    public String toString() {
        return name() + parameters.entrySet().stream().map(e -> " " + e.getKey() + "=" + e.getValue()).collect(Collectors.joining());
    }
}
