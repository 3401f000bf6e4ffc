package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a file of H.264 is offered as.
class H264FormatTest {
    private static H264Format of(String hex) throws IOException {
        return H264Format.of(new ByteArrayInputStream(HexFormat.of().parseHex(hex)), "film");
    }

    /// The profile bits and level numbers of H.241 are 64, 32, 16, 8 and its table 8.
    @ParameterizedTest
    @CsvSource({
        "42001f, 64, 71", "42c01e, 64, 64", "420029, 64, 92", "4d0028, 32, 85", "4d8028, 64, 85", "58001e, 16, 64", "58401e, 32, 64",
        "640028, 8, 85", "640033, 8, 113", "64401f, 32, 71", "42000a, 64, 15", "42000b, 64, 22", "42100b, 64, 19", "640009, 8, 19",
        "64100b, 8, 22", "42000c, 64, 29", "42000d, 64, 36", "420014, 64, 43", "420015, 64, 50", "420016, 64, 57", "420020, 64, 78",
        "42002a, 64, 99", "420032, 64, 106"})
    void theSequenceParameterSetSaysProfileAndLevel(String parameters, int profile, int level) throws IOException {
        assertThat(of("0000000167" + parameters + "e9")).isEqualTo(new H264Format(profile, level));
    }

    @Test
    void delimitersAndMessagesMayComeBeforeIt() throws IOException {
        assertThat(of("0000000109f0" + "000001060501" + "0000016764001fac" + "00000165b8")).isEqualTo(new H264Format(8, 71));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ffff", "000001", "0000016588", "00000168ce" + "0000016588" + "0000016742001f", "000001674200"})
    void aFileWithoutOneIsRefused(String octets) {
        assertThatThrownBy(() -> of(octets)).isInstanceOf(IOException.class).hasMessageStartingWith("film has no sequence parameter set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6e0028", "7a0028", "640034", "420012"})
    void whatH241CannotSayIsRefused(String parameters) {
        assertThatThrownBy(() -> of("00000167" + parameters)).isInstanceOf(IOException.class).hasMessageContaining("profile_idc");
    }
}
