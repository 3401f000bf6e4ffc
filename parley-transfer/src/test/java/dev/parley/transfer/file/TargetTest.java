package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.OsDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
    @TempDir
    Path root;

    private Names names() {
        return new Names(new OsDisk(), root);
    }

    private Target target() throws IOException {
        var target = new Target(names(), "7-x.part");
        target.open(0);
        target.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        return target;
    }

    private Path part() {
        return root.resolve(SafePath.STATE_AREA).resolve("7-x.part");
    }

    @Test
    void aCompleteFileHasItsTimeAndModeAndAStampThatARenameDoesNotChange() throws IOException {
        var target = target();

        var stamp = target.finish(1_000_000_000_123_456_700L, 0640, new OsDisk().eachByItself());

        assertThat(part()).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(Source.of(part(), "x").modifiedNanos()).isEqualTo(1_000_000_000_123_456_700L);
        assertThat(Source.of(part(), "x").mode()).isEqualTo(0640);
        Files.move(part(), root.resolve("x"));
        assertThat(new OsDisk().entry(root.resolve("x")).orElseThrow().stamp()).isEqualTo(stamp);
    }

    @Test
    void eachVersionHasATemporaryNameOfItsOwn() {
        var version = new Version(3, 4, "5");
        var names = java.util.stream.Stream.of(version, new Version(2, 4, "5"), new Version(3, 3, "5"), new Version(3, 4, "6"))
                .map(v -> Target.part(7, "x", Source.Kind.FILE, v)).distinct();

        assertThat(names).hasSize(4).contains(Target.part(7, "x", Source.Kind.FILE, version)).allMatch(name -> name.matches("7-[0-9a-f]{24}[.]part"));
        assertThat(Target.part(7, "x", Source.Kind.LINK, version)).isNotEqualTo(Target.part(7, "x", Source.Kind.FILE, version));
        assertThat(Target.part(7, "x", Source.Kind.STREAM, new Version(-1, 1, ""))).as("a stream has no version")
                .isEqualTo(Target.part(7, "x", Source.Kind.STREAM, new Version(-1, 2, "")));
    }

    @Test
    void whatWasNotConfirmedIsCutOffAndAMissingConfirmedPartIsNoticed() throws IOException {
        target().close();

        var again = new Target(names(), "7-x.part");
        again.open(2);
        assertThat(part()).hasSize(2);
        again.close();
        assertThatThrownBy(() -> new Target(names(), "7-x.part").open(3)).isInstanceOf(SessionException.IntegrityFailure.class);
    }

    @Test
    void pagesOfZerosStayHolesAndTheLengthIsRight() throws IOException {
        var target = target();
        target.write(3, ByteBuffer.allocate(1 << 20));
        target.extend(3 + (1 << 20));
        target.write(3 + (1 << 20), ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 1}));
        target.force();

        assertThat(part()).hasSize(12 + (1 << 20));
        assertThat(Files.readAllBytes(part())).startsWith(1, 2, 3, 0).endsWith(0, 1);
    }

    @Test
    void aDiscardedFileLeavesNothing() throws IOException {
        target().discard();

        assertThat(root.resolve(SafePath.STATE_AREA)).isEmptyDirectory();
    }
}
