package dev.parley.session.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.util.LibraryLoaderUtil;

/// The native part of SQLite. It comes in the jar, and each process unpacks it for itself into the folder for temporary files, where it stays
/// when the process is killed. Unpacked once, it is there for all: it is used as it is from the folder that the system property
/// `org.sqlite.lib.path` names.
public final class SqliteLibrary {
    private SqliteLibrary() {}

    /// Unpacks the one for this system; this process uses it too, if it has not used any yet.
    ///
    /// @param folder is made if need be
    /// @throws IOException also when the jar has none for this system
    public static void unpack(Path folder) throws IOException {
        var name = LibraryLoaderUtil.getNativeLibName();
        var resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        Files.createDirectories(folder);
        try (var content = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new FileNotFoundException("SQLite has no library for this system: " + resource);
            }
            // Others may be using the one that was there.
            var fresh = Files.createTempFile(folder, name, null);
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            fresh.toFile().setReadable(true, false);
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        System.setProperty("org.sqlite.lib.path", folder.toString());
    }
}
