package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.session.login.Credentials;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The users of a server on this machine: credentials, rights, the folder they see, quotas. A running server sees changes at the next login.
@Command(
        name = "user",
        description = "Say who may come to a server: add, ls, rm, passwd.",
        footer = {
            "",
            "Examples:",
            "  parley user add alice                             asks for the password",
            "  parley user add bob --rights get --root public    may only fetch, and only below public",
            "  parley user add carol --quota 50GiB --password-file carol.pw",
            "  parley user ls"
        },
        subcommands = {UserCommand.Add.class, UserCommand.List.class, UserCommand.Remove.class, UserCommand.ChangePassword.class},
        synopsisSubcommandLabel = "COMMAND")
public final class UserCommand {
    /// What a user may do.
    enum Right {
        SEND,
        GET
    }

    private static <T> T with(StateOption state, Function<Store, T> work) {
        try (var store = SqliteStore.open(state.server())) {
            return work.apply(store);
        }
    }

    private static Store.User existing(Store store, String name) {
        return store.user(name).orElseThrow(() -> new CommandFailed(ExitCode.OTHER, "there is no user " + name));
    }

    @Command(
            name = "add",
            description = "Add a user.",
            footer = {"", "Example:", "  parley user add alice --rights send,get --quota 50GiB --password-file alice.pw"})
    static final class Add implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, dots, dashes or underscores.")
        private String name = "";

        @Option(names = "--password-file", paramLabel = "FILE", description = "Take the password from the first line of FILE.")
        private @Nullable Path passwordFile;

        @Option(names = "--rights", split = ",", paramLabel = "RIGHT", description = "send, get, or both (default).")
        private Set<Right> rights = EnumSet.allOf(Right.class);

        @Option(names = "--root", paramLabel = "PATH", description = "The folder below the served one that the user sees (default: all).")
        private String root = "";

        @Option(names = "--quota", paramLabel = "SIZE", converter = Size.Converter.class, description = "How much the user may store.")
        private Size quota = new Size(0);

        @Override
        public Integer call() {
            return with(state, store -> {
                if (store.user(name).isPresent()) {
                    throw new CommandFailed(ExitCode.OTHER, "there is a user " + name + " already: `parley user passwd` changes the password");
                }
                var password = Password.choose(passwordFile, "Password for " + name + ": ");
                store.putUser(Credentials.derive(name, password, root, rights.contains(Right.SEND), rights.contains(Right.GET), quota.octets()));
                output.terminal().say("user " + name + " is added");
                return ExitCode.DONE.number();
            });
        }
    }

    @Command(name = "ls", description = "List the users.", footer = {"", "Example:", "  parley user ls --json"})
    static final class List implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Override
        public Integer call() {
            var terminal = output.terminal();
            for (var user : with(state, Store::users)) {
                if (terminal.isJson()) {
                    terminal.tell(Terminal.event("user").put("name", user.name()).put("send", user.maySend()).put("get", user.mayGet())
                            .put("root", user.root()).put("quota", user.quota()));
                } else {
                    terminal.data(String.format("%-20s %-9s %-12s %s", user.name(), rights(user),
                            user.quota() == 0 ? "no quota" : Size.text(user.quota()), user.root().isEmpty() ? "/" : user.root()));
                }
            }
            return ExitCode.DONE.number();
        }

        private static String rights(Store.User user) {
            return user.maySend() && user.mayGet() ? "send,get" : user.maySend() ? "send" : user.mayGet() ? "get" : "none";
        }
    }

    @Command(name = "rm", description = "Remove a user.", footer = {"", "Example:", "  parley user rm alice"})
    static final class Remove implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Override
        public Integer call() {
            return with(state, store -> {
                existing(store, name);
                store.removeUser(name);
                output.terminal().say("user " + name + " is removed");
                return ExitCode.DONE.number();
            });
        }
    }

    @Command(name = "passwd", description = "Change a password.", footer = {"", "Example:", "  parley user passwd alice"})
    static final class ChangePassword implements Callable<Integer> {
        @Mixin
        private final OutputOptions output = new OutputOptions();

        @Mixin
        private final StateOption state = new StateOption();

        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Option(names = "--password-file", paramLabel = "FILE", description = "Take the password from the first line of FILE.")
        private @Nullable Path passwordFile;

        @Override
        public Integer call() {
            return with(state, store -> {
                var user = existing(store, name);
                var password = Password.choose(passwordFile, "New password for " + name + ": ");
                store.putUser(Credentials.derive(name, password, user.root(), user.maySend(), user.mayGet(), user.quota()));
                output.terminal().say("the password of " + name + " is changed");
                return ExitCode.DONE.number();
            });
        }
    }
}
