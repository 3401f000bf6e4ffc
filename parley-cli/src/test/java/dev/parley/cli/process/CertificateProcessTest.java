package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates of clients and of servers, made with the JDK's keytool.
@Timeout(300)
class CertificateProcessTest {
    private static final String PASSWORD = "open sesame";

    @TempDir
    Path folder;

    private String[] identity(String name) {
        return new String[] {"--identity", folder.resolve(name + ".pem").toString(), "--identity-key", folder.resolve(name + ".key").toString()};
    }

    private static String[] with(String[] more, String... first) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(first), java.util.Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void aCertificateIsTheLoginAndAnAuthorityKnowsTheServer() throws Exception {
        try (var parleys = new Parleys(folder)) {
            make("server", "SAN=ip:127.0.0.1");
            make("dave", "KU=digitalSignature");
            assertThat(run(parleys, "user", "add", "dave", "--certificate", parleys.at("dave.pem"), "--administrator")).isZero();
            assertThat(run(parleys, "user", "add", "eve", "--certificate", parleys.at("dave.pem"))).as("it is dave's").isEqualTo(1);
            var users = parleys.run("user", "ls", "--state", parleys.at("S"), "--json").told("user");
            assertThat(users).hasSize(1);
            assertThat(users.getFirst().path("certificates").path(0).asText()).startsWith("SHA256:");
            assertThat(users.getFirst().path("administrator").asBoolean()).isTrue();
            var address = parleys.serve("127.0.0.1:0", "--certificate", parleys.at("server.p12"), "--key-password-file", parleys.at("pw"))
                    .await("ready").path("address").asText();
            var file = parleys.file("data.img", 100_000, 31);

            var sent = parleys.run(with(identity("dave"), "send", file.toString(), address, "--ca", parleys.at("server.pem"),
                    "--state", parleys.at("C"), "--json"));
            assertThat(sent.exit()).as(sent.toString()).isZero();
            assertThat(parleys.inbox("data.img")).hasSameBinaryContentAs(file);
            var listed = parleys.run(with(identity("dave"), "ls", "--all", "--at", address, "--ca", parleys.at("server.pem"),
                    "--state", parleys.at("C"), "--json"));
            assertThat(listed.exit()).as(listed.toString()).isZero();
            assertThat(listed.told("session")).isNotEmpty();

            var strange = parleys.run(with(identity("dave"), "ls", "--at", address, "--ca", parleys.at("dave.pem"), "--state", parleys.at("C")));
            assertThat(strange.exit()).as(strange.toString()).isEqualTo(5);
            assertThat(strange.words()).contains("TLS was refused: the server's certificate is not signed by one of the authorities")
                    .doesNotContain("PKIX", "sun.");
            var named = parleys.run(with(identity("dave"), "ls", "--at", address.replace("127.0.0.1", "localhost"), "--ca",
                    parleys.at("server.pem"), "--state", parleys.at("C")));
            assertThat(named.exit()).as(named.toString()).isEqualTo(5);

            assertThat(run(parleys, "user", "rm", "dave")).isZero();
            var removed = parleys.run(with(identity("dave"), "ls", "--at", address, "--ca", parleys.at("server.pem"), "--state", parleys.at("C")));
            assertThat(removed.exit()).as(removed.toString()).isEqualTo(5);
            assertThat(removed.words()).contains("belongs to no user");
        }
    }

    @Test
    void whatProvesNothingIsRefused() throws Exception {
        try (var parleys = new Parleys(folder)) {
            parleys.file("data.img", 10, 1);
            for (var option : new String[] {"--ca", "--fingerprint", "--identity"}) {
                var refused = parleys.run(parleys.send("data.img", "127.0.0.1:1", "--insecure-plain", option, "some"));
                assertThat(refused.exit()).as(refused.toString()).isEqualTo(2);
                assertThat(refused.words()).contains(option + " proves nothing with --insecure-plain");
            }
            var both = parleys.run(parleys.send("data.img", "127.0.0.1:1", "--ca", "some", "--fingerprint", "some"));
            assertThat(both.exit()).isEqualTo(2);
            assertThat(parleys.run(parleys.send("data.img", "127.0.0.1:1", "--identity-key", "some")).exit()).isEqualTo(2);
            var missing = parleys.run(parleys.send("data.img", "127.0.0.1:1", "--identity", parleys.at("none.pem")));
            assertThat(missing.exit()).isEqualTo(2);
            assertThat(missing.words()).contains("there is no such file");
            assertThat(parleys.run("serve", parleys.at("inbox"), "--insecure-plain", "--certificate", "some").exit()).isEqualTo(2);
            assertThat(parleys.run("serve", parleys.at("inbox"), "--key", "some").exit()).isEqualTo(2);
        }
    }

    private static int run(Parleys parleys, String... arguments) throws InterruptedException {
        return parleys.run(with(new String[] {"--state", parleys.at("S")}, arguments)).exit();
    }

    /// `NAME.p12`, and the same as `NAME.pem` and `NAME.key`.
    private void make(String name, String extension) throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve(name + ".p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(keytool, "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
                "-ext", extension, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile()).start().waitFor();
        assertThat(made).as("keytool").isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        write(name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private void write(String file, String kind, byte[] octets) throws IOException {
        var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(octets);
        Files.writeString(folder.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
