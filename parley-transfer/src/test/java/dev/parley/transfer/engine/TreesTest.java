package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders with all that is in them, over real sockets and on a real disk.
@Timeout(120)
class TreesTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(folder);
    }

    @AfterEach
    void close() throws IOException {
        served.close();
    }

    /// Names, kinds, contents, modes and times of all that is below.
    private static Map<String, String> tree(Path top) throws IOException {
        var found = new TreeMap<String, String>();
        try (var paths = Files.walk(top)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                if (path.equals(top) || path.endsWith(".parley")) {
                    continue;
                }
                var name = top.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    found.put(name, "-> " + Files.readSymbolicLink(path));
                } else {
                    var about = PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + " " + Files.getLastModifiedTime(path);
                    found.put(name, Files.isDirectory(path) ? "folder " + about : about + " " + Files.readString(path));
                }
            }
        }
        return found;
    }

    private Path sample() throws IOException {
        var top = Files.createDirectories(folder.resolve("here/tree"));
        Files.createDirectories(top.resolve("empty/deep"));
        Files.createDirectories(top.resolve("文件 קובץ"));
        for (var name : List.of("a", "b c", "文件 קובץ/ملف", "文件 קובץ/😀", "-rf", "new\nline", "b c.1")) {
            Files.writeString(top.resolve(name), "content of " + name);
        }
        Files.writeString(top.resolve("big"), "x".repeat(300_000));
        Files.createSymbolicLink(top.resolve("link"), Path.of("b c"));
        Files.createSymbolicLink(top.resolve("文件 קובץ/up"), Path.of("../empty"));
        Files.createSymbolicLink(top.resolve("dangling"), Path.of("nowhere"));
        Files.setPosixFilePermissions(top.resolve("a"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setPosixFilePermissions(top.resolve("big"), PosixFilePermissions.fromString("r--r--r--"));
        Files.setPosixFilePermissions(top.resolve("empty/deep"), PosixFilePermissions.fromString("r-xr-xr-x"));
        for (var each : List.of("a", "big", "empty/deep", "empty", "文件 קובץ")) {
            Files.setLastModifiedTime(top.resolve(each), FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
        }
        return top;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTreeArrivesWithEverythingThatItHas(boolean get) throws Exception {
        var top = sample();
        if (get) {
            Files.move(folder.resolve("here/tree"), folder.resolve("inbox/tree"));
            top = folder.resolve("inbox/tree");
        }

        var result = get ? served.get("tree", folder.resolve("here")) : served.send(top.toString());

        assertThat(result.failure()).as(result.words() + served.log).isEmpty();
        assertThat(tree(folder.resolve(get ? "here" : "inbox"))).isEqualTo(tree(java.util.Objects.requireNonNull(top.getParent())));
        assertThat(result.files()).isEqualTo(8);
        var again = get ? served.get("tree", folder.resolve("here")) : served.send(top.toString());
        assertThat(again.failure()).as("after the end it is a new transfer").contains(Failure.UNWANTED);
        assertThat(again.words()).contains("exists already");
    }

    @Test
    void withASlashTheContentArrivesAndNotTheFolder() throws Exception {
        var top = sample();

        var result = served.send(top + "/");

        assertThat(result.failure()).as(result.words()).isEmpty();
        assertThat(tree(folder.resolve("inbox"))).isEqualTo(tree(top));
    }

    @Test
    void bothSidesHaveAReceiptOfEachFileThatIsRight() throws Exception {
        var top = sample();

        served.send(top.toString());

        var names = new ArrayList<String>();
        for (var event : served.events) {
            var text = switch (event) {
                case TransferEvent.BatchDone b -> b.receipt();
                case TransferEvent.FileDone f -> f.receipt();
                default -> "";
            };
            if (!text.isEmpty()) {
                var receipt = Receipt.parse(text);
                assertThat(receipt.verifySignature()).isEqualTo(served.identity.fingerprint());
                for (var entry : receipt.entries()) {
                    names.add(entry.name());
                    assertThat(receipt.check(folder.resolve("inbox").resolve(entry.name())).root()).isEqualTo(entry.root());
                }
                assertThat(served.serverReceipts).anySatisfy(mine -> assertThat(mine).isEqualTo(text));
            }
        }
        assertThat(names).hasSize(8).contains("tree/big", "tree/文件 קובץ/😀");
    }

    @Test
    void existingFilesAreReplacedOrKeptBesideAsAsked() throws Exception {
        var top = sample();
        Files.createDirectories(folder.resolve("inbox/tree"));
        Files.writeString(folder.resolve("inbox/tree/a"), "older");
        Files.createSymbolicLink(folder.resolve("inbox/tree/link"), Path.of("elsewhere"));

        served.onExists = Target.OnExists.RENAME;
        assertThat(served.send(top.toString()).failure()).isEmpty();

        assertThat(folder.resolve("inbox/tree/a")).hasContent("older");
        assertThat(folder.resolve("inbox/tree/a.1")).hasContent("content of a");
        assertThat(Files.readSymbolicLink(folder.resolve("inbox/tree/link.1"))).isEqualTo(Path.of("b c"));

        served.onExists = Target.OnExists.REPLACE;
        assertThat(served.send(top.toString()).failure()).isEmpty();
        assertThat(folder.resolve("inbox/tree/a")).hasContent("content of a");
        assertThat(Files.readSymbolicLink(folder.resolve("inbox/tree/link"))).isEqualTo(Path.of("b c"));
    }

    @Test
    void whatCannotTravelIsLeftOutWithAWarning() throws Exception {
        var top = Files.createDirectories(folder.resolve("odd"));
        Files.writeString(top.resolve("file"), "x");
        Files.createSymbolicLink(top.resolve("absolute"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(top.resolve("out"), Path.of("../other"));
        Files.createSymbolicLink(top.resolve("inside"), Path.of("file"));
        Files.createSymbolicLink(top.resolve("loop"), Path.of("."));
        new ProcessBuilder("mkfifo", top.resolve("pipe").toString()).start().waitFor();
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/secret"), "s");
        Files.createDirectories(top.resolve(".parley"));
        Files.writeString(top.resolve(".parley/x.part"), "s");

        var warnings = new ArrayList<String>();
        var kept = new Sources(Sources.Links.KEEP, warnings::add).find(top.toString());
        assertThat(kept).extracting(Source::name).containsExactly("odd/file", "odd/inside", "odd/loop", "odd");
        assertThat(warnings).hasSize(3).anyMatch(w -> w.contains("pipe is a special file")).anyMatch(w -> w.contains("absolute"));

        warnings.clear();
        var followed = new Sources(Sources.Links.FOLLOW, warnings::add).find(top.toString());
        assertThat(followed).filteredOn(s -> s.kind() == Source.Kind.FILE).extracting(Source::name)
                .containsExactly("odd/absolute", "odd/file", "odd/inside", "odd/out/secret");
        assertThat(warnings).anyMatch(w -> w.contains("loop")).anyMatch(w -> w.contains("pipe"));

        warnings.clear();
        assertThat(new Sources(Sources.Links.SKIP, warnings::add).find(top.toString())).noneMatch(s -> s.kind() == Source.Kind.LINK);
        assertThat(warnings).hasSize(5);
    }

    @Test
    void severalSourcesTravelTogetherAndTwoOfOneNameAreRefused() throws Exception {
        var one = Files.writeString(folder.resolve("one"), "1");
        var two = Files.createDirectories(folder.resolve("two"));
        Files.writeString(two.resolve("one"), "2");

        var both = new Sources(Sources.Links.KEEP, _ -> {}).find(List.of(one.toString(), two.toString()));
        assertThat(both).extracting(Source::name).containsExactly("one", "two/one", "two");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> new Sources(Sources.Links.KEEP, _ -> {}).find(List.of(one.toString(), two + "/")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two of the sources are called one");
    }

    @Test
    void aServedLinkThatLeadsOutIsNotFollowedForAnybody() throws Exception {
        Files.writeString(folder.resolve("secret"), "s");
        Files.createSymbolicLink(folder.resolve("inbox/link"), folder.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("inbox/dir"), folder);

        for (var wanted : List.of("link", "dir/secret", "dir", "../secret", "/etc/passwd", "dir/")) {
            var result = served.get(wanted, folder.resolve("here"));
            assertThat(result.failure()).as(wanted).contains(Failure.REFUSED);
        }
        assertThat(served.get("", folder.resolve("here")).failure()).isEmpty();
        assertThat(Files.exists(folder.resolve("here/secret"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
}
