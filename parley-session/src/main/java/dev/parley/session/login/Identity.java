package dev.parley.session.login;

import dev.parley.runtime.disk.DiskWords;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.store.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A server's key and certificate: a self-signed one (ECDSA P-256), made at the first start and kept in the state folder, or one that the
/// operator brings.
///
/// @param chain the certificate and those that vouch for it, in order
public record Identity(PrivateKey key, X509Certificate certificate, List<X509Certificate> chain) {
    private static final int YEARS = 20;

    public Identity {
        chain = List.copyOf(chain);
    }

    public Identity(PrivateKey key, X509Certificate certificate) {
        this(key, certificate, List.of(certificate));
    }

    public static Identity of(TlsKey key) {
        return new Identity(key.key(), key.certificate(), key.chain());
    }

    /// Reads the identity, or makes one. Several processes may do so at once.
    ///
    /// @throws UncheckedIOException when it cannot be read or made
    public static Identity in(Path folder) {
        var keyFile = folder.resolve("identity.key");
        var certificateFile = folder.resolve("identity.crt");
        try {
            PrivateFiles.folder(folder);
            makeOnce(keyFile, certificateFile);
            var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(keyFile)));
            try (var in = Files.newInputStream(certificateFile)) {
                var identity = new Identity(key, (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
                if (!identity.isPair()) {
                    throw new GeneralSecurityException("identity.key is not the key of identity.crt");
                }
                return identity;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the server's identity in " + folder + " cannot be used: " + DiskWords.of(e), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the server's identity in " + folder + " is damaged: " + e.getMessage(), e);
        }
    }

    private boolean isPair() throws GeneralSecurityException {
        var probe = new byte[] {1, 2, 3};
        var check = Signature.getInstance(algorithm(certificate.getPublicKey().getAlgorithm()));
        check.initVerify(certificate);
        check.update(probe);
        return check.verify(sign(probe));
    }

    /// The certificate comes last and whole: without it neither counts. Two processes that make one at the same time would mix theirs.
    private static synchronized void makeOnce(Path keyFile, Path certificateFile) throws IOException, GeneralSecurityException {
        if (isThere(certificateFile)) {
            return;
        }
        var lock = PrivateFiles.file(keyFile.resolveSibling("identity.lock"));
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE); var _ = channel.lock()) {
            if (!isThere(certificateFile)) {
                make(keyFile, certificateFile);
            }
        }
    }

    private static boolean isThere(Path certificateFile) throws IOException {
        return Files.exists(certificateFile) && Files.size(certificateFile) > 0;
    }

    private static void make(Path keyFile, Path certificateFile) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        var name = new X500Principal("CN=Parley");
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name, new BigInteger(64, new java.security.SecureRandom()), Date.from(now.minus(1, ChronoUnit.DAYS)),
                Date.from(now.plus(365L * YEARS, ChronoUnit.DAYS)), name, pair.getPublic());
        try {
            var certificate = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            write(keyFile, pair.getPrivate().getEncoded());
            write(certificateFile, certificate.getEncoded());
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /// All of it or nothing, also after a power failure.
    private static void write(Path file, byte[] octets) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (var channel = FileChannel.open(PrivateFiles.file(fresh), StandardOpenOption.WRITE)) {
            var rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        new OsDisk().forceDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    /// `SHA256:` and base64, as ssh shows it.
    public String fingerprint() {
        return fingerprint(certificate);
    }

    public static String fingerprint(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How a receipt is signed with a key of this kind.
    public static String algorithm(String key) {
        return switch (key) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key;
        };
    }

    public byte[] sign(byte[] octets) {
        try {
            var signature = Signature.getInstance(algorithm(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(octets);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
