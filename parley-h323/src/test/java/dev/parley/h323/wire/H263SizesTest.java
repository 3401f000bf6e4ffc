package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The sizes of H.263 pictures that a side takes and a film has.
class H263SizesTest {
    private static H263Sizes sizes(String intervals) {
        var five = intervals.split(" ");
        var sizes = H263Sizes.NONE;
        for (int i = 0; i < five.length; i++) {
            sizes = sizes.with(i + 1, Integer.parseInt(five[i]));
        }
        return sizes;
    }

    /// Decoder, stream, whether it takes that, and what of the stream it takes.
    @ParameterizedTest
    @CsvSource({
        "0 1 1 0 0, 0 0 1 0 0, true, 0 0 1 0 0",
        "0 1 1 0 0, 0 1 1 0 0, true, 0 1 1 0 0",
        "0 1 1 0 0, 0 0 0 1 0, false, 0 0 0 0 0",
        "0 1 1 0 0, 0 1 1 1 0, false, 0 1 1 0 0",
        "0 1 2 0 0, 0 0 1 0 0, false, 0 0 2 0 0",
        "0 1 2 0 0, 0 0 2 0 0, true, 0 0 2 0 0",
        "0 1 2 0 0, 0 0 3 0 0, true, 0 0 3 0 0",
        "0 0 0 0 2, 2 2 0 0 0, true, 2 2 0 0 0",
        "0 0 0 0 2, 0 1 0 0 0, false, 0 2 0 0 0",
        "0 0 0 0 1, 0 0 0 1 0, false, 0 0 0 0 0",
        "0 0 0 0 0, 1 0 0 0 0, false, 0 0 0 0 0"})
    void aDecoderTakesItsSizesAndTheTwoSmallestThatAllHave(String decoder, String stream, boolean holds, String common) {
        assertThat(Capability.h263(sizes(decoder), 1).holds(Capability.h263(sizes(stream), 1))).isEqualTo(holds);
        var within = Capability.h263(sizes(stream), 1).within(Capability.h263(sizes(decoder), 1)).map(Capability::h263Sizes);
        assertThat(within.orElse(H263Sizes.NONE)).isEqualTo(sizes(common));
    }

    @ParameterizedTest
    @CsvSource({"1 2 3 31 32", "0 1 1 0 0", "32 0 0 0 0", "1 1 1 1 1"})
    void theyTravelInTheCapability(String intervals) {
        var capability = Capability.h263(sizes(intervals), 5000);

        assertThat(Capability.of(capability.toValue())).hasValue(capability);
    }

    @Test
    void intervalsAreWithinTheirBounds() {
        assertThatThrownBy(() -> H263Sizes.NONE.with(1, 33)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> H263Sizes.NONE.with(5, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(H263Sizes.NONE.with(3, 32).words()).isEqualTo("CIF up to 0.937/s");
        assertThat(H263Sizes.NONE.words()).isEqualTo("no size");
    }
}
