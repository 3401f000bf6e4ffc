package dev.parley.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A folder and commands that run in it, for the tests of them; what still runs at the end of a test is ended.
abstract class WithParleys {
    @TempDir
    Path folder;

    Parleys parleys;

    @BeforeEach
    void open() throws IOException {
        parleys = new Parleys(folder);
    }

    @AfterEach
    void close() {
        parleys.close();
    }
}
