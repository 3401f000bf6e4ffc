package dev.parley.h323.fuzz;

import dev.parley.h323.gatekeeper.RouterTarget;
import dev.parley.testkit.Fuzzing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What hostile octets of a peer do: on the kept corpus (captured calls, worked octets, earlier findings) and on mutations of it always, guided by
/// coverage (Jazzer, in a process of its own) in the slow profile.
class FuzzTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "dev", "parley", "h323", "fuzz");
    private static final int SECONDS = Integer.getInteger("h323.fuzz.seconds", 5);

    private enum Door {
        CALL(CallTarget.class, CallTarget::fuzzerTestOneInput),
        CONTROL(ControlTarget.class, ControlTarget::fuzzerTestOneInput),
        ROUTER(RouterTarget.class, RouterTarget::fuzzerTestOneInput),
        RAS(RasTarget.class, RasTarget::fuzzerTestOneInput),
        RTP(RtpTarget.class, RtpTarget::fuzzerTestOneInput);

        private final Fuzzing fuzzing;

        Door(Class<?> type, Consumer<byte[]> target) {
            fuzzing = new Fuzzing(type, target, CORPUS.resolve(name().toLowerCase(Locale.ROOT) + ".corpus"), "dev.parley.h323.**");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeptCorpusAndItsMutationsFindNothing(Door door) throws IOException {
        door.fuzzing.mutations(2_000);
    }

    /// `-Dh323.fuzz.seconds=N` for longer. A finding is printed with its octets; add them to the corpus.
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void coverageGuidedFuzzingFindsNothing(Door door, @TempDir Path folder) throws IOException, InterruptedException {
        door.fuzzing.guided(folder, SECONDS);
    }
}
