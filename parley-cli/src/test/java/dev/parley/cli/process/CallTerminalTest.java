package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The state line of a call on a terminal.
@Timeout(120)
class CallTerminalTest extends WithParleys {
    private static final Pattern ADDRESS = Pattern.compile("takes calls on (127\\.0\\.0\\.1:\\d+)");
    private static final String CLEARED = "\r\u001b[2K";

    private Parleys.Child onTerminal(String... arguments) throws IOException {
        return parleys.processWith("JDK_JAVA_OPTIONS", "-Dparley.terminal=true -Dparley.columns=60", arguments);
    }

    /// The caller is stopped by a signal, the other side hears that it hangs up.
    @Test
    void itIsAsWideAsTheTerminalAndGoneWhenTheCallHasEnded() throws Exception {
        var bob = onTerminal("answer", "--auto", "--listen", "127.0.0.1:0", "--play", "tone");
        bob.awaitWords("takes calls on");
        var address = ADDRESS.matcher(bob.words());
        assertThat(address.find()).as(bob.words()).isTrue();
        var call = onTerminal("call", address.group(1), "--play", "tone");
        bob.awaitWords("connected: ");
        call.awaitWords("connected: ");

        call.signal("TERM");

        assertThat(call.exit()).as(call.toString()).isEqualTo(143);
        bob.awaitWords("the call has ended\n");
        bob.signal("TERM");
        assertThat(bob.exit()).as(bob.toString()).isEqualTo(143);
        for (var side : new Parleys.Child[] {call, bob}) {
            assertThat(side.words().split(Pattern.quote(CLEARED) + "|\n"))
                    .filteredOn(line -> line.startsWith("connected:")).isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThan(60));
            var end = side.words().substring(side.words().indexOf("the call has ended"));
            assertThat(end).doesNotContain("connected").doesNotContain(CLEARED);
        }
    }
}
