package dev.parley.cli.transfer;

import dev.parley.cli.term.Places;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where state is kept. The server's and the client's stay apart, also below one `--state`.
final class StateOption {
    @Option(names = "--state", paramLabel = "DIR", description = "Keep state in DIR (default: parley below XDG_STATE_HOME).")
    private @Nullable Path state;

    static StateOption at(Path folder) {
        var option = new StateOption();
        option.state = folder;
        return option;
    }

    Path server() {
        return side("server");
    }

    Path client() {
        return side("client");
    }

    boolean isGiven() {
        return state != null;
    }

    Path given() {
        return java.util.Objects.requireNonNull(state);
    }

    private Path side(String side) {
        return state == null ? Places.state(side) : state.resolve(side);
    }
}
