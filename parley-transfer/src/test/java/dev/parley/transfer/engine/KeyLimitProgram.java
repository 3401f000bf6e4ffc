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
import java.security.Security;
import java.time.Duration;
import java.util.Optional;

/// Sends a file over TLS whose keys last for 4 MiB only, and says how it ended and over how many connections.
final class KeyLimitProgram {
    private KeyLimitProgram() {}

    /// @param arguments the folder to work in, with the file `data` in it
    public static void main(String[] arguments) throws Exception {
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^22, ChaCha20-Poly1305 KeyUpdate 2^22");
        var folder = Path.of(arguments[0]);
        var inbox = Files.createDirectories(folder.resolve("inbox"));
        var identity = Identity.in(folder.resolve("server"));
        var connections = new int[1];
        try (var serverStore = SqliteStore.open(folder.resolve("server"));
                var clientStore = SqliteStore.open(folder.resolve("client"))) {
            serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
            var server = new TransferServer(serverStore, new OsDisk(), inbox, identity, (_, _) -> {}, _ -> {});
            try (var listener = Tcp.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Optional.of(Tls.server(identity.key(), identity.certificate())), 10, server::connection)) {
                var job = new TransferClient.Job(
                        "send", listener.address(), Optional.of(Tls.client(c -> c.equals(identity.certificate()))), "alice",
                        "secret".toCharArray(), false, "", Target.OnExists.FAIL, Source.below(folder.resolve("data")), folder, Settings.DEFAULT,
                        Duration.ofMinutes(1));
                var result = new TransferClient(clientStore, new OsDisk(), job, e -> connections[0] += e instanceof TransferEvent.Connected ? 1 : 0)
                        .run();
                System.out.println("ended " + result.failure().map(Enum::name).orElse("done") + ", connections " + connections[0]);
            }
        }
        System.exit(0);
    }
}
