package dev.parley.trace.model;

import java.util.List;

/// One parameter in words; a group has parts.
public record Item(String name, String value, List<Item> parts) {
    public Item {
        parts = List.copyOf(parts);
    }

    public Item(String name, String value) {
        this(name, value, List.of());
    }
}
