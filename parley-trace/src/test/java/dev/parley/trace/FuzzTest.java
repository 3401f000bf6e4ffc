package dev.parley.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testkit.Fuzzing;
import dev.parley.trace.model.Message;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What hostile octets in a capture of H.323 do to the decoders: on the kept corpus and on mutations of it always, guided by coverage (Jazzer, in a
/// process of its own) in the slow profile.
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("trace.fuzz.seconds", 5);
    private static final Fuzzing H323 = new Fuzzing(H323Target.class, H323Target::fuzzerTestOneInput,
            Path.of("src", "test", "resources", "dev", "parley", "trace", "h323.corpus"), "dev.parley.**");

    /// Otherwise the fuzzer would not come far.
    @Test
    void theCorpusReachesEveryDecoder() throws IOException {
        assertThat(H323.inputs().stream().flatMap(input -> H323Target.trace(input).exchanges().stream()).flatMap(e -> e.messages().stream())
                .map(Message::symbol)).contains("Setup", "Connect", "ReleaseComplete", "TCS", "OLC", "MSDAck", "GRQ", "RRQ", "RTP", "RTCP");
    }

    @Test
    void theKeptCorpusAndItsMutationsFindNothing() throws IOException {
        H323.mutations(1_000);
    }

    /// `-Dtrace.fuzz.seconds=N` for longer. A finding is printed with its octets; add them to the corpus.
    @Test
    @Tag("slow")
    void coverageGuidedFuzzingFindsNothing(@TempDir Path folder) throws IOException, InterruptedException {
        H323.guided(folder, SECONDS);
    }
}
