package dev.parley.trace.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import dev.parley.trace.model.Item;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @Test
    void aNameFromOutsideCannotDriveATerminalOrBreakADocument() {
        assertThat(Words.clean("bob\u001b[2J\n\u202e\ud800\uffff\u00e4")).isEqualTo("bob\\x1b[2J\\x0a\\u202e\\ud800\\uffff\u00e4");
        assertThat(Words.clean("x".repeat(200))).hasSize(200);
        assertThat(Words.clean("x".repeat(201))).hasSize(203).endsWith("...");
        assertThat(Words.alias(Value.choice("h323-ID", Value.text("bob\0")))).isEqualTo("bob");
    }

    @ParameterizedTest
    @CsvSource({"calledPartyNotRegistered, called party not registered", "capability-negotiation, capability negotiation", "noH245, no h245"})
    void namesOfTheStandardBecomeWords(String name, String words) {
        assertThat(Words.spaced(name)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"admissionRequest, ARQ", "admissionConfirm, ACF", "gatekeeperReject, GRJ", "infoRequestResponse, IRR", "locationRequest, LRQ",
        "requestInProgress, RIP", "unknownMessageResponse, XRS"})
    void messagesOfRasHaveTheirAbbreviations(String name, String symbol) {
        assertThat(RasWords.symbol(name)).isEqualTo(symbol);
    }

    @ParameterizedTest
    @CsvSource({"openLogicalChannel, OLC", "openLogicalChannelAck, OLCAck", "masterSlaveDeterminationReject, MSDReject", "endSessionCommand, END",
        "roundTripDelayRequest, RTD", "roundTripDelayResponse, RTDResponse", "requestMode, RM", "miscellaneousIndication, MISC",
        "functionNotUnderstood, H.245"})
    void messagesOfH245HaveTheirAbbreviations(String name, String symbol) {
        assertThat(ControlWords.symbol(name)).isEqualTo(symbol);
    }

    @Test
    void theEmptyCapabilitySetIsAPause() {
        var message = Value.choice("request", Value.choice("terminalCapabilitySet", Value.struct().with("sequenceNumber", 7)));

        assertThat(new ControlWords(new Channels(new Announcements())).describe(true, message))
                .isEqualTo(new Described("TCS", "terminalCapabilitySet", "no. 7, nothing (pause)"));
    }

    @Test
    void aMessageListsAsManyFieldsAsTheLimit() {
        var most = Fields.of(Value.struct().with("list", Collections.nCopies(Fields.MOST_ITEMS - 2, new Value.Bytes(Octets.EMPTY))));
        assertThat(count(most)).isEqualTo(Fields.MOST_ITEMS - 1);
        assertThat(most.toString()).doesNotContain("not listed");

        var beyond = Fields.of(Value.struct().with("list", Collections.nCopies(Fields.MOST_ITEMS, new Value.Bytes(Octets.EMPTY))));
        assertThat(count(beyond)).isEqualTo(Fields.MOST_ITEMS);
        assertThat(beyond.getFirst().parts().getLast().value()).isEqualTo("further fields are not listed");
    }

    private static int count(List<Item> items) {
        return items.stream().mapToInt(i -> 1 + count(i.parts())).sum();
    }

    /// An address that was given to another call belongs to that one; of one call it may have several formats.
    @Test
    void whatALaterCallSaysOfAnAddressCounts() {
        var announcements = new Announcements();
        var address = new TransportAddress(Octets.ofHex("7f000001"), 5000);
        var socket = new java.net.InetSocketAddress("127.0.0.1", 5000);
        for (var format : List.of("G.711 A-law", "G.711 mu-law")) {
            announcements.learn(new Announcement(
                    address, Announcement.Kind.RTP, "one", Optional.of(new Format("audio", format, Optional.empty()))));
        }
        assertThat(announcements.of(socket)).hasSize(2);

        announcements.learn(new Announcement(address, Announcement.Kind.RTP, "two", Optional.empty()));

        assertThat(announcements.of(socket)).extracting(Announcement::words).containsExactly("RTP of call two");
    }
}
