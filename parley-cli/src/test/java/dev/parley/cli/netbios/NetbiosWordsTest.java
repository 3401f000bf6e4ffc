package dev.parley.cli.netbios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.netbios.wire.Ipv4;
import java.net.BindException;
import org.junit.jupiter.api.Test;

class NetbiosWordsTest {
    @Test
    void aNetworkIsItsHostsWithoutItselfAndItsBroadcast() {
        assertThat(ScanCommand.addresses("192.0.2.9/29")).hasSize(6).startsWith(Ipv4.of("192.0.2.9")).endsWith(Ipv4.of("192.0.2.14"));
        assertThat(ScanCommand.addresses("192.0.2.9")).containsExactly(Ipv4.of("192.0.2.9"));
        assertThat(ScanCommand.addresses("192.0.2.8/31")).hasSize(2);
        assertThat(ScanCommand.addresses("10.1.0.0/16")).hasSize(65_534);
        for (var wrong : new String[] {"10.0.0.0/15", "10.0.0.0/33", "10.0.0/24", "10.0.0.0/x", "10.0.0.0/24/1", "host/24"}) {
            assertThatThrownBy(() -> ScanCommand.addresses(wrong)).as(wrong).isInstanceOfSatisfying(CommandFailed.class,
                    e -> assertThat(e.code()).isEqualTo(ExitCode.USAGE));
        }
    }

    @Test
    void aShareIsNamedAsPeopleNameIt() {
        assertThat(ShareOptions.Address.of("//SERVER/share")).isEqualTo(new ShareOptions.Address("SERVER", "share", ""));
        assertThat(ShareOptions.Address.of("\\\\SERVER\\share\\a\\b c")).isEqualTo(new ShareOptions.Address("SERVER", "share", "a/b c"));
        for (var wrong : new String[] {"SERVER/share", "//SERVER", "//SERVER/", "///share", ""}) {
            assertThatThrownBy(() -> ShareOptions.Address.of(wrong)).as(wrong).isInstanceOf(CommandFailed.class).hasMessageContaining("//NAME/SHARE");
        }
    }

    @Test
    void aPortThatCannotBeBoundSaysWhatToDo() {
        assertThat(NetworkOptions.notBound(137, "--name-port", new BindException("Permission denied")).message())
                .contains("root", "ip_unprivileged_port_start=137", "--name-port");
        assertThat(NetworkOptions.notBound(139, "--session-port", new BindException("Address already in use")).message())
                .contains("in use", "smbd", "--session-port");
    }

    @Test
    void columnsAreAsWideAsTheirLongestWord() {
        var table = new Table("A", "LONG");
        assertThat(table.isEmpty()).isTrue();
        table.row("wider", "x");
        assertThat(table).hasToString("A      LONG\nwider  x");
    }
}
