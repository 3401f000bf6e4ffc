package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.OsDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
    @TempDir
    Path root;

    private Target target(String name) throws IOException {
        var target = new Target(new OsDisk(), root, 7, name);
        target.open(0);
        target.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        return target;
    }

    private Path place(Target target, Target.OnExists onExists, int mode) throws IOException {
        var disk = new OsDisk();
        var path = target.free(onExists);
        target.finish(1_000_000_000_123_456_700L, mode, disk.eachByItself());
        var placement = new Placement("x", Source.Kind.FILE, 3, 1_000_000_000_123_456_700L, mode, "", Optional.of(target.part()), path, "");
        placement.prepare(disk, root);
        Placement.of("x", placement.details()).settle(disk);
        return path;
    }

    @Test
    void theNameAppearsOnlyWhenTheFileIsComplete() throws IOException {
        var target = target("sub/file");
        assertThat(root.resolve("sub/file")).doesNotExist();

        assertThat(place(target, Target.OnExists.FAIL, 0600)).isEqualTo(root.resolve("sub/file"));

        assertThat(root.resolve("sub/file")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(Source.of(root.resolve("sub/file"), "x").modifiedNanos()).isEqualTo(1_000_000_000_123_456_700L);
        assertThat(Source.of(root.resolve("sub/file"), "x").mode()).isEqualTo(0600);
        assertThat(root.resolve(SafePath.STATE_AREA)).isEmptyDirectory();
    }

    @Test
    void aFileThatAppearedInTheMeantimeIsKeptReplacedOrLeftBeside() throws IOException {
        Files.writeString(root.resolve("file"), "older");

        var failing = target("file");
        assertThatThrownBy(() -> failing.free(Target.OnExists.FAIL)).isInstanceOf(SessionException.Refused.class);
        assertThat(root.resolve("file")).hasContent("older");
        assertThat(place(target("file"), Target.OnExists.RENAME, -1)).isEqualTo(root.resolve("file.1"));
        assertThat(place(target("file"), Target.OnExists.RENAME, -1)).isEqualTo(root.resolve("file.2"));
        assertThat(place(target("file"), Target.OnExists.REPLACE, -1)).isEqualTo(root.resolve("file"));
        assertThat(root.resolve("file")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void whatWasNotConfirmedIsCutOffAndAMissingConfirmedPartIsNoticed() throws IOException {
        target("file").close();

        var again = new Target(new OsDisk(), root, 7, "file");
        again.open(2);
        assertThat(again.part()).hasSize(2);
        again.close();
        assertThatThrownBy(() -> new Target(new OsDisk(), root, 7, "file").open(3)).isInstanceOf(SessionException.IntegrityFailure.class);
    }

    @Test
    void pagesOfZerosStayHolesAndTheLengthIsRight() throws IOException {
        var target = target("file");
        target.write(3, ByteBuffer.allocate(1 << 20));
        target.extend(3 + (1 << 20));
        target.write(3 + (1 << 20), ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1}));
        target.force();

        assertThat(target.part()).hasSize(12 + (1 << 20));
        assertThat(Files.readAllBytes(target.part())).startsWith(1, 2, 3, 0).endsWith(0, 1);
    }

    @Test
    void aDiscardedFileLeavesNothing() throws IOException {
        target("file").discard();

        assertThat(root.resolve(SafePath.STATE_AREA)).isEmptyDirectory();
    }
}
