package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.share.RemoteShare;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fetches a file from a share.
@Command(
        name = "get",
        description = "Fetch a file from a file server that is reached by NetBIOS name.",
        footer = {
            "",
            "The file appears under its name only when it is complete.",
            "",
            "Examples:",
            "  parley netbios get //SERVER/share/report.pdf",
            "  parley netbios get //SERVER/share/report.pdf - | less   to standard output",
        })
final class GetCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ShareOptions where = new ShareOptions();

    @Parameters(index = "0", paramLabel = "//NAME/SHARE/FILE", description = "The file there.")
    private String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET", description = "The file or folder here (default: the same name); - is stdout.")
    private Optional<String> target = Optional.empty();

    @Option(names = "--replace", description = "Replace a file that is here.")
    private boolean replace;

    @Override
    public Integer call() throws Exception {
        return where.recorded(output.terminal(), this::get);
    }

    private int get() throws IOException {
        var address = ShareOptions.Address.of(source);
        if (address.path().isEmpty()) {
            throw new CommandFailed(ExitCode.USAGE, "expected a file of the share, not the share itself: " + source);
        }
        try (var share = where.open(address, output.terminal())) {
            var name = address.path().substring(address.path().lastIndexOf('/') + 1);
            var progress = new Moved(output.terminal(), name, share.size(address.path()));
            if (target.filter("-"::equals).isPresent()) {
                try (var out = new FileOutputStream(FileDescriptor.out)) {
                    share.get(address.path(), out, progress::at);
                }
                progress.done("standard output", false);
                return ExitCode.DONE.number();
            }
            var file = Path.of(target.orElse(name));
            file = Files.isDirectory(file) ? file.resolve(name) : file;
            if (Files.exists(file) && !replace) {
                throw new CommandFailed(ExitCode.OTHER, file + " exists: --replace replaces it");
            }
            fetch(share, address.path(), file, progress);
            progress.done(file.toString(), true);
            return ExitCode.DONE.number();
        } catch (RemoteShare.ServerSays e) {
            throw ShareOptions.failed(e);
        }
    }

    private static void fetch(RemoteShare share, String path, Path file, Moved progress) throws IOException {
        // With the process in the name: another one may fetch the same file.
        var part = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (var out = Files.newOutputStream(part)) {
                share.get(path, out, progress::at);
            }
            if (Files.size(part) != progress.expected()) {
                throw new CommandFailed(ExitCode.SOURCE_CHANGED, "the file has " + Files.size(part) + " octets, but had " + progress.expected());
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// Tells how far a file has got.
    record Moved(Terminal terminal, String name, long expected) {
        void at(long octets) {
            terminal.show(name + "  " + octets + " of " + expected + " octets");
        }

        void done(String where, boolean say) {
            terminal.show("");
            terminal.tell(Terminal.event("done").put("file", where).put("octets", expected));
            if (say) {
                terminal.say(where + ": " + expected + " octets");
            }
        }
    }
}
