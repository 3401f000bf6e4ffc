package dev.parley.cli.osi;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.osi.user.OsiProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import picocli.CommandLine.Option;

/// What travels below the session: the transport connection of RFC 1006.
final class LineOptions {
    @Option(names = "--tpdu-size", paramLabel = "N",
            description = "Largest TPDU to propose or accept: 128, 256, ... 8192 octets (default: 65531 without negotiation).")
    private int tpduSize;

    @Option(names = "--t-selector", paramLabel = "SEL",
            description = "The called side's T-selector, such as hex:0001 or TSAP; a called side without one takes any.")
    private String called = "";

    /// @param calling the calling side's own T-selector; empty sends none
    OsiProtocol applied(OsiProtocol protocol, String calling) {
        try {
            var transport = protocol.transport().tpduSize(tpduSize);
            return protocol.transport(transport.selectors(selector(calling), selector(called)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static ByteBuffer selector(String text) {
        return ByteBuffer.wrap(text.startsWith("hex:")
                ? HexFormat.of().parseHex(text.substring(4))
                : text.getBytes(StandardCharsets.UTF_8));
    }
}
