package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// Whom a command calls.
class CallTargetTest {
    private final CallTarget.Converter converter = new CallTarget.Converter();

    /// Empty: for whoever answers, or wherever the gatekeeper says.
    private CallTarget.Destination destination(String aliases, String address) {
        int colon = address.lastIndexOf(':');
        return new CallTarget.Destination(Arrays.stream(aliases.split(" ")).filter(a -> !a.isEmpty()).toList(), address.isEmpty() ? Optional.empty()
                : Optional.of(new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, '', 192.0.2.7:1720",
        "192.0.2.7:1721, '', 192.0.2.7:1721",
        "[2001:db8::7], '', 2001:db8:0:0:0:0:0:7:1720",
        "bob@192.0.2.7, bob, 192.0.2.7:1720",
        "h323:bob@192.0.2.7:1721, bob, 192.0.2.7:1721",
        "bob@[2001:db8::7]:1721, bob, 2001:db8:0:0:0:0:0:7:1721",
        "tel:+4912345@192.0.2.7, tel:+4912345, 192.0.2.7:1720",
        "localhost:1721, '', 127.0.0.1:1721",
        "h323:bob@localhost, bob, 127.0.0.1:1720",
    })
    void whatSaysWhereToCallGoesThereWithAGatekeeperAndWithout(String text, String aliases, String address) {
        for (boolean gatekeeper : List.of(false, true)) {
            assertThat(converter.convert(text).destination(gatekeeper, ExitCode.LOST)).isEqualTo(destination(aliases, address));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bob, bob", "h323:bob, bob", "1002, 1002", "bob.example.org, bob.example.org",
        "bob@example.invalid, bob@example.invalid",
        "sip:bob@example.invalid, sip:bob@example.invalid",
        "tel:+4912345, tel:+4912345",
        "tel:12345, tel:12345",
        "http:bob, http:bob",
        "party:e164Number.internationalNumber:4912345, party:e164Number.internationalNumber:4912345",
        "isup:telexPartyNumber:12, isup:telexPartyNumber:12",
        "transport:192.0.2.7:1720, transport:192.0.2.7:1720",
    })
    void aNameIsWhatAGatekeeperIsAskedFor(String text, String alias) {
        assertThat(converter.convert(text).destination(true, ExitCode.LOST)).isEqualTo(destination(alias, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "bob@localhost, localhost, bob@localhost bob", "bob@LOCALHOST, localhost, bob@LOCALHOST bob",
        "bob@localhost, 127.0.0.1, bob@localhost bob", "bob@localhost, 127.0.0.2, bob@localhost",
        "bob@example.invalid, localhost, bob@example.invalid",
        "localhost, localhost, localhost", "bob, localhost, bob",
    })
    void atTheGatekeepersOwnHostTheUserIsANameToo(String text, String gatekeeper, String aliases) {
        assertThat(converter.convert(text).destinationAt(gatekeeper, ExitCode.LOST)).isEqualTo(destination(aliases, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tel:+4912345", "tel:12345", "party:e164Number.internationalNumber:4912345"})
    void whatOnlyAGatekeeperCanFindIsAMistakeWithoutOne(String text) {
        assertThatThrownBy(() -> converter.convert(text).destination(false, ExitCode.LOST)).isInstanceOfSatisfying(CommandFailed.class, e -> {
            assertThat(e.code()).isEqualTo(ExitCode.USAGE);
            assertThat(e.message()).contains("only a gatekeeper can find " + text);
        });
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, false", "bob@nobody.invalid, false", "bob@nobody.invalid:1720, true", "h323:bob@nobody.invalid, true"})
    void aHostThatNobodyKnowsIsSaid(String text, boolean gatekeeper) {
        assertThatThrownBy(() -> converter.convert(text).destination(gatekeeper, ExitCode.LOST)).isInstanceOfSatisfying(CommandFailed.class, e -> {
            assertThat(e.code()).isEqualTo(ExitCode.LOST);
            assertThat(e.message()).contains("nobody.invalid is unknown");
        });
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, false, true", "h323:nobody.invalid, false, true", "nobody.invalid:1720, false, false",
        "bob@nobody.invalid, false, false", "nobody.invalid:1720, true, false"})
    void whatMayBeANameHasTheHintThatAGatekeeperFindsIt(String text, boolean gatekeeper, boolean hint) {
        assertThatThrownBy(() -> converter.convert(text).destination(gatekeeper, ExitCode.LOST)).isInstanceOfSatisfying(CommandFailed.class,
                e -> assertThat(e.message()).isEqualTo("the host nobody.invalid is unknown" + (hint
                        ? "; who is called by a name alone is found by a gatekeeper: give --gatekeeper HOST, or nobody.invalid@HOST" : "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h323:", "bob@", "h323:bob@", "sip:bob@", "@127.0.0.1", "h323:@127.0.0.1"})
    void nobodyAndNowhereAreNotCalled(String text) {
        assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class).hasMessageContaining("expected");
        assertThatThrownBy(() -> CallTarget.address("--gatekeeper", "", 1719, ExitCode.LOST)).isInstanceOfSatisfying(CommandFailed.class,
                e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 0.0.0.0:1720", "::, [::]:1720", "::1, [::1]:1720", "192.0.2.7, 192.0.2.7:1720"})
    void anAddressIsToldAsAnOptionTakesIt(String host, String words) {
        var address = new InetSocketAddress(InetAddress.ofLiteral(host), 1720);

        assertThat(CallTarget.words(address)).isEqualTo(words);
        assertThat(CallTarget.address("--listen", words, 1, ExitCode.USAGE)).isEqualTo(address);
    }

    @Test
    void aNameAsLongAsH225HasRoomForIsTaken() {
        assertThat(converter.convert("h323:" + "é".repeat(256) + "@127.0.0.1").host()).isEqualTo("127.0.0.1");
        assertThat(converter.convert("tel:" + "1".repeat(508)).name()).hasSize(512);
    }

    @Test
    void aLongerOneIsAMistakeOfTheUserAndNotOfTheProgram() {
        assertThatThrownBy(() -> converter.convert("h323:" + "é".repeat(257) + "@127.0.0.1"))
                .isInstanceOf(TypeConversionException.class).hasMessageStartingWith("a name of 257 characters; it may have 1..256");
        assertThatThrownBy(() -> converter.convert("tel:" + "1".repeat(509))).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> converter.convert("127.0.0.1:65536")).isInstanceOf(TypeConversionException.class);
    }
}
