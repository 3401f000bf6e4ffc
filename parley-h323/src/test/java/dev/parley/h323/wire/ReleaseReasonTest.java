package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Type;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReleaseReasonTest {
    @Test
    void everyReasonOfTheModuleHasWordsOfItsOwn() {
        var choice = (Type.Choice) Pdu.Modules.H225.type("ReleaseCompleteReason").target();
        var names = Stream.concat(choice.root().stream(), choice.additions().stream()).map(Type.Field::name).toList();

        assertThat(names).hasSize(25).allSatisfy(name -> assertThat(ReleaseReason.words(name)).contains(" "));
        assertThat(names.stream().map(ReleaseReason::words)).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoNameOfTheModuleStaysAsItIs() {
        assertThat(ReleaseReason.words("the gatekeeper ends the call")).isEqualTo("the gatekeeper ends the call");
    }
}
