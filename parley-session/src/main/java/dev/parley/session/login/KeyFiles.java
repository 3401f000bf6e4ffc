package dev.parley.session.login;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.DiskWords;
import dev.parley.runtime.tcp.TlsKey;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/// Reads keys and certificates that people bring: PEM files, and PKCS #12 files with a password.
public final class KeyFiles {
    private static final long MOST_OCTETS = 1 << 20;

    private KeyFiles() {}

    /// The certificates of a PEM file, in their order.
    ///
    /// @throws SessionException.Refused when there is none, with words for people
    public static List<X509Certificate> certificates(Path file) {
        var found = new ArrayList<X509Certificate>();
        try (var parser = open(file)) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException e) {
            throw unreadable(file, "certificates in PEM", e);
        }
        if (found.isEmpty()) {
            throw new SessionException.Refused(file + " has no certificate (expected PEM, -----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    /// A key and its certificate from two PEM files, which may be the same one.
    ///
    /// @param password of an encrypted key; may be empty
    public static TlsKey pem(Path certificate, Path key, char[] password) {
        var chain = certificates(certificate);
        try (var parser = open(key)) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                var converter = new JcaPEMKeyConverter();
                var found = switch (object) {
                    case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
                    case PrivateKeyInfo info -> converter.getPrivateKey(info);
                    case PKCS8EncryptedPrivateKeyInfo info -> converter.getPrivateKey(info.decryptPrivateKeyInfo(decryptor(key, password)));
                    default -> null;
                };
                if (found != null) {
                    return matching(key, found, chain);
                }
            }
        } catch (PKCSException e) {
            throw new SessionException.Refused("the password of the key " + key + " is wrong");
        } catch (IOException | OperatorCreationException e) {
            throw unreadable(key, "a private key in PEM", e);
        }
        throw new SessionException.Refused(key + " has no private key that can be used (expected PEM, -----BEGIN PRIVATE KEY-----)");
    }

    private static InputDecryptorProvider decryptor(Path key, char[] password) throws OperatorCreationException {
        if (password.length == 0) {
            throw new SessionException.Refused("the key " + key + " is encrypted: give its password");
        }
        // The ciphers that openssl uses for this have other names in the JDK.
        return new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(new BouncyCastleProvider()).build(password);
    }

    /// A key and its certificate from a PKCS #12 file. The first key in it counts.
    public static TlsKey pkcs12(Path file, char[] password) {
        try (var in = Files.newInputStream(limited(file))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            for (var alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey key && store.getCertificateChain(alias) != null) {
                    var chain = Arrays.stream(store.getCertificateChain(alias)).map(X509Certificate.class::cast).toList();
                    return matching(file, key, chain);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(file, "a PKCS #12 file with this password", e);
        }
        throw new SessionException.Refused(file + " has no private key");
    }

    /// A key of another certificate would only show as a failed handshake.
    private static TlsKey matching(Path file, PrivateKey key, List<X509Certificate> chain) {
        var whole = new Identity(key, chain.getFirst(), chain);
        var probe = new byte[] {1, 2, 3};
        try {
            var check = java.security.Signature.getInstance(Identity.algorithm(key.getAlgorithm()));
            check.initVerify(chain.getFirst().getPublicKey());
            check.update(probe);
            if (key.getAlgorithm().equals(chain.getFirst().getPublicKey().getAlgorithm()) && check.verify(whole.sign(probe))) {
                return new TlsKey(key, chain);
            }
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw new SessionException.Refused("the key in " + file + " cannot be used: " + e.getMessage());
        }
        throw new SessionException.Refused("the key in " + file + " is not the one of the certificate");
    }

    private static PEMParser open(Path file) throws IOException {
        Reader reader = Files.newBufferedReader(limited(file));
        return new PEMParser(reader);
    }

    private static Path limited(Path file) throws IOException {
        if (Files.size(file) > MOST_OCTETS) {
            throw new IOException("larger than " + MOST_OCTETS + " octets");
        }
        return file;
    }

    private static SessionException.Refused unreadable(Path file, String expected, Exception e) {
        var why = e instanceof java.nio.file.NoSuchFileException ? "there is no such file" : DiskWords.of(e);
        return new SessionException.Refused(file + " cannot be read as " + expected + ": " + why);
    }
}
