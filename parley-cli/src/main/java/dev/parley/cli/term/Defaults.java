package dev.parley.cli.term;

import dev.parley.runtime.disk.DiskWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Where an option comes from that is not on the command line: the environment (`PARLEY_MAX_STALL`), then the configuration file
/// (`max-stall = 30s` for all commands, `send.max-stall = 30s` for one). The file is `parley.conf` in the folder `parley` of the user's
/// configuration, or what `PARLEY_CONFIG` names.
public final class Defaults implements IDefaultValueProvider {
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9.-]+)\\s*[=:]\\s*(.*)");
    private static final int MOST_OCTETS = 1 << 20;

    private final Map<String, String> environment;
    private final Predicate<String> known;
    private @Nullable Map<String, String> file;

    /// @param known whether an option of this name exists, with or without its command before it
    public Defaults(Map<String, String> environment, Predicate<String> known) {
        this.environment = environment;
        this.known = known;
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
        var settings = file(option.command().commandLine());
        var own = settings.get(option.command().name() + "." + name);
        return own != null ? own : settings.get(name);
    }

    private Map<String, String> file(CommandLine command) {
        var read = file;
        if (read == null) {
            var named = environment.get("PARLEY_CONFIG");
            var path = named == null ? Places.configuration(environment).resolve("parley.conf") : Path.of(named);
            read = named != null || Files.exists(path) ? read(path, command) : Map.of();
            file = read;
        }
        return read;
    }

    private Map<String, String> read(Path path, CommandLine command) {
        var settings = new HashMap<String, String>();
        int number = 0;
        for (var whole : text(path, command).lines().toList()) {
            number++;
            var line = whole.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
                continue;
            }
            var match = LINE.matcher(line);
            if (!match.matches()) {
                throw new ParameterException(command, path + ", line " + number + ": expected OPTION = VALUE, not '" + line + "'");
            }
            if (!known.test(match.group(1))) {
                throw new ParameterException(command, path + ", line " + number + ": expected an option without its --, such as max-stall, or with "
                        + "its command, such as send.max-stall; there is no " + match.group(1));
            }
            settings.put(match.group(1), match.group(2));
        }
        return settings;
    }

    private static String text(Path path, CommandLine command) {
        try (var in = Files.newInputStream(path)) {
            var octets = in.readNBytes(MOST_OCTETS + 1);
            if (octets.length > MOST_OCTETS) {
                throw new ParameterException(command, "the configuration " + path + " is larger than 1 MiB");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            throw new ParameterException(command, "the configuration " + path + " is not UTF-8");
        } catch (IOException e) {
            throw new ParameterException(command, "the configuration " + path + " cannot be read: " + DiskWords.of(e));
        }
    }
}
