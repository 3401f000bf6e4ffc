package dev.parley.netbios.fuzz;

import dev.parley.netbios.session.SessionsTarget;
import dev.parley.testkit.Fuzzing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What hostile octets to the three ports do: on the kept corpus and on mutations of it always, guided by coverage (Jazzer, in a process of its
/// own) in the slow profile.
class FuzzTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "dev", "parley", "netbios", "fuzz");
    private static final int SECONDS = Integer.getInteger("netbios.fuzz.seconds", 5);

    private enum Port {
        NAMES(NamesTarget.class, NamesTarget::fuzzerTestOneInput),
        DATAGRAMS(DatagramsTarget.class, DatagramsTarget::fuzzerTestOneInput),
        SESSIONS(SessionsTarget.class, SessionsTarget::fuzzerTestOneInput);

        private final Fuzzing fuzzing;

        Port(Class<?> type, Consumer<byte[]> target) {
            fuzzing = new Fuzzing(type, target, CORPUS.resolve(name().toLowerCase(Locale.ROOT) + ".corpus"), "dev.parley.netbios.**");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeptCorpusAndItsMutationsFindNothing(Port port) throws IOException {
        port.fuzzing.mutations(3_000);
    }

    /// `-Dnetbios.fuzz.seconds=N` for longer. A finding is printed with its octets; add them to the corpus.
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void coverageGuidedFuzzingFindsNothing(Port port, @TempDir Path folder) throws IOException, InterruptedException {
        port.fuzzing.guided(folder, SECONDS);
    }
}
