package dev.parley.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.trace.model.Exchange;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import dev.parley.trace.model.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CondensedTest {
    private int serial;

    @Test
    void aLongTransferFitsOnAScreenAndKeepsWhatIsSpecial() {
        var messages = new ArrayList<Message>();
        messages.add(message("CN", true));
        for (int i = 0; i < 50; i++) {
            routine(messages);
        }
        messages.add(message("RS", false));
        routine(messages);
        messages.add(message("FN", true));

        var condensed = Condensed.of(new Trace(2000, List.of(new Exchange(1, "a", "b", messages)), List.of("remark")));

        var kept = condensed.exchanges().getFirst().messages();
        assertThat(kept).extracting(Message::symbol).containsExactly(
                "CN", "DT", "MIP", "MIA", "DT", "DT", "MIA", "DT", "MIP", "MIA", "RS", "DT", "MIP", "MIA", "FN");
        assertThat(kept.get(1).summary()).isEqualTo("40 times");
        assertThat(kept.get(5).summary()).isEqualTo("48 more checkpoints, sent and confirmed");
        assertThat(condensed.remarks()).containsExactly("remark");
        assertThat(condensed.packets()).isEqualTo(2000);
    }

    /// As before a RESYNCHRONIZE: a window of checkpoints that nobody confirms any more.
    @Test
    void whatWasNotConfirmedIsNotSaidToBe() {
        var messages = new ArrayList<Message>();
        messages.add(message("CN", true));
        for (int serial = 1; serial <= 10; serial++) {
            messages.add(message("DT", true));
            messages.add(serial("MIP", true, serial));
            if (serial == 3 || serial == 5) {
                messages.add(serial("MIA", false, serial));
            }
        }
        messages.add(message("RS", false));

        var kept = Condensed.of(new Trace(1, List.of(new Exchange(1, "a", "b", messages)), List.of())).exchanges().getFirst().messages();

        assertThat(kept).extracting(Message::symbol).containsExactly("CN", "DT", "MIP", "DT", "MIP", "DT", "DT", "MIP", "DT", "MIP", "RS");
        assertThat(kept.get(5).summary()).isEqualTo("6 more checkpoints sent, 3 of them confirmed");
    }

    private void routine(List<Message> messages) {
        serial++;
        for (int page = 0; page < 40; page++) {
            messages.add(message("DT", true));
        }
        messages.add(serial("MIP", true, serial));
        messages.add(serial("MIA", false, serial));
    }

    private static Message serial(String symbol, boolean fromCaller, int serial) {
        return new Message(1, Instant.EPOCH, fromCaller, Message.Layer.SESSION, symbol, symbol, "",
                List.of(new Item("serial number", String.valueOf(serial))), Optional.empty());
    }

    private static Message message(String symbol, boolean fromCaller) {
        return new Message(1, Instant.EPOCH, fromCaller, Message.Layer.SESSION, symbol, symbol, "", List.of(), Optional.empty());
    }
}
