package dev.parley.cli.transfer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// A command line as it was given, written so that it means the same in another folder. A capture is of one run, and is left out.
final class Invocation {
    private Invocation() {}

    /// @param positional the parameters, those that name local files made absolute
    static Commands.Command of(CommandSpec spec, List<String> positional, int remote) {
        var arguments = new ArrayList<String>();
        arguments.add(spec.name());
        var parsed = spec.commandLine().getParseResult();
        for (var option : parsed == null ? List.<picocli.CommandLine.Model.OptionSpec>of() : parsed.matchedOptions()) {
            if (option.longestName().equals("--pcap")) {
                continue;
            }
            arguments.add(option.longestName());
            if (option.arity().max() > 0) {
                Object value = option.getValue();
                arguments.add(value instanceof Path path ? absolute(path.toString()) : String.join(",", option.originalStringValues()));
            }
        }
        int first = arguments.size();
        arguments.addAll(positional);
        return new Commands.Command(arguments, first + remote);
    }

    static String absolute(String path) {
        if (path.equals("-")) {
            return path;
        }
        var absolute = Path.of(path).toAbsolutePath().normalize().toString();
        return path.endsWith("/") && !absolute.endsWith("/") ? absolute + "/" : absolute;
    }
}
