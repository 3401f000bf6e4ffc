package dev.parley.h323.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.wire.per.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Octets that were captured or accepted by another stack, read to the values it meant and written again to the same octets.
class WorkedOctetsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "H245, 01003280d28a19, request/masterSlaveDetermination/terminalType, 50",
        "H245, 01003280d28a19, request/masterSlaveDetermination/statusDeterminationNumber, 13797913",
        "H245, 218001, response/terminalCapabilitySetAck/sequenceNumber, 1",
        "H245, 0230010600088175000800800000 20c0ef00800100000000, request/terminalCapabilitySet/sequenceNumber, 1",
        "H245, 0230010600088175000800800000 20c0ef00800100000000, request/terminalCapabilitySet/capabilityTable/0/capabilityTableEntryNumber, 1",
        "H245, 030003e80c601d800a04000100 7f00000336cf, request/openLogicalChannel/forwardLogicalChannelNumber, 1001",
        "RAS, 00200000060008914a0004007f00000232e622c0b5000036056f626a7379730576302e392e3400014002 0062006f0062, gatekeeperRequest/requestSeqNum, 1",
        "RAS, 04800000060008914a0004020047004b007f00000906b7, gatekeeperConfirm/rasAddress/ipAddress/port, 1719",
        "RAS, 0ec00001060008914a00048001007f00000206b801007f00000232e622c0b5000036056f626a7379730576302e392e3400014002 0062006f0062"
            + "020047004b60b5000036056f626a7379730576302e392e34348a000000034001 2b01000100, registrationRequest/timeToLive, 300",
    })
    void areReadAndWritten(Pdu pdu, String hex, String path, long expected) {
        var octets = Octets.ofHex(hex);

        var value = pdu.decode(octets);

        assertThat(value.numberAt(path)).as("%s", value).contains(expected);
        assertThat(pdu.encode(value)).isEqualTo(octets);
    }

    @Test
    void anOpenLogicalChannelNamesItsCapabilityAndAddress() {
        var channel = Pdu.H245.decode(Octets.ofHex("030003e80c601d800a040001007f00000336cf"));

        var forward = "request/openLogicalChannel/forwardLogicalChannelParameters/";
        assertThat(channel.numberAt(forward + "dataType/audioData/g711Ulaw64k")).contains(30L);
        var h2250 = channel.structAt(forward + "multiplexParameters/h2250LogicalChannelParameters").orElseThrow();
        assertThat(h2250.numberAt("sessionID")).contains(1L);
        assertThat(h2250.octetsAt("mediaControlChannel/unicastAddress/iPAddress/network")).contains(Octets.ofHex("7f000003"));
        assertThat(h2250.numberAt("mediaControlChannel/unicastAddress/iPAddress/tsapIdentifier")).contains(14031L);
    }

    @Test
    void anAckOfTheDeterminationTellsItsReceiverWhatItIs() {
        var ack = Pdu.H245.decode(Octets.ofHex("20a0"));

        assertThat(ack.chosenAt("response/masterSlaveDeterminationAck/decision")).contains("slave");
        assertThat(Pdu.H245.encode(ack).hex()).isEqualTo("20a0");
    }

    @Test
    void aReleaseCompleteKeepsTheAdditionsThatItsSenderKnew() {
        var octets = Octets.ofHex("25c0060008914a00045888001100" + "00112233445566778899aabbccddeeff" + "10800180");

        var value = Pdu.USER_INFORMATION.decode(octets);

        assertThat(value.textAt("h323-uu-pdu/h323-message-body/releaseComplete/protocolIdentifier")).contains("0.0.8.2250.0.4");
        assertThat(value.flagAt("h323-uu-pdu/h245Tunnelling")).isTrue();
        assertThat(Pdu.USER_INFORMATION.encode(value)).isEqualTo(octets);
    }

    @Test
    void aliasesAreDigitsOrUnicode() {
        var value = Pdu.RAS.decode(Octets.ofHex("00200000060008914a0004007f00000232e622c0b5000036056f626a7379730576302e392e34000140020062006f0062"));

        assertThat(value.textAt("gatekeeperRequest/endpointAlias/0/h323-ID")).contains("bob");
        assertThat(value.octetsAt("gatekeeperRequest/endpointType/vendor/productId").map(Octets::latin1)).contains("objsys");
    }
}
