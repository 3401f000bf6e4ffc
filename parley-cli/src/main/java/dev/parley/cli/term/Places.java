package dev.parley.cli.term;

import java.nio.file.Path;
import java.util.Map;

/// Where things are kept when the command line does not say: the XDG base directories.
public final class Places {
    private Places() {}

    static Path configuration(Map<String, String> environment) {
        return base(environment, "XDG_CONFIG_HOME", ".config").resolve("parley");
    }

    /// State of one side: `server` or `client`.
    public static Path state(String side) {
        return base(System.getenv(), "XDG_STATE_HOME", ".local/state").resolve("parley").resolve(side);
    }

    private static Path base(Map<String, String> environment, String variable, String otherwise) {
        var value = environment.get(variable);
        // The specification says that relative paths there are invalid and to be ignored.
        return value != null && Path.of(value).isAbsolute() ? Path.of(value) : Path.of(System.getProperty("user.home", ".")).resolve(otherwise);
    }
}
