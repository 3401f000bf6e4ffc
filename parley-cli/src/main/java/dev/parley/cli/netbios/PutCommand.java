package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.netbios.share.RemoteShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Stores a file on a share.
@Command(
        name = "put",
        description = "Store a file on a file server that is reached by NetBIOS name.",
        footer = {
            "",
            "Examples:",
            "  parley netbios put report.pdf //SERVER/share",
            "  parley netbios put report.pdf //SERVER/share/folder/other.pdf --replace",
        })
final class PutCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ShareOptions where = new ShareOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The file here.")
    private Path source = Path.of("");

    @Parameters(index = "1", paramLabel = "//NAME/SHARE[/PATH]", description = "The folder there, or the new file's path.")
    private String target = "";

    @Option(names = "--replace", description = "Replace a file that is there.")
    private boolean replace;

    @Override
    public Integer call() throws Exception {
        return where.recorded(output.terminal(), this::put);
    }

    private int put() throws IOException {
        if (!Files.isReadable(source) || Files.isDirectory(source)) {
            throw new CommandFailed(ExitCode.SOURCE, "there is no readable file " + source);
        }
        var address = ShareOptions.Address.of(target);
        try (var share = where.open(address, output.terminal()); var in = Files.newInputStream(source)) {
            var name = source.getFileName().toString();
            var path = share.isFolder(address.path()) ? (address.path().isEmpty() ? name : address.path() + "/" + name) : address.path();
            var progress = new GetCommand.Moved(output.terminal(), name, Files.size(source));
            share.put(in, path, replace, progress::at);
            if (share.size(path) != progress.expected()) {
                throw new CommandFailed(ExitCode.INTEGRITY, path + " there has " + share.size(path) + " octets, not " + progress.expected());
            }
            progress.done("//" + address.host() + "/" + address.share() + "/" + path, true);
            return ExitCode.DONE.number();
        } catch (RemoteShare.ServerSays e) {
            throw ShareOptions.failed(e);
        }
    }
}
