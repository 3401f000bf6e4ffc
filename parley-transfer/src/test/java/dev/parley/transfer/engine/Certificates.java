package dev.parley.transfer.engine;

import dev.parley.runtime.tcp.TlsKey;
import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// Keys, certificates and files of them, as people would make them with other tools.
final class Certificates {
    private static long serial;

    private Certificates() {}

    static TlsKey authority() throws Exception {
        return make("RSA", "CN=Test authority", null, true, null, 365);
    }

    /// A certificate for a host.
    static TlsKey host(String kind, String name, TlsKey authority) throws Exception {
        return make(kind, "CN=" + name, authority, false, name, 365);
    }

    /// A certificate of a person, signed by nobody but itself.
    static TlsKey person(String kind, String name, int days) throws Exception {
        return make(kind, "CN=" + name, null, false, null, days);
    }

    private static TlsKey make(String kind, String subject, @Nullable TlsKey issuer, boolean isAuthority, @Nullable String host, int days)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        var generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(kind.equals("EC") ? 256 : 2048);
        KeyPair pair = generator.generateKeyPair();
        var name = new X500Principal(subject);
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                issuer == null ? name : issuer.certificate().getSubjectX500Principal(), BigInteger.valueOf(++serial),
                Date.from(now.minus(30, ChronoUnit.DAYS)), Date.from(now.plus(days, ChronoUnit.DAYS)), name, pair.getPublic());
        if (isAuthority) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        }
        if (host != null) {
            var tag = host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(tag, host)));
        }
        PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key();
        var algorithm = signer.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA384withRSA";
        var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer)));
        return new TlsKey(pair.getPrivate(), issuer == null ? List.of(certificate) : List.of(certificate, issuer.certificate()));
    }

    static Path pem(Path file, List<X509Certificate> certificates) throws IOException {
        return write(file, certificates.toArray());
    }

    static Path key(Path file, PrivateKey key) throws IOException {
        return write(file, new JcaPKCS8Generator(key, null));
    }

    /// In the older form that openssl writes for RSA keys.
    static Path traditionalKey(Path file, PrivateKey key) throws IOException {
        return write(file, key);
    }

    static Path encryptedKey(Path file, PrivateKey key, String password) throws IOException, OperatorCreationException {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(org.bouncycastle.openssl.PKCS8Generator.AES_256_CBC)
                .setProvider(new BouncyCastleProvider()).setPassword(password.toCharArray()).build();
        return write(file, new JcaPKCS8Generator(key, encryptor));
    }

    static Path pkcs12(Path file, TlsKey key, String password) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("mine", key.key(), password.toCharArray(), key.chain().toArray(X509Certificate[]::new));
        try (var out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    private static Path write(Path file, Object... objects) throws IOException {
        try (Writer text = Files.newBufferedWriter(file);
                var out = new JcaPEMWriter(text)) {
            for (var object : objects) {
                out.writeObject(object);
            }
        }
        return file;
    }
}
