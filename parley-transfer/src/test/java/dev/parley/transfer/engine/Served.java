package dev.parley.transfer.engine;

import dev.parley.runtime.disk.Disk;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server of `inbox` over TLS with real stores, for the user alice, and clients of it.
final class Served implements AutoCloseable {
    final List<TransferEvent> events = new CopyOnWriteArrayList<>();
    final List<String> serverReceipts = new CopyOnWriteArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final SqliteStore serverStore;
    final SqliteStore clientStore;
    final Identity identity;
    final TransferServer server;
    final Tcp.Listener listener;
    Settings settings = new Settings(4096, 10, 4, Duration.ofSeconds(20));
    Target.OnExists onExists = Target.OnExists.FAIL;
    FileOptions options = FileOptions.DEFAULT;
    Disk disk = new OsDisk();
    Duration patience = Duration.ofSeconds(30);
    String command = "";
    /// Where a sender's files go, below the served folder.
    String path = "";
    /// The client that runs, and what its test does when something happens.
    volatile @Nullable TransferClient client;
    Consumer<TransferEvent> told = _ -> {};

    Served(Path folder) throws IOException {
        this(folder, new OsDisk());
    }

    /// @param serverDisk where the server's side reads and writes
    Served(Path folder, Disk serverDisk) throws IOException {
        serverStore = SqliteStore.open(folder.resolve("server"));
        clientStore = SqliteStore.open(folder.resolve("client"));
        identity = Identity.in(folder.resolve("server"));
        Files.createDirectories(folder.resolve("inbox"));
        Files.createDirectories(folder.resolve("here"));
        quota(0);
        server = new TransferServer(serverStore, serverDisk, folder.resolve("inbox"), identity, (_, event) -> {
            switch (event) {
                case TransferEvent.FileDone f -> serverReceipts.add(f.receipt());
                case TransferEvent.BatchDone b -> serverReceipts.add(b.receipt());
                default -> {}
            }
        }, log::add);
        listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(Tls.server(identity.key(), identity.certificate())), 100, server::connection);
    }

    void quota(long octets) {
        serverStore.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, octets));
    }

    TransferClient.Result send(String argument) throws Exception {
        return run(false, argument, new Sources(Sources.Links.KEEP, _ -> {}).find(argument), Path.of("."), listener.address());
    }

    TransferClient.Result send(Source source, InetSocketAddress address) throws Exception {
        return run(false, source.name(), List.of(source), Path.of("."), address);
    }

    TransferClient.Result get(String wanted, Path into) throws Exception {
        return run(true, wanted, List.of(), into, listener.address());
    }

    private TransferClient.Result run(boolean get, String what, List<Source> sources, Path into, InetSocketAddress address) throws Exception {
        var tls = Tls.client(certificate -> Identity.fingerprint(certificate).equals(identity.fingerprint()));
        var job = new TransferClient.Job(
                command + (get ? "get " : "send ") + what + path, address, Optional.of(tls), "alice", "secret".toCharArray(), get, get ? what : path,
                onExists, sources, into, settings, patience, FlowOptions.DEFAULT, options);
        var running = new TransferClient(clientStore, disk, job, event -> {
            events.add(event);
            told.accept(event);
        });
        client = running;
        return running.run();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        serverStore.close();
        clientStore.close();
    }
}
