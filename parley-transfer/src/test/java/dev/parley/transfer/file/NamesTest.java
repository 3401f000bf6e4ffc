package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.runtime.disk.OsDisk;
import dev.parley.transfer.file.Target.OnExists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets a name, on a real disk.
class NamesTest {
    @TempDir
    Path root;

    private Names names;

    @BeforeEach
    void prepare() throws IOException {
        names = new Names(new OsDisk(), root);
        Files.createDirectories(names.area());
    }

    /// Something complete that waits for its place.
    private Placement complete(String name, String content) throws IOException {
        var part = Files.createTempFile(names.area(), "7-", ".part");
        Files.writeString(part, content);
        return new Placement(
                name, Source.Kind.FILE, new Version(content.length(), 1, content), -1, "", part.getFileName().toString(),
                new OsDisk().entry(part).orElseThrow().stamp(), Placement.Place.NONE, "");
    }

    private List<Placement> choose(Names of, OnExists onExists, Placement... complete) throws IOException {
        return of.choose(List.of(complete), onExists, _ -> Optional.empty());
    }

    @Test
    void aPlaceIsReservedFromItsChoiceToItsRelease() throws IOException {
        var one = complete("sub/x", "one");
        var other = names.below(root.resolve("sub"));

        var chosen = choose(names, OnExists.RENAME, one, complete("sub/x", "two"));

        assertThat(chosen).extracting(each -> each.place().name()).containsExactly("sub/x", "sub/x.1");
        assertThatThrownBy(() -> choose(other, OnExists.FAIL, complete("x", "three"))).isInstanceOf(SessionException.Refused.class)
                .hasMessageContaining("exists already");
        assertThat(choose(other, OnExists.RENAME, complete("x", "three")).getFirst().place().name()).isEqualTo("x.2");
        names.release(chosen);
        assertThat(choose(other, OnExists.FAIL, complete("x", "three")).getFirst().place().name()).isEqualTo("x");
    }

    @Test
    void aRefusalReservesNothing() throws IOException {
        Files.writeString(root.resolve("taken"), "older");

        assertThatThrownBy(() -> choose(names, OnExists.FAIL, complete("free", "one"), complete("taken", "two")))
                .isInstanceOf(SessionException.Refused.class);

        assertThat(choose(names, OnExists.FAIL, complete("free", "one")).getFirst().place().name()).isEqualTo("free");
    }

    @Test
    void whatAnotherProgramPutThereMeanwhileStays() throws IOException {
        var chosen = choose(names, OnExists.FAIL, complete("x", "one"), complete("y", "two"));
        Files.writeString(root.resolve("x"), "of the operator");

        assertThat(names.settle(chosen)).containsExactly(chosen.getFirst());
        assertThat(root.resolve("x")).hasContent("of the operator");
        assertThat(root.resolve("y")).hasContent("two");
        assertThat(names.settle(chosen)).as("once more").containsExactly(chosen.getFirst());
        Files.delete(root.resolve("x"));
        assertThat(names.settle(chosen)).isEmpty();
        assertThat(root.resolve("x")).hasContent("one");
    }

    @Test
    void anEarlierVersionIsReplacedAsLongAsItIsTheOneThatWasPutThere() throws IOException {
        var first = choose(names, OnExists.FAIL, complete("x", "first"));
        names.settle(first);
        names.release(first);
        var second = names.choose(List.of(complete("x", "second")), OnExists.FAIL, _ -> Optional.of(first.getFirst()));
        assertThat(names.settle(second)).isEmpty();
        assertThat(root.resolve("x")).hasContent("second");

        var third = names.choose(List.of(complete("x", "third")), OnExists.FAIL, _ -> Optional.of(second.getFirst()));
        Files.writeString(root.resolve("x"), "of the operator");
        assertThat(names.settle(third)).isEqualTo(third);
        assertThat(root.resolve("x")).hasContent("of the operator");
        assertThat(names.settle(choose(names, OnExists.REPLACE, complete("x", "fourth")))).isEmpty();
        assertThat(root.resolve("x")).hasContent("fourth");
    }

    @Test
    void manyThatWantOneNameAtOnceGetOneEach() throws Exception {
        int threads = 8;
        int each = 40;
        try (var workers = Executors.newFixedThreadPool(threads)) {
            var jobs = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < threads; i++) {
                int mine = i;
                jobs.add(() -> {
                    for (int k = 0; k < each; k++) {
                        var chosen = choose(names, OnExists.RENAME, complete("x", mine + "." + k));
                        assertThat(names.settle(chosen)).isEmpty();
                        names.release(chosen);
                    }
                    return true;
                });
            }
            for (var done : workers.invokeAll(jobs)) {
                assertThat(done.get()).isTrue();
            }
        }
        var contents = new HashSet<String>();
        try (var files = Files.newDirectoryStream(root, "x*")) {
            for (var file : files) {
                contents.add(Files.readString(file));
            }
        }
        assertThat(contents).hasSize(threads * each);
    }
}
