package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    @TempDir
    Path folder;

    @Test
    void itIsMadeOnceAndOnlyTheOwnerReadsItsKey() throws Exception {
        var made = Identity.in(folder);
        var again = Identity.in(folder);

        assertThat(again.fingerprint()).isEqualTo(made.fingerprint()).matches("SHA256:[A-Za-z0-9+/]{43}");
        assertThat(Identity.in(folder.resolve("other")).fingerprint()).isNotEqualTo(made.fingerprint());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("identity.key")))).isEqualTo("rw-------");
        again.certificate().verify(made.certificate().getPublicKey());
    }

    @Test
    void whatItSignsIsVerifiedWithItsCertificate() throws Exception {
        var identity = Identity.in(folder);

        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(identity.certificate());
        signature.update(new byte[] {1, 2, 3});

        assertThat(signature.verify(identity.sign(new byte[] {1, 2, 3}))).isTrue();
    }

    /// A crash or a full disk at the first start: the certificate is what counts, and it was not there.
    @Test
    void whatAnInterruptedFirstStartLeftIsMadeAnew() throws Exception {
        Files.write(folder.resolve("identity.key"), new byte[] {1});
        Files.write(folder.resolve("identity.key.new"), new byte[] {2});
        Files.createFile(folder.resolve("identity.crt"));

        var made = Identity.in(folder);

        assertThat(Identity.in(folder).fingerprint()).isEqualTo(made.fingerprint());
    }

    @Test
    void severalThatStartAtOnceHaveOneIdentity() throws Exception {
        var fingerprints = java.util.concurrent.ConcurrentHashMap.<String>newKeySet();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofVirtual().start(() -> fingerprints.add(Identity.in(folder).fingerprint())));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(fingerprints).hasSize(1);
    }

    @Test
    void theKeyOfAnotherIdentityIsFound() throws Exception {
        Identity.in(folder);
        Identity.in(folder.resolve("other"));
        Files.copy(folder.resolve("other/identity.key"), folder.resolve("identity.key"), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> Identity.in(folder)).isInstanceOf(IllegalStateException.class).hasMessageContaining("is not the key of");
    }

    @Test
    void aDamagedKeyIsSaid() throws Exception {
        Identity.in(folder);
        Files.write(folder.resolve("identity.key"), new byte[] {1});

        assertThatThrownBy(() -> Identity.in(folder)).isInstanceOf(IllegalStateException.class).hasMessageContaining("damaged");
    }
}
