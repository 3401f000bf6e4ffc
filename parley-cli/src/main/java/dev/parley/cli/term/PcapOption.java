package dev.parley.cli.term;

import dev.parley.runtime.capture.Capture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The option of network commands that writes what crosses their connections into a file.
public final class PcapOption {
    @Option(names = "--pcap", paramLabel = "FILE",
            description = "Write what crosses the connections into this pcapng file, decrypted; Wireshark and `parley trace` open it.")
    private Optional<Path> file = Optional.empty();

    /// The capture that is wanted, if any. It is closed at the end of the process at the latest, so that a stopped command has a whole file.
    public Optional<Capture> open() throws IOException {
        return file.isPresent() ? Optional.of(open(file.get())) : Optional.empty();
    }

    /// The same for a command that closes it by itself, after its last words.
    public Optional<Capture> openToTheEnd() throws IOException {
        return file.isPresent() ? Optional.of(Capture.open(file.get())) : Optional.empty();
    }

    /// As [#open()], of a file that is wanted.
    public static Capture open(Path file) throws IOException {
        var capture = Capture.open(file);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> close(capture)));
        return capture;
    }

    private static void close(Capture capture) {
        try {
            capture.close();
        } catch (IOException e) {
            // The process ends; the capture says itself what it lacks.
        }
    }

    /// The name of the option and its value as they stand in a command line; nothing when it was not given.
    public List<String> arguments() {
        return file.map(path -> List.of("--pcap", path.toAbsolutePath().toString())).orElse(List.of());
    }

    /// Closes the capture and tells what it lacks.
    public static void finish(Optional<Capture> capture, Terminal terminal) {
        capture.ifPresent(file -> {
            close(file);
            file.shortcoming().ifPresent(terminal::warn);
        });
    }
}
