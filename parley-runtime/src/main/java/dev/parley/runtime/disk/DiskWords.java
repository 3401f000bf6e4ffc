package dev.parley.runtime.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What went wrong with a file, in words. Java's own message is often the path and nothing else.
public final class DiskWords {
    private DiskWords() {}

    public static String of(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " exists already";
            case AccessDeniedException e -> "no permission for " + e.getFile();
            case NotDirectoryException e -> e.getFile() + " is no folder";
            case DirectoryNotEmptyException e -> "the folder " + e.getFile() + " is not empty";
            case FileSystemException e when e.getReason() == null -> e.getFile() + " cannot be used";
            case IOException e when e.getMessage() == null -> "the system gave no reason";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
