package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.machine.Signals;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an alias is written as, at the limits of each kind.
class AliasKindTest {
    @ParameterizedTest
    @CsvSource({"bob, bob", "1001, 1001", "h323:bob@192.0.2.7, bob", "H323:bob, bob", "bob@example.org, bob", "b@b@example.org, b@b",
        "party:e164Number.internationalNumber:4912345, 4912345", "192.0.2.7, ''", "192.0.2.7:1720, ''", "h323:192.0.2.7, ''", "192*0*2*7, ''",
        "[2001:db8::1]:1720, ''", "2001:db8::1, ''", "transport:192.0.2.1:1720, ''", "192.0.2, 192.0.2", "192*0#2*7, 192*0#2*7",
        "h323:@192.0.2.7, ''",
        "cafe, cafe", "a:b, a:b"})
    void aNameSaysWhoIsMeant(String alias, String user) {
        assertThat(AliasKind.user(alias)).isEqualTo(user);
    }

    static Stream<Arguments> names() {
        return Stream.of(Arguments.of("1001", "dialedDigits"), Arguments.of("1".repeat(128), "dialedDigits"),
                Arguments.of("1".repeat(129), "h323-ID"),
                Arguments.of("bob", "h323-ID"), Arguments.of("b".repeat(256), "h323-ID"),
                Arguments.of("h323:bob", "url-ID"), Arguments.of("h:" + "b".repeat(510), "url-ID"),
                Arguments.of("bob@example.com", "email-ID"), Arguments.of("@" + "b".repeat(511), "email-ID"), Arguments.of("\u007f@", "email-ID"),
                // What IA5 does not have.
                Arguments.of("é:x", "h323-ID"), Arguments.of("é@x", "h323-ID"), Arguments.of("\u0080@", "h323-ID"),
                Arguments.of("é:" + "b".repeat(254), "h323-ID"),
                Arguments.of("party:e164Number.internationalNumber:4912345", "partyNumber"),
                Arguments.of("party:e164Number.unknown:" + "1".repeat(128), "partyNumber"),
                Arguments.of("party:privateNumber.level2RegionalNumber:*12#", "partyNumber"),
                Arguments.of("party:dataPartyNumber:1", "partyNumber"), Arguments.of("party:telexPartyNumber:2", "partyNumber"),
                Arguments.of("party:nationalStandardPartyNumber:3", "partyNumber"),
                Arguments.of("isup:e164Number.routingNumberNationalFormat:12AB", "isupNumber"),
                Arguments.of("isup:privateNumber.localNumber:1", "isupNumber"), Arguments.of("isup:telexPartyNumber:1", "isupNumber"),
                Arguments.of("transport:192.0.2.1:1720", "transportID"),
                Arguments.of("transport:[2001:db8::1]:1720", "transportID"),
                Arguments.of("mobile:gsm-uim:imsi=262011234567890,tmsi=00ff,msisdn=491511234567", "mobileUIM"),
                Arguments.of("mobile:ansi-41-uim:min=5551234567,sid=1234,systemAccessType=0a", "mobileUIM"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameIsOfTheKindThatCanHoldIt(String name, String kind) {
        assertThat(AliasKind.of(name)).contains(kind);
        assertThat(Alias.of(name).kind()).isEqualTo(kind);
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL)).with("reason", Value.choice("callForwarded"))
                .with("alternativeAliasAddress", Signals.aliases(List.of(name)));
        var message = Value.struct().with("h323-uu-pdu", Value.struct().with("h323-message-body", Value.choice("facility", body))
                .with("h245Tunnelling", false));
        var read = Pdu.USER_INFORMATION.decode(Pdu.USER_INFORMATION.encode(message));
        assertThat(Signals.names(read.listAt("h323-uu-pdu/h323-message-body/facility/alternativeAliasAddress"))).containsExactly(name);
    }

    /// They have the form and nothing that can be written.
    @ParameterizedTest
    @ValueSource(strings = {"party:", "party:1", "party:e164Number:1", "party:e164Number.unknown:", "party:e164Number.far:1", "party:x:1",
        "party:e164Number.unknown:1A", "party:telexPartyNumber.unknown:1", "isup:e164Number.unknown:1#", "transport:bob", "transport:1.2.3.256:1",
        "transport:1.2.3.4:65536", "transport:[::1::2]:1", "transport:[1:2:3:4:5:6:7]:1", "transport:[1:2:3:4::5:6:7:8]:1",
        "transport:[1:2:3:4:5:6:7:8:9]:1", "mobile:gsm-uim:", "mobile:gsm-uim:imsi", "mobile:gsm-uim:imsi=1", "mobile:gsm-uim:tmsi=0",
        "mobile:gsm-uim:tmsi=0011223344", "mobile:gsm-uim:name=123", "mobile:ansi-41-uim:min=5551234567", "mobile:x:imsi=123"})
    void aFormThatHoldsNothingIsRefusedInWords(String name) {
        assertThat(AliasKind.of(name)).isEmpty();
        assertThatThrownBy(() -> Alias.of(name)).hasMessageContaining("'" + name + "' cannot be written");
    }

    @Test
    void aNumberOfMoreThan128DigitsIsNoPartyNumber() {
        assertThat(AliasKind.of("party:dataPartyNumber:" + "1".repeat(128))).isPresent();
        assertThat(AliasKind.of("party:dataPartyNumber:" + "1".repeat(129))).isEmpty();
    }

    @Test
    void theOrderOfFieldsIsThatOfTheRecommendation() {
        assertThat(Alias.of("mobile:gsm-uim:msisdn=491511234567,imsi=262011234567890"))
                .isEqualTo(Alias.of("mobile:gsm-uim:imsi=262011234567890,msisdn=491511234567"));
    }

    static Stream<String> tooLong() {
        return Stream.of("", "b".repeat(257), "1".repeat(257), "h:" + "b".repeat(511), "@" + "b".repeat(512), "é:" + "b".repeat(255));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void aNameThatNoKindCanHoldIsRefusedInWords(String name) {
        assertThat(AliasKind.of(name)).isEmpty();
        assertThatThrownBy(() -> Signals.alias(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name of " + name.length() + " characters");
        assertThatThrownBy(() -> Alias.of(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AliasKind.checked(List.of("bob", name))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAliasOfOneKindHasItsCharacters() {
        assertThat(new Alias("url-ID", "x:\u007f").text()).hasSize(3);
        assertThatThrownBy(() -> new Alias("url-ID", "x:\u0080")).hasMessageContaining("ASCII");
        assertThatThrownBy(() -> new Alias("email-ID", "é@x")).hasMessageContaining("ASCII");
    }
}
