package dev.parley.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.term.CommandFailed;
import dev.parley.transfer.file.Target.OnExists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    @TempDir
    Path folder;

    private Path arrived(String target) throws IOException {
        var staging = Destination.of(folder + "/" + target).folder();
        Files.createDirectories(staging.resolve(".parley"));
        return Files.writeString(staging.resolve("theirs"), "content");
    }

    @Test
    void aFolderThatIsThereOrASlashKeepsTheName() throws IOException {
        assertThat(Destination.of(folder.toString())).isEqualTo(new Destination(folder.toRealPath(), java.util.Optional.empty()));
        assertThat(Destination.of(folder + "/made/").name()).isEmpty();
        assertThat(folder.resolve("made")).isDirectory();
        assertThat(Destination.of(folder + "/new").name()).contains(folder.toRealPath().resolve("new"));
        assertThatThrownBy(() -> Destination.of(folder + "/none/new")).isInstanceOf(CommandFailed.class).hasMessageContaining("no folder");
    }

    @Test
    void whatAnEarlierRunFetchedOnlyNeedsItsName() throws IOException {
        arrived("new");
        var destination = Destination.of(folder + "/new");

        assertThat(destination.prepare(OnExists.FAIL, true)).as("a transfer is under way").isFalse();
        assertThat(destination.prepare(OnExists.FAIL, false)).isTrue();
        destination.settle(OnExists.FAIL);

        assertThat(folder.resolve("new")).hasContent("content");
        assertThat(destination.folder()).doesNotExist();
    }

    @Test
    void whatCameMeanwhileIsNotOverwritten() throws IOException {
        var come = arrived("new");
        var destination = Destination.of(folder + "/new");
        Files.writeString(folder.resolve("new"), "mine");

        assertThatThrownBy(() -> destination.settle(OnExists.FAIL)).isInstanceOf(CommandFailed.class).hasMessageContaining("exists already");

        assertThat(folder.resolve("new")).hasContent("mine");
        assertThat(come).as("kept for the next run").exists();
        destination.settle(OnExists.RENAME);
        assertThat(folder.resolve("new.1")).hasContent("content");
    }

    @Test
    void aCancelledOneLeavesNothing() throws IOException {
        arrived("new");

        Destination.discard(folder + "/new", 7);

        assertThat(folder.resolve(".parley")).isEmptyDirectory();
    }
}
