package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/// Whom a command calls.
class CallTargetTest {
    private final CallTarget.Converter converter = new CallTarget.Converter();

    @Test
    void aNameAsLongAsH225HasRoomForIsTaken() {
        assertThat(converter.convert("h323:" + "é".repeat(256) + "@127.0.0.1").host()).isEqualTo("127.0.0.1");
    }

    @Test
    void aLongerOneIsAMistakeOfTheUserAndNotOfTheProgram() {
        assertThatThrownBy(() -> converter.convert("h323:" + "é".repeat(257) + "@127.0.0.1"))
                .isInstanceOf(TypeConversionException.class).hasMessageStartingWith("a name of 257 characters; it may have 1..256");
    }
}
