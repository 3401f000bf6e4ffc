package dev.parley.osi.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.Request;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormsTest {
    static List<String> forms() {
        return Forms.ALL;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void eachExampleIsTakenAndSaidInTheSameWords(String form) {
        var request = RequestWords.of(Script.primitive(form));

        assertThat(RequestNames.of(request).name()).isEqualTo(Script.primitive(form).name());
    }

    @Test
    void thereIsOneForEachRequest() {
        var shown = Forms.ALL.stream().map(form -> RequestWords.of(Script.primitive(form)).getClass()).collect(Collectors.toSet());

        assertThat(shown).isEqualTo(Arrays.stream(Request.class.getPermittedSubclasses()).collect(Collectors.toSet()));
    }
}
