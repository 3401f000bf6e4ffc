package dev.parley.session.store;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/// The right of one process to something that two must not work with at once. The system takes it back when the process dies, however it dies.
public final class ProcessLock implements AutoCloseable {
    private static final int MOST_DIGITS = 20;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Empty while another process, or somebody else in this one, has it.
    ///
    /// @param file is made for it and stays
    /// @throws SessionException.StorageFailure when the file cannot be made
    public static Optional<ProcessLock> of(Path file) {
        try {
            PrivateFiles.folder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            var channel = FileChannel.open(PrivateFiles.file(file), StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (OverlappingFileLockException here) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return Optional.of(new ProcessLock(channel));
        } catch (IOException e) {
            throw new SessionException.StorageFailure(file + " cannot be locked: " + DiskWords.of(e), e);
        }
    }

    /// Who has it, as words for people.
    public static String holder(Path file) {
        try {
            var pid = Files.readString(file);
            return pid.matches("[0-9]{1," + MOST_DIGITS + "}") ? "process " + pid : "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock is gone with the descriptor either way.
        }
    }
}
