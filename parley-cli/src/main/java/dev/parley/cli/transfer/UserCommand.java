package dev.parley.cli.transfer;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Password;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Terminal;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.login.KeyFiles;
import dev.parley.session.store.H235Keys;
import dev.parley.session.store.SqliteStore;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.SafePath;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
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
            "  parley user add dave --certificate dave.pem       logs in by a certificate, no password",
            "  parley user add eve --h323                        also for `parley gatekeeper --state`",
            "  parley user ls"
        },
        subcommands = {
            UserCommand.Add.class, UserCommand.Change.class, UserCommand.List.class, UserCommand.Remove.class, UserCommand.ChangePassword.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class UserCommand {
    /// What a user may do.
    enum Right {
        SEND,
        GET
    }

    /// Of a state folder that is there already: who only looks, or wants to change somebody, makes none.
    private static <T> T withExisting(StateOption state, Function<Store, T> work) {
        if (!Side.isUsed(state.server())) {
            throw new CommandFailed(ExitCode.OTHER, "there are no users in " + state.server() + ": `parley user add NAME` adds the first one");
        }
        return with(state, work);
    }

    private static <T> T with(StateOption state, Function<Store, T> work) {
        try (var store = SqliteStore.open(state.server())) {
            return work.apply(store);
        }
    }

    /// Whether a user may prove the password at an H.323 gatekeeper, too.
    static final class H323Option {
        @Option(names = "--h323", description = "Also keep the key of the password for H.323 (H.235.1): `parley gatekeeper --state` knows the user. "
            + "Whoever reads it can play the user there.")
        private boolean key;

        @Option(names = "--h323-md5", description = "The same for endpoints that know only the MD5 baseline: the password itself is kept.")
        private boolean clear;

        private void keep(StateOption state, String name, char[] password) {
            if (!isGiven() && !H235Keys.areIn(state.server())) {
                return;
            }
            try (var keys = H235Keys.open(state.server())) {
                var present = Optional.ofNullable(keys.all().get(name));
                if (isGiven() || present.isPresent()) {
                    keys.put(name, password, clear || !key && present.flatMap(H235Keys.Key::password).isPresent());
                }
            }
        }

        private boolean isGiven() {
            return key || clear;
        }
    }

    private static Store.User existing(Store store, String name) {
        return store.user(name).orElseThrow(() -> new CommandFailed(ExitCode.OTHER, "there is no user " + name));
    }

    @Command(
            name = "add",
            description = "Add a user.",
            footer = {"", "Example:", "  parley user add alice --rights send,get --quota 50GiB --password-file alice.pw"})
    static final class Add extends StateCommand {
        @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits, dots, dashes or underscores.")
        private String name = "";

        @Option(names = "--password-file", paramLabel = "FILE", description = "Take the password from the first line of FILE.")
        private @Nullable Path passwordFile;

        @Option(names = "--certificate", paramLabel = "FILE",
                description = "Whoever holds the key of the first certificate in FILE (PEM) is this user; no password then, unless one is given.")
        private @Nullable Path certificate;

        @Option(names = "--rights", split = ",", paramLabel = "RIGHT", description = "send, get, or both (default).")
        private Set<Right> rights = EnumSet.allOf(Right.class);

        @Option(names = "--root", paramLabel = "PATH", description = "The folder below the served one that the user sees (default: all).")
        private String root = "";

        @Option(names = "--quota", paramLabel = "SIZE", converter = Size.Converter.class,
                description = "How much may lie in the folder that the user sees (default: no limit); without --root also what others put there.")
        private Size quota = new Size(0);

        @Mixin
        private final H323Option h323 = new H323Option();

        @Option(names = "--administrator", description = "May see and end the sessions of all users.")
        private boolean administrator;

        @Override
        public Integer call() {
            checkRoot(state, root);
            return with(state, store -> {
                if (store.user(name).isPresent()) {
                    throw new CommandFailed(ExitCode.OTHER, "there is a user " + name + " already: `parley user passwd` changes the password");
                }
                var fingerprint = Optional.ofNullable(certificate).map(f -> fingerprint(store, f));
                boolean sends = rights.contains(Right.SEND);
                boolean gets = rights.contains(Right.GET);
                boolean without = fingerprint.isPresent() && passwordFile == null && !h323.isGiven();
                var password = without ? new char[0] : Password.choose(passwordFile, "Password for " + name + ": ");
                var user = without ? Credentials.withoutPassword(name, root, sends, gets, quota.octets())
                        : Credentials.derive(name, password, root, sends, gets, quota.octets());
                if (!without) {
                    h323.keep(state, name, password);
                }
                store.putUser(user.asAdministrator(administrator));
                fingerprint.ifPresent(f -> store.putCertificate(f, name));
                output.terminal().say("user " + name + " is added" + fingerprint.map(f -> ", by the certificate " + f).orElse(""));
                return ExitCode.DONE.number();
            });
        }

        private static String fingerprint(Store store, Path file) {
            var fingerprint = Identity.fingerprint(LoginOptions.usage(() -> KeyFiles.certificates(file)).getFirst());
            store.userOfCertificate(fingerprint).ifPresent(other -> {
                throw new CommandFailed(ExitCode.OTHER, "the certificate in " + file + " is that of the user " + other.name() + " already");
            });
            return fingerprint;
        }
    }

    @Command(
            name = "set",
            description = "Change rights, folder or quota of a user, for sessions that begin from then on.",
            footer = {"", "Example:", "  parley user set alice --quota 80GiB"})
    static final class Change extends StateCommand {
        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Option(names = "--rights", split = ",", paramLabel = "RIGHT", description = "send, get, or both.")
        private @Nullable Set<Right> rights;

        @Option(names = "--root", paramLabel = "PATH", description = "The folder below the served one that the user sees; \"\" is all.")
        private @Nullable String root;

        @Option(names = "--quota", paramLabel = "SIZE", converter = Size.Converter.class,
                description = "How much may lie in the folder that the user sees; 0 is no limit.")
        private @Nullable Size quota;

        @Override
        public Integer call() {
            if (rights == null && root == null && quota == null) {
                throw new CommandFailed(ExitCode.USAGE, "nothing is to be changed: give --rights, --root or --quota");
            }
            checkRoot(state, root);
            return withExisting(state, store -> {
                var user = existing(store, name);
                store.putUser(user.with(
                        root == null ? user.root() : root, rights == null ? user.maySend() : rights.contains(Right.SEND),
                        rights == null ? user.mayGet() : rights.contains(Right.GET), quota == null ? user.quota() : quota.octets()));
                output.terminal().say("user " + name + " is changed");
                return ExitCode.DONE.number();
            });
        }
    }

    /// Below which folder does not matter yet: it must not lead out of any.
    private static void checkRoot(StateOption state, @Nullable String root) {
        if (root != null && !root.isEmpty()) {
            LoginOptions.usage(() -> SafePath.resolve(state.server().toAbsolutePath(), root));
        }
    }

    @Command(name = "ls", description = "List the users.", footer = {"", "Example:", "  parley user ls --json"})
    static final class List extends StateCommand {
        @Override
        public Integer call() {
            var terminal = output.terminal();
            var h323 = h323();
            if (!Side.isUsed(state.server())) {
                return ExitCode.DONE.number();
            }
            with(state, store -> {
                store.users().forEach(user -> tell(terminal, user, store.certificates(user.name()), h323.contains(user.name())));
                return true;
            });
            return ExitCode.DONE.number();
        }

        private Set<String> h323() {
            if (!H235Keys.areIn(state.server())) {
                return Set.of();
            }
            try (var keys = H235Keys.open(state.server())) {
                return keys.all().keySet();
            }
        }

        private static void tell(Terminal terminal, Store.User user, java.util.List<String> certificates, boolean h323) {
            if (terminal.isJson()) {
                var event = Terminal.event("user").put("name", user.name()).put("send", user.maySend()).put("get", user.mayGet())
                        .put("root", user.root()).put("quota", user.quota()).put("administrator", user.administrator())
                        .put("h323", h323);
                certificates.forEach(event.putArray("certificates")::add);
                terminal.tell(event);
                return;
            }
            terminal.data(String.format("%-20s %-9s %-12s %s%s", user.name(), rights(user),
                    user.quota() == 0 ? "no quota" : Size.text(user.quota()), user.root().isEmpty() ? "/" : user.root(),
                    (user.administrator() ? "  administrator" : "") + (h323 ? "  H.323" : "")));
            certificates.forEach(certificate -> terminal.data("    certificate " + certificate));
        }

        private static String rights(Store.User user) {
            return user.maySend() && user.mayGet() ? "send,get" : user.maySend() ? "send" : user.mayGet() ? "get" : "none";
        }
    }

    @Command(name = "rm", description = "Remove a user.", footer = {"", "Example:", "  parley user rm alice"})
    static final class Remove extends StateCommand {
        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Override
        public Integer call() {
            return withExisting(state, store -> {
                existing(store, name);
                if (H235Keys.areIn(state.server())) {
                    try (var keys = H235Keys.open(state.server())) {
                        keys.remove(name);
                    }
                }
                store.removeUser(name);
                output.terminal().say("user " + name + " is removed");
                return ExitCode.DONE.number();
            });
        }
    }

    @Command(name = "passwd", description = "Change a password.", footer = {"", "Example:", "  parley user passwd alice"})
    static final class ChangePassword extends StateCommand {
        @Parameters(paramLabel = "NAME", description = "The user.")
        private String name = "";

        @Option(names = "--password-file", paramLabel = "FILE", description = "Take the password from the first line of FILE.")
        private @Nullable Path passwordFile;

        @Mixin
        private final H323Option h323 = new H323Option();

        @Override
        public Integer call() {
            return withExisting(state, store -> {
                var user = existing(store, name);
                var password = Password.choose(passwordFile, "New password for " + name + ": ");
                var changed = Credentials.derive(name, password, user.root(), user.maySend(), user.mayGet(), user.quota());
                h323.keep(state, name, password);
                store.putUser(changed.asAdministrator(user.administrator()));
                output.terminal().say("the password of " + name + " is changed");
                return ExitCode.DONE.number();
            });
        }
    }
}
