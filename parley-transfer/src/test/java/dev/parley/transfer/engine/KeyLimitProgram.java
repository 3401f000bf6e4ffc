package dev.parley.transfer.engine;

import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Sends and gets a file over TLS whose keys last for as long as the property `parley.tls.keyOctets` says, and tells how it went.
final class KeyLimitProgram {
    private KeyLimitProgram() {}

    /// @param arguments the folder to work in, with the file `data` in it
    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var inbox = Files.createDirectories(folder.resolve("inbox"));
        var identity = Identity.in(folder.resolve("server"));
        try (var serverStore = SqliteStore.open(folder.resolve("server"));
                var clientStore = SqliteStore.open(folder.resolve("client"))) {
            serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
            var server = new TransferServer(serverStore, new OsDisk(), inbox, identity, (_, _) -> {}, _ -> {});
            try (var listener = Tcp.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Optional.of(Tls.server(identity.key(), identity.certificate())), 10, server::connection)) {
                for (boolean get : new boolean[] {false, true}) {
                    var connections = new int[1];
                    var job = new TransferClient.Job(
                            get ? "get" : "send", listener.address(), Optional.of(Tls.client(c -> c.equals(identity.certificate()))), "alice",
                            "secret".toCharArray(), get, get ? "data" : "", Target.OnExists.FAIL,
                            get ? List.of() : Source.below(folder.resolve("data")), Files.createDirectories(folder.resolve("back")),
                            Settings.DEFAULT, Duration.ofMinutes(1));
                    var result = new TransferClient(
                            clientStore, new OsDisk(), job, e -> connections[0] += e instanceof TransferEvent.Connected ? 1 : 0).run();
                    System.out.println(job.command() + " " + result.failure().map(Enum::name).orElse("done") + ", twice "
                            + (result.sent() - result.size()) + ", connections " + connections[0]);
                }
            }
        }
        System.exit(0);
    }
}
