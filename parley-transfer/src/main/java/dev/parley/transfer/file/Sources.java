package dev.parley.transfer.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/// Finds what arguments stand for, as users of rsync expect: `folder` is sent with its name, `folder/` (also `.` and `..`) means what is in it.
/// A link that is named itself is followed. Inside of folders a link is kept when it is relative and stays inside of the folder, or followed
/// on request. Other links and special files are left out with a warning. Files come first, then links, then folders, the deepest first: a
/// folder's time and mode are set when nothing more is put into it.
public final class Sources {
    public enum Links {
        /// Send the link itself.
        KEEP,
        /// Send what it points to.
        FOLLOW,
        /// Leave it out.
        SKIP
    }

    private final Links links;
    private final Consumer<String> warnings;

    public Sources(Links links, Consumer<String> warnings) {
        this.links = links;
        this.warnings = warnings;
    }

    /// @throws IOException when it is missing or cannot be read
    public List<Source> find(String argument) throws IOException {
        var path = Path.of(argument);
        var base = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(base)) {
            if (!Files.isRegularFile(base)) {
                throw new IOException(Files.exists(base) ? argument + " is not a file or folder" : "there is no " + argument);
            }
            checkText(base.getFileName());
            return List.of(Source.of(base, base.getFileName().toString()));
        }
        var last = path.getFileName() == null ? "" : path.getFileName().toString();
        boolean content = argument.endsWith("/") || argument.endsWith(File.separator) || last.isEmpty() || last.equals(".") || last.equals("..");
        var found = new ArrayList<Source>();
        var options = links == Links.FOLLOW ? EnumSet.of(FileVisitOption.FOLLOW_LINKS) : EnumSet.noneOf(FileVisitOption.class);
        // A top folder that is itself a link was named, so it is followed.
        var top = base.toRealPath();
        Files.walkFileTree(top, options, Integer.MAX_VALUE, new Visitor(top, content ? "" : last, found));
        found.sort(Comparator.comparing((Source s) -> s.kind() == Source.Kind.FOLDER ? 2 : s.kind() == Source.Kind.LINK ? 1 : 0)
                .thenComparing(s -> s.kind() == Source.Kind.FOLDER ? -s.name().chars().filter(c -> c == '/').count() : 0)
                .thenComparing(Source::name));
        return found;
    }

    /// Several arguments.
    ///
    /// @throws IllegalArgumentException when two would get the same name
    public List<Source> find(List<String> arguments) throws IOException {
        var all = new ArrayList<Source>();
        var names = new java.util.HashSet<String>();
        for (var argument : arguments) {
            for (var source : find(argument)) {
                if (names.add(source.name())) {
                    all.add(source);
                } else if (source.kind() != Source.Kind.FOLDER) {
                    throw new IllegalArgumentException("two of the sources are called " + source.name());
                }
            }
        }
        return all;
    }

    /// Octets that are no text would become the same sign for all of them, and two files one.
    private static void checkText(Path name) throws IOException {
        if (!name.getFileSystem().getPath(name.toString()).equals(name)) {
            throw new IOException("the name of " + name + " is not in the encoding of this system (" + System.getProperty("sun.jnu.encoding")
                    + "): rename it, or start Parley with a locale of UTF-8");
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path top;
        private final String prefix;
        private final List<Source> found;

        Visitor(Path top, String prefix, List<Source> found) {
            this.top = top;
            this.prefix = prefix;
            this.found = found;
        }

        private String name(Path path) {
            var relative = top.relativize(path).toString().replace(File.separatorChar, '/');
            return prefix.isEmpty() || relative.isEmpty() ? prefix + relative : prefix + "/" + relative;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (folder.endsWith(SafePath.STATE_AREA)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (!name(folder).isEmpty()) {
                checkText(folder.getFileName());
                found.add(Source.of(folder, name(folder), links == Links.FOLLOW));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            checkText(file.getFileName());
            if (attributes.isRegularFile()) {
                found.add(Source.of(file, name(file), links == Links.FOLLOW));
            } else if (!attributes.isSymbolicLink()) {
                warnings.accept(file + " is a special file and is left out");
            } else if (links == Links.SKIP || links == Links.FOLLOW || !staysInside(file)) {
                warnings.accept("the symbolic link " + file + " is left out: " + switch (links) {
                    case KEEP -> "it is absolute or leads out of the folder";
                    case FOLLOW -> "it leads nowhere";
                    case SKIP -> "as asked";
                });
            } else {
                found.add(Source.of(file, name(file), false));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof FileSystemLoopException) {
                warnings.accept("the symbolic link " + file + " is left out: it leads to a folder that it is in");
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private boolean staysInside(Path link) throws IOException {
            return SafePath.staysInside(
                    top.relativize(link).toString().replace(File.separatorChar, '/'),
                    Files.readSymbolicLink(link).toString().replace(File.separatorChar, '/'));
        }
    }
}
