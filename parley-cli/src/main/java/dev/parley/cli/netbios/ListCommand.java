package dev.parley.cli.netbios;

import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.share.RemoteShare;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Lists a folder of a share.
@Command(
        name = "ls",
        description = "List a folder of a file server that is reached by NetBIOS name.",
        footer = {
            "",
            "Examples:",
            "  parley netbios ls //SERVER/share",
            "  parley netbios ls //SERVER/share/folder --user alice --password-file secret",
        })
final class ListCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ShareOptions where = new ShareOptions();

    @Parameters(paramLabel = "//NAME/SHARE[/PATH]", description = "The server, the share, and the folder in it.")
    private String path = "";

    @Override
    public Integer call() throws Exception {
        return where.recorded(output.terminal(), this::list);
    }

    private int list() throws IOException {
        var terminal = output.terminal();
        var address = ShareOptions.Address.of(path);
        try (var share = where.open(address, terminal)) {
            var table = new Table("SIZE", "MODIFIED", "NAME");
            for (var entry : share.list(address.path())) {
                table.row(entry.folder() ? "-" : Long.toString(entry.size()), entry.modified().truncatedTo(ChronoUnit.SECONDS).toString(),
                        entry.folder() ? entry.name() + "/" : entry.name());
                terminal.tell(Terminal.event("entry").put("name", entry.name()).put("folder", entry.folder()).put("size", entry.size())
                        .put("modified", entry.modified().toString()));
            }
            if (!terminal.isJson()) {
                terminal.data(table.toString());
            }
            return ExitCode.DONE.number();
        } catch (RemoteShare.ServerSays e) {
            throw ShareOptions.failed(e);
        }
    }
}
