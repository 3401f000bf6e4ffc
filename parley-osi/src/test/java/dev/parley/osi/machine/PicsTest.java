package dev.parley.osi.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.FunctionalUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// `docs/pics.md` against the code: every functional unit and every SPDU of the tables, with its limit of user data in version 1.
class PicsTest {
    @Test
    void theStatementSaysWhatTheCodeDoes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "pics.md"));
        for (var unit : FunctionalUnit.values()) {
            assertThat(lines).contains("| " + unit + " | Y |");
        }
        var v = Worlds.random(new Random(1), false);
        for (var symbol : Table.events()) {
            if (Events.of(symbol, v, new Random(1)) instanceof Event.FromPeer(var spdu)) {
                var name = symbol.equals("MAA/AEA") ? "MAA" : symbol.replaceAll("-.*", "");
                int most = UserDataLimits.most(spdu, 1);
                var words = switch (name) {
                    case "CN" -> "512";
                    case "CDO" -> "version 2 only";
                    default -> most == UserDataLimits.UNLIMITED ? "unlimited" : "" + most;
                };
                assertThat(lines).contains("| " + name + " | Y | Y | " + words + " |");
            }
        }
    }
}
