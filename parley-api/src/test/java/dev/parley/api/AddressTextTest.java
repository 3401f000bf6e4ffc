package dev.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:7225",
        "0.0.0.0, 0.0.0.0:7225",
        "::1, [::1]:7225",
        "::, [::]:7225",
        "2001:DB8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:7225",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:7225",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:7225",
        "fe80::, [fe80::]:7225"})
    void whatIsPrintedCanBeDialled(String address, String text) throws Exception {
        assertThat(AddressText.of(new InetSocketAddress(InetAddress.getByName(address), 7225))).isEqualTo(text);
        assertThat(InetAddress.getByName(text.substring(0, text.lastIndexOf(':')))).isEqualTo(InetAddress.getByName(address));
    }

    @Test
    void aZoneStays() throws Exception {
        var octets = InetAddress.getByName("fe80::1").getAddress();

        assertThat(AddressText.of(Inet6Address.getByAddress("", octets, 3))).isEqualTo("fe80::1%3");
    }

    @Test
    void aNameIsNotResolved() {
        assertThat(AddressText.of(InetSocketAddress.createUnresolved("server.example", 80))).isEqualTo("server.example:80");
    }
}
