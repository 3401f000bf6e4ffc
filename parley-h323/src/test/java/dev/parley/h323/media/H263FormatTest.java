package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.wire.H263Sizes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a file of H.263 is offered as.
class H263FormatTest {
    private static H263Sizes of(String hex, double rate) throws IOException {
        return H263Format.of(new H263File.Source(new ByteArrayInputStream(HexFormat.of().parseHex(hex)), rate), "film").sizes();
    }

    /// Octets after the start code: TR and the first two bits of PTYPE, then the format from the fourth bit of the next octet on. 1f/1e with
    /// the extended type, whose UFEP of 001 tells the format.
    @ParameterizedTest
    @CsvSource({
        "0204ff, 1 0 0 0 0", "0208ff, 0 1 0 0 0", "020cff, 0 0 1 0 0", "0210ff, 0 0 0 1 0", "0214ff, 0 0 0 0 1",
        "021c90, 1 0 0 0 0", "021ca0, 0 1 0 0 0", "021cb0, 0 0 1 0 0", "021cc0, 0 0 0 1 0", "021cd0, 0 0 0 0 1",
        "020cff 000081 0208ff, 0 1 1 0 0", "021cb0 000083 021c00, 0 0 1 0 0"})
    void thePicturesSayTheirSizes(String pictures, String sizes) throws IOException {
        var expected = H263Sizes.NONE;
        for (int i = 0; i < 5; i++) {
            expected = expected.with(i + 1, sizes.charAt(2 * i) - '0');
        }
        assertThat(of("000080" + pictures.replace(" ", ""), 25)).isEqualTo(expected);
    }

    /// The largest interval that is not longer than the time from picture to picture.
    @ParameterizedTest
    @CsvSource({"60, 1", "29.97, 1", "25, 1", "15, 1", "14.98, 2", "10, 2", "9.99, 3", "1, 29", "0.9, 32"})
    void theRateSaysTheInterval(double rate, int interval) throws IOException {
        assertThat(of("000080020cff", rate)).isEqualTo(H263Sizes.NONE.with(3, interval));
    }

    /// A custom format, a reserved one, an unknown UFEP, a picture that ends too early.
    @ParameterizedTest
    @ValueSource(strings = {"0218ff", "0200ff", "021ce0", "021cf0", "021c80", "021d30", "020c", "020cff0000800208"})
    void aSizeThatHasNoNameIsRefused(String picture) {
        assertThatThrownBy(() -> of("000080" + picture, 25)).isInstanceOf(IOException.class).hasMessageStartingWith("film has pictures of a size");
    }

    @Test
    void aFileWithoutPicturesIsRefused() {
        assertThatThrownBy(() -> of("00000001674200", 25)).isInstanceOf(IOException.class).hasMessageStartingWith("film has no picture of H.263");
        assertThatThrownBy(() -> of("000080021c00", 25)).isInstanceOf(IOException.class).hasMessageStartingWith("film has no picture of H.263");
    }
}
