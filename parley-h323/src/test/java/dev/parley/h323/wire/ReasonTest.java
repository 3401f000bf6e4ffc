package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Type;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonTest {
    @ParameterizedTest
    @CsvSource({"ReleaseCompleteReason, 25", "FacilityReason, 11", "GatekeeperRejectReason, 8", "RegistrationRejectReason, 19",
        "UnregRequestReason, 7", "UnregRejectReason, 6", "AdmissionRejectReason, 23", "BandRejectReason, 8", "LocationRejectReason, 16",
        "DisengageReason, 3", "DisengageRejectReason, 4", "InfoRequestNakReason, 4"})
    void everyReasonOfTheModuleHasWordsOfItsOwn(String type, int count) {
        var choice = (Type.Choice) Pdu.Modules.H225.type(type).target();
        var names = Stream.concat(choice.root().stream(), choice.additions().stream()).map(Type.Field::name).toList();

        assertThat(names).hasSize(count).allSatisfy(name -> assertThat(Reason.words(name)).isNotEqualTo(name).contains(" "));
        assertThat(names.stream().map(Reason::words)).doesNotHaveDuplicates();
    }

    @Test
    void whatFollowsANameStays() {
        assertThat(Reason.words("securityDenial: no token")).isEqualTo("the proof of who asks is missing or wrong: no token");
    }

    @Test
    void whatIsNoNameOfTheModuleStaysAsItIs() {
        assertThat(Reason.words("the gatekeeper ends the call")).isEqualTo("the gatekeeper ends the call");
        assertThat(Reason.words("so: forcedDrop")).isEqualTo("so: forcedDrop");
    }
}
