package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.transfer.engine.TransferEvent;
import java.util.Locale;
import java.util.Optional;

/// What happens in a transfer, as JSON for programs and as sentences for people.
final class EventWords {
    private EventWords() {}

    static ObjectNode of(TransferEvent event) {
        return switch (event) {
            case TransferEvent.Connected c -> Terminal.event("connected").put("session", c.session()).put("peer", c.peer())
                    .put("security", c.security()).put("page_size", c.settings().pageSize())
                    .put("checkpoint_every", c.settings().interval()).put("window", c.settings().window())
                    .put("services", String.join(", ", c.services())).put("begins", c.weSend() ? "client" : "server");
            case TransferEvent.Started s -> Terminal.event("started").put("name", s.name()).put("size", s.size());
            case TransferEvent.Resumed r -> Terminal.event("resumed").put("name", r.name()).put("offset", r.offset());
            case TransferEvent.Sent s -> Terminal.event("sent").put("name", s.name()).put("bytes", s.octets());
            case TransferEvent.Checkpoint c -> Terminal.event("checkpoint").put("name", c.name()).put("serial", c.serial())
                    .put("offset", c.offset()).put("size", c.size());
            case TransferEvent.Resync r -> Terminal.event("resync").put("name", r.name()).put("serial", r.serial()).put("offset", r.offset());
            case TransferEvent.FileDone f -> Terminal.event("file").put("name", f.name()).put("bytes", f.size()).put("digest", f.root());
            case TransferEvent.BatchDone b -> Terminal.event("batch").put("files", b.files()).put("bytes", b.size());
            case TransferEvent.Warning w -> Terminal.event("warning").put("message", w.words());
            case TransferEvent.Token t -> token(t);
            case TransferEvent.Lost l -> Terminal.event("progress").put("stalled", l.reason());
        };
    }

    /// For people who asked for more.
    static Optional<String> sentence(TransferEvent event) {
        return Optional.ofNullable(switch (event) {
            case TransferEvent.Connected c -> "connected to " + c.peer() + ", " + c.security() + "; session " + c.session() + "; pages of "
                    + Size.text(c.settings().pageSize()) + ", a checkpoint every " + c.settings().interval() + " pages, window "
                    + c.settings().window() + ", keepalive " + c.settings().keepalive().toSeconds() + " s; "
                    + (c.weSend() ? "this side" : "the server") + " begins to send; services: " + String.join(", ", c.services());
            case TransferEvent.Started s -> s.name() + ": begins, " + Size.text(s.size());
            case TransferEvent.Resumed r -> r.name() + ": goes on at " + Size.text(r.offset());
            case TransferEvent.Checkpoint c -> c.name() + ": checkpoint " + c.serial() + ", " + Size.text(c.offset()) + " are safe";
            case TransferEvent.Resync r -> r.name() + ": damage on the way; sent again from " + Size.text(r.offset());
            case TransferEvent.FileDone f -> f.name() + ": complete, " + Size.text(f.size());
            case TransferEvent.BatchDone b -> b.files() + " small files are complete, " + Size.text(b.size());
            case TransferEvent.Warning w -> w.words();
            case TransferEvent.Lost l -> "lost: " + l.reason();
            case TransferEvent.Token t -> sentence(t);
            case TransferEvent.Sent _ -> null;
        });
    }

    private static ObjectNode token(TransferEvent.Token t) {
        var event = Terminal.event("token").put("class", t.flowClass()).put("state", t.state().name().toLowerCase(Locale.ROOT))
                .put("place", t.place());
        t.holders().forEach(event.putArray("holders")::add);
        t.estimate().ifPresent(e -> event.put("estimate_seconds", e.toSeconds()));
        return event;
    }

    /// Why a flow waits: who holds its token, its place, an estimate.
    static String sentence(TransferEvent.Token t) {
        return switch (t.state()) {
            case WAITING -> "waiting for a flow token of the class " + t.flowClass() + ": place " + t.place() + ", held by "
                    + String.join("; ", t.holders()) + t.estimate().map(e -> ", about " + Span.text(e) + " left").orElse("");
            case GRANTED -> "the flow token of the class " + t.flowClass() + " is here";
            case ASKED -> "a more urgent flow gets the token at the next checkpoint";
        };
    }
}
