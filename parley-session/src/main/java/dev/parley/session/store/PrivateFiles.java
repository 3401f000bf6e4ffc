package dev.parley.session.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Folders and files that are only for their owner, where the system knows of that. Verifiers of passwords are no passwords, but who reads them may
/// guess at leisure, and may play the server.
public final class PrivateFiles {
    private PrivateFiles() {}

    /// Makes the folder, unless it is there.
    public static void folder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, owner(folder, "rwx------"));
        } catch (FileAlreadyExistsException another) {
            Files.createDirectories(folder);
        }
    }

    /// Makes an empty file, unless there is one.
    public static Path file(Path file) throws IOException {
        try {
            return Files.createFile(file, owner(file, "rw-------"));
        } catch (FileAlreadyExistsException another) {
            return file;
        }
    }

    private static FileAttribute<?>[] owner(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }
}
