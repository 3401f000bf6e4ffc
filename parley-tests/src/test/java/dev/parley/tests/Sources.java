package dev.parley.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The text files of the project as they stand in the working tree. A walk and not a question to git, so that a source archive passes too.
final class Sources {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode", ".parley-build", ".mvn", "build");
    private static final Set<String> BINARY = Set.of("jar", "class", "pcap", "pcapng", "bin", "png", "db", "zip", "gz", "wav", "raw");
    private static final List<SourceFile> ALL = read();

    /// @param path from the project's root, with `/`
    record SourceFile(String path, String text) {
        List<String> lines() {
            return text.lines().toList();
        }

        boolean isJava() {
            return path.endsWith(".java");
        }

        boolean isMainJava() {
            return isJava() && path.contains("/src/main/java/");
        }
    }

    private Sources() {}

    static List<SourceFile> all() {
        return ALL;
    }

    static Optional<SourceFile> find(String path) {
        return ALL.stream().filter(f -> f.path().equals(path)).findFirst();
    }

    /// The folder that holds the parent pom: this module's parent, or the folder above it.
    static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("LICENSE"))) {
            var parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("the project's root, which has LICENSE, is not above " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    private static List<SourceFile> read() {
        var files = new ArrayList<SourceFile>();
        walk(root(), "", files);
        return List.copyOf(files);
    }

    private static void walk(Path folder, String prefix, List<SourceFile> into) {
        try (var entries = Files.newDirectoryStream(folder)) {
            for (var entry : entries) {
                var name = entry.getFileName().toString();
                if (Files.isSymbolicLink(entry) || NOT_OURS.contains(name)) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    walk(entry, prefix + name + "/", into);
                } else if (!BINARY.contains(name.substring(name.lastIndexOf('.') + 1))) {
                    text(entry).ifPresent(text -> into.add(new SourceFile(prefix + name, text)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (MalformedInputException e) {
            return Optional.empty();
        }
    }
}
