package dev.parley.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.runtime.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private static final Path ROOT = Path.of("/root");
    private static final Path FILE = ROOT.resolve("file");

    private final SimWorld world = new SimWorld(1);
    private SimDisk sim = new SimDisk(new Random(1), ROOT);
    private Disk disk = sim.seenBy(world.process("p"));

    @Test
    void whatIsForcedSurvivesAPowerFailure() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            fresh(seed);
            write("hello", true);
            disk.forceDirectory(ROOT);

            sim.crash();

            assertThat(sim.content(FILE)).hasValueSatisfying(c -> assertThat(c).asString().isEqualTo("hello"));
        }
    }

    @Test
    void whatIsNotForcedIsThereOrPartlyThereOrGone() throws IOException {
        var seen = new HashSet<String>();
        for (int seed = 0; seed < 200; seed++) {
            fresh(seed);
            write("hello", false);
            disk.forceDirectory(ROOT);

            sim.crash();

            seen.add(new String(sim.content(FILE).orElseThrow(), java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(seen).contains("", "hel", "hello").hasSize(6);
    }

    @Test
    void aNameThatIsNotForcedMayBeGone() throws IOException {
        var seen = new HashSet<Set<Path>>();
        for (int seed = 0; seed < 50; seed++) {
            fresh(seed);
            write("hello", true);
            disk.forceDirectory(ROOT);
            disk.move(FILE, ROOT.resolve("other"));

            sim.crash();

            seen.add(sim.files());
        }
        assertThat(seen).containsExactlyInAnyOrder(Set.of(FILE), Set.of(ROOT.resolve("other")));
    }

    @Test
    void aFolderWhoseNameIsNotForcedTakesItsFilesWithIt() throws IOException {
        var seen = new HashSet<Set<Path>>();
        var folder = ROOT.resolve("folder");
        var inner = folder.resolve("file");
        for (int seed = 0; seed < 50; seed++) {
            fresh(seed);
            disk.createDirectories(folder);
            disk.openForWrite(inner).force();
            disk.forceDirectory(folder);

            sim.crash();

            seen.add(sim.files());
        }
        assertThat(seen).containsExactlyInAnyOrder(Set.of(), Set.of(inner));
    }

    @Test
    void namesAndModesAreThoseOfARealDisk() throws IOException {
        write("hello", true);
        disk.createDirectories(ROOT.resolve("folder"));
        disk.createLink(ROOT.resolve("link"), "file");

        for (var taken : new String[] {"folder", "link"}) {
            assertThatThrownBy(() -> disk.moveNew(FILE, ROOT.resolve(taken))).isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
        }
        assertThatThrownBy(() -> disk.move(FILE, ROOT.resolve("folder"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.createDirectories(ROOT.resolve("link/x"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.openForWrite(ROOT.resolve("link"))).isInstanceOf(IOException.class);
        disk.setAttributes(FILE, 1, 0444);
        assertThatThrownBy(() -> disk.openForWrite(FILE)).isInstanceOf(java.nio.file.AccessDeniedException.class);
        var before = disk.entry(FILE);
        disk.moveNew(FILE, ROOT.resolve("new"));
        assertThat(disk.entry(ROOT.resolve("new"))).isEqualTo(before).isPresent();
        write("hello", true);
        assertThat(disk.entry(FILE)).isNotEqualTo(before).isPresent();
    }

    @Test
    void aFailedForceLosesTheDataForGood() throws IOException {
        var handle = disk.openForWrite(FILE);
        disk.forceDirectory(ROOT);
        handle.write(0, bytes("hello"));
        sim.failAt(1, "EIO");

        assertThatThrownBy(handle::force).isInstanceOf(IOException.class);
        handle.force();
        assertThat(sim.content(FILE).orElseThrow()).hasSize(5);
        sim.crash();

        assertThat(sim.content(FILE).orElseThrow()).isEmpty();
    }

    @Test
    void aFullDiskFailsOnlyWhereSomethingIsStored() throws IOException {
        write("hello", true);
        sim.failAt(1, "ENOSPC");

        assertThat(disk.fileSize(FILE)).isEqualTo(5);
        assertThat(disk.openForRead(FILE).read(0, ByteBuffer.allocate(5))).isEqualTo(5);
        assertThatThrownBy(() -> write("again", true)).hasMessageContaining("No space");
        assertThat(sim.hasFailed()).isTrue();
        assertThat(disk.entry(FILE)).isPresent();
    }

    private void fresh(int seed) {
        sim = new SimDisk(new Random(seed * 0x9E37_79B9_7F4A_7C15L), ROOT);
        disk = sim.seenBy(world.process("p"));
    }

    private void write(String text, boolean force) throws IOException {
        try (var handle = disk.openForWrite(FILE)) {
            handle.write(0, bytes(text));
            if (force) {
                handle.force();
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
