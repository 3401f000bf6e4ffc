package dev.parley.cli.h323;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.H263File;
import dev.parley.h323.media.H264File;
import dev.parley.h323.media.VideoSink;
import dev.parley.h323.media.WavSink;
import dev.parley.h323.rtp.VideoFrame;
import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The files that sound and pictures of a call go to. Opening one replaces what is in it.
record Recordings(Optional<Path> sound, Optional<Path> pictures) {
    /// The kind of a file in its mode, and that of a pipe with a name.
    private static final int KIND = 0170_000;
    private static final int PIPE = 0010_000;

    /// Before anything is opened, which would wait for who reads the pipe. Pictures are written one after the other: they may go to one.
    ///
    /// @throws CommandFailed with exit code 2 when sound would go to a pipe
    void check() {
        sound.filter(Recordings::isPipe).ifPresent(file -> {
            throw new CommandFailed(ExitCode.USAGE, "cannot record to " + file
                    + ": it is a pipe; the length at the beginning of a WAV file is written again and again, so name a file");
        });
    }

    private static boolean isPipe(Path file) {
        try {
            return ((int) Files.getAttribute(file, "unix:mode") & KIND) == PIPE;
        } catch (IOException | UnsupportedOperationException e) {
            // It is not there, or the system has no such pipes.
            return false;
        }
    }

    /// With the first number, from one on, that is free for both: FILE itself, then FILE-2 and so on. They are made here, empty, so that nobody
    /// else takes them. What is no file, such as a device or, for pictures, a pipe, has no number.
    ///
    /// @throws CommandFailed when a file cannot be made
    Recordings free(int from) throws IOException {
        for (int number = from; ; number++) {
            int n = number;
            var candidate = new Recordings(sound.map(file -> numbered(file, n)), pictures.map(file -> numbered(file, n)));
            if (candidate.make()) {
                return candidate;
            }
        }
    }

    private static Path numbered(Path file, int number) {
        if (number == 1 || !hasNumbers(file)) {
            return file;
        }
        var text = file.getFileName().toString();
        int dot = text.lastIndexOf('.');
        return file.resolveSibling(dot < 0 ? text + "-" + number : text.substring(0, dot) + "-" + number + text.substring(dot));
    }

    private static boolean hasNumbers(Path file) {
        return !Files.exists(file) || Files.isRegularFile(file);
    }

    /// @return whether all of them were not there
    private boolean make() throws IOException {
        var made = new ArrayList<Path>();
        boolean all = false;
        try {
            for (var file : Stream.concat(sound.stream(), pictures.stream()).filter(Recordings::hasNumbers).toList()) {
                try {
                    made.add(Files.createFile(file));
                } catch (FileAlreadyExistsException _) {
                    return false;
                } catch (IOException e) {
                    throw failed(file, e);
                }
            }
            all = true;
            return true;
        } finally {
            for (var file : all ? List.<Path>of() : made) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// @throws CommandFailed when it cannot be written
    AudioSink openSound() {
        if (sound.isEmpty()) {
            return _ -> { };
        }
        var file = sound.get();
        var sink = open(file, WavSink::open);
        return new AudioSink() {
            @Override
            public void write(short[] samples) throws IOException {
                said(file, () -> sink.write(samples));
            }

            @Override
            public void missing(int samples) throws IOException {
                said(file, () -> sink.missing(samples));
            }

            @Override
            public void close() throws IOException {
                sink.close();
            }
        };
    }

    /// @throws CommandFailed when it cannot be written
    Optional<VideoSink> openPictures() {
        return pictures.map(file -> {
            var sink = open(file, isH263(file) ? H263File::sink : H264File::sink);
            return new VideoSink() {
                @Override
                public void write(VideoFrame frame) throws IOException {
                    said(file, () -> sink.write(frame));
                }

                @Override
                public void close() throws IOException {
                    sink.close();
                }
            };
        });
    }

    static boolean isH263(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".h263");
    }

    private interface Opening<T> {
        T open(Path file) throws IOException;
    }

    private static <T> T open(Path file, Opening<T> opening) {
        try {
            return opening.open(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private interface Writing {
        void write() throws IOException;
    }

    private static void said(Path file, Writing writing) throws IOException {
        try {
            writing.write();
        } catch (IOException e) {
            throw new IOException(words(file, e), e);
        }
    }

    private static CommandFailed failed(Path file, IOException e) {
        return new CommandFailed(ExitCode.OTHER, words(file, e), "", "", e);
    }

    /// Why a file whose name is said already cannot be made or written.
    static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> DiskWords.of(e);
        };
    }

    private static String words(Path file, IOException e) {
        return "cannot record to " + file + ": " + why(e)
                + (e instanceof FileSystemException ? "; " : "; make room there, or ") + "name another file";
    }
}
