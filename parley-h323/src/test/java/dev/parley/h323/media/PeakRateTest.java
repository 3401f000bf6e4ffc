package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.rtp.VideoFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeakRateTest {
    /// Pictures of so many octets, two a second.
    @ParameterizedTest
    @CsvSource({"'', 1", "'1', 1", "'25', 2", "'26', 3", "'100 100 100', 16", "'100 300 200 0 250', 40", "'0 0 1 0', 1"})
    void theFullestSecondCounts(String sizes, int hundreds) throws IOException {
        var left = new ArrayDeque<>(sizes.isEmpty() ? List.<Integer>of() : Arrays.stream(sizes.split(" ")).map(Integer::valueOf).toList());
        var closed = new boolean[1];

        assertThat(PeakRate.of(new VideoSource() {
            @Override
            public Optional<VideoFrame> next() {
                return Optional.ofNullable(left.poll()).map(size -> new VideoFrame(List.of(ByteBuffer.allocate(size))));
            }

            @Override
            public double rate() {
                return 2;
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        })).isEqualTo(hundreds);
        assertThat(closed[0]).isTrue();
    }
}
