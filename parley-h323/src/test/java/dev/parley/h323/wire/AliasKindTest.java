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
import org.junit.jupiter.params.provider.MethodSource;

/// What an alias is written as, at the limits of each kind.
class AliasKindTest {
    static Stream<Arguments> names() {
        return Stream.of(Arguments.of("1001", "dialedDigits"), Arguments.of("1".repeat(128), "dialedDigits"),
                Arguments.of("1".repeat(129), "h323-ID"),
                Arguments.of("bob", "h323-ID"), Arguments.of("b".repeat(256), "h323-ID"),
                Arguments.of("h323:bob", "url-ID"), Arguments.of("h:" + "b".repeat(510), "url-ID"),
                Arguments.of("bob@example.com", "email-ID"), Arguments.of("@" + "b".repeat(511), "email-ID"), Arguments.of("\u007f@", "email-ID"),
                // What IA5 does not have.
                Arguments.of("é:x", "h323-ID"), Arguments.of("é@x", "h323-ID"), Arguments.of("\u0080@", "h323-ID"),
                Arguments.of("é:" + "b".repeat(254), "h323-ID"));
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
