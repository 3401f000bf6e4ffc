package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.Tls;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.login.Credentials;
import dev.parley.session.login.Identity;
import dev.parley.session.login.KeyFiles;
import dev.parley.session.store.SqliteStore;
import dev.parley.transfer.file.Source;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins by a client certificate and servers verified by an authority, over real sockets.
@Timeout(120)
class CertificateLoginTest {
    @TempDir
    Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private SqliteStore store;
    private TransferServer server;
    private TlsKey authority;
    private Identity identity;
    private Tcp.Listener listener;

    @BeforeEach
    void serve() throws Exception {
        store = SqliteStore.open(folder.resolve("server"));
        authority = Certificates.authority();
        serveWith(Certificates.host("EC", "127.0.0.1", authority));
        Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(folder.resolve("note"), "hello");
    }

    private void serveWith(TlsKey key) throws IOException {
        identity = Identity.of(key);
        server = new TransferServer(store, new OsDisk(), folder.resolve("inbox"), identity, (_, _) -> {}, log::add);
        listener = Tcp.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.of(Tls.server(key)), 10, server::connection);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        store.close();
    }

    private void user(String name, TlsKey key) {
        store.putUser(Credentials.withoutPassword(name, "", true, true, 0));
        store.putCertificate(Identity.fingerprint(key.certificate()), name);
    }

    private TransferClient.Result send(Tls tls, String password) throws Exception {
        return send(Optional.of(tls), password);
    }

    private TransferClient.Result send(Optional<Tls> tls, String password) throws Exception {
        try (var mine = SqliteStore.open(folder.resolve("client" + log.size() + System.nanoTime()))) {
            var job = new TransferClient.Job(
                    "send", listener.address(), tls, "alice", password.toCharArray(), false, "", Target.OnExists.REPLACE,
                    Source.below(folder.resolve("note")), folder, Settings.DEFAULT, Duration.ZERO);
            return new TransferClient(mine, new OsDisk(), job, _ -> {}).run();
        }
    }

    private Tls pinned(Optional<TlsKey> own) {
        return Tls.client(c -> Identity.fingerprint(c).equals(identity.fingerprint()), own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aKnownCertificateIsALoginInOneExchange(String kind) throws Exception {
        var key = Certificates.person(kind, "alice", 30);
        user("alice", key);

        var result = send(pinned(Optional.of(key)), "");

        assertThat(result.failure()).as(result.words() + log).isEmpty();
        assertThat(folder.resolve("inbox/note")).hasContent("hello");
        assertThat(store.sessions("alice")).hasSize(1);
    }

    @Test
    void aCertificateThatNobodyHasIsRefusedAndSoIsNone() throws Exception {
        user("alice", Certificates.person("EC", "alice", 30));

        var unknown = send(pinned(Optional.of(Certificates.person("EC", "alice", 30))), "");
        var none = send(pinned(Optional.empty()), "");
        store.removeUser("alice");

        assertThat(unknown.failure()).contains(Failure.REFUSED);
        assertThat(unknown.words()).contains("belongs to no user");
        assertThat(none.failure()).contains(Failure.REFUSED);
        assertThat(none.words()).contains("with a password, or over TLS with a client certificate");
        assertThat(store.sessions("")).isEmpty();
    }

    @Test
    void aCertificateThatIsOverIsRefused() throws Exception {
        var key = Certificates.person("EC", "alice", -1);
        user("alice", key);

        assertThat(send(pinned(Optional.of(key)), "").words()).contains("not valid now");
    }

    @Test
    void aRemovedUsersCertificateIsWorthNothing() throws Exception {
        var key = Certificates.person("EC", "alice", 30);
        user("alice", key);
        assertThat(store.certificates("alice")).containsExactly(Identity.fingerprint(key.certificate()));
        store.removeUser("alice");
        store.putUser(Credentials.withoutPassword("alice", "", true, true, 0));

        assertThat(send(pinned(Optional.of(key)), "").failure()).contains(Failure.REFUSED);
    }

    @Test
    void passwordsWorkBesideCertificatesOnOneServer() throws Exception {
        store.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));

        assertThat(send(pinned(Optional.empty()), "secret").failure()).isEmpty();
        assertThat(send(pinned(Optional.of(Certificates.person("EC", "someone", 30))), "secret").failure()).as("an unknown one does no harm")
                .isEmpty();
    }

    /// The authority signs with SHA-384, so the channel binding uses that, too.
    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aServerIsTrustedOnTheWordOfAnAuthorityWhenItHasTheHostsName(String kind) throws Exception {
        store.putUser(Credentials.derive("alice", "secret".toCharArray(), "", true, true, 0));
        listener.close();
        serveWith(Certificates.host(kind, "127.0.0.1", authority));
        var trusted = List.of(authority.certificate());

        assertThat(send(Tls.client(trusted, "127.0.0.1", Optional.empty()), "secret").failure()).as(log.toString()).isEmpty();
        assertThat(send(Tls.client(trusted, "example.org", Optional.empty()), "secret")).satisfies(wrongName -> {
            assertThat(wrongName.failure()).contains(Failure.REFUSED);
            assertThat(wrongName.words()).contains("example.org");
        });
        var other = List.of(Certificates.authority().certificate());
        assertThat(send(Tls.client(other, "127.0.0.1", Optional.empty()), "secret").failure()).contains(Failure.REFUSED);
    }

    @Test
    void keysAreReadFromPemAndPkcs12() throws Exception {
        var key = Certificates.person("RSA", "alice", 30);
        var certificate = Certificates.pem(folder.resolve("alice.crt"), key.chain());
        var none = new char[0];

        var read = List.of(
                KeyFiles.pem(certificate, Certificates.key(folder.resolve("a.key"), key.key()), none),
                KeyFiles.pem(certificate, Certificates.traditionalKey(folder.resolve("b.key"), key.key()), none),
                KeyFiles.pem(certificate, Certificates.encryptedKey(folder.resolve("c.key"), key.key(), "pass"), "pass".toCharArray()),
                KeyFiles.pkcs12(Certificates.pkcs12(folder.resolve("d.p12"), key, "pass"), "pass".toCharArray()));

        assertThat(read).allSatisfy(k -> {
            assertThat(k.certificate()).isEqualTo(key.certificate());
            assertThat(k.key().getEncoded()).isEqualTo(key.key().getEncoded());
        });
        user("alice", key);
        assertThat(send(pinned(Optional.of(read.getLast())), "").failure()).isEmpty();
    }

    @Test
    void filesThatAreNoKeysAreRefusedWithWords() throws Exception {
        var key = Certificates.person("EC", "alice", 30);
        var other = Certificates.person("EC", "bob", 30);
        var certificate = Certificates.pem(folder.resolve("alice.crt"), key.chain());
        var text = Files.writeString(folder.resolve("text"), "not a key");
        var none = new char[0];

        refused("is not the one of the certificate", () -> KeyFiles.pem(certificate, Certificates.key(folder.resolve("b.key"), other.key()), none));
        refused("has no private key", () -> KeyFiles.pem(certificate, text, none));
        refused("has no certificate", () -> KeyFiles.certificates(text));
        refused("no such file", () -> KeyFiles.certificates(folder.resolve("missing")));
        refused("give its password", () ->
                KeyFiles.pem(certificate, Certificates.encryptedKey(folder.resolve("e.key"), key.key(), "pass"), none));
        refused("password", () -> KeyFiles.pem(certificate, folder.resolve("e.key"), "wrong".toCharArray()));
        refused("with this password", () -> KeyFiles.pkcs12(Certificates.pkcs12(folder.resolve("f.p12"), key, "pass"), "wrong".toCharArray()));
        refused("larger than", () -> KeyFiles.certificates(Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1])));
    }

    private static void refused(String words, org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOf(SessionException.Refused.class).hasMessageContaining(words);
    }
}
