package dev.parley.session.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Signature;
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

    @Test
    void aDamagedKeyIsSaid() throws Exception {
        Identity.in(folder);
        Files.write(folder.resolve("identity.key"), new byte[] {1});

        assertThatThrownBy(() -> Identity.in(folder)).isInstanceOf(IllegalStateException.class).hasMessageContaining("damaged");
    }
}
