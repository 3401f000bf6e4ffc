package dev.parley.cli.term;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Where an option comes from that is not on the command line: the environment (`PARLEY_MAX_STALL`), then the configuration file
/// (`max-stall = 30s` for all commands, `send.max-stall = 30s` for one). The file is `parley.conf` in the folder `parley` of the user's
/// configuration, or what `PARLEY_CONFIG` names.
public final class Defaults implements IDefaultValueProvider {
    private final Map<String, String> environment;
    private @Nullable Properties file;

    public Defaults(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec spec) {
        if (!(spec instanceof OptionSpec option) || option.usageHelp() || option.versionHelp() || !option.longestName().startsWith("--")) {
            return null;
        }
        var name = option.longestName().substring(2);
        var value = environment.get("PARLEY_" + name.toUpperCase(Locale.ROOT).replace('-', '_'));
        if (value != null) {
            return value;
        }
        var command = option.command() == null ? "" : option.command().name();
        return file().getProperty(command + "." + name, file().getProperty(name));
    }

    private Properties file() {
        var read = file;
        if (read == null) {
            read = new Properties();
            var named = environment.get("PARLEY_CONFIG");
            var path = named == null ? Places.configuration(environment).resolve("parley.conf") : Path.of(named);
            if (named != null || Files.exists(path)) {
                try (var in = Files.newBufferedReader(path)) {
                    read.load(in);
                } catch (IOException | IllegalArgumentException e) {
                    throw new CommandFailed(ExitCode.USAGE, "the configuration " + path + " cannot be read: " + e.getMessage());
                }
            }
            file = read;
        }
        return read;
    }
}
