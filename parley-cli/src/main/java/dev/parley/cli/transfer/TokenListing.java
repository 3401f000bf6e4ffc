package dev.parley.cli.transfer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Size;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.Terminal;
import dev.parley.session.flow.FlowSnapshot;
import dev.parley.transfer.engine.RemoteAdmin;
import picocli.CommandLine.Mixin;

/// What `parley tokens` and `parley tokens ls` do.
abstract class TokenListing extends StateCommand {
    @Mixin
    private final AtOptions at = new AtOptions();

    @Override
    public final Integer call() {
        var terminal = output.terminal();
        for (var each : at.ask(state, terminal, RemoteAdmin::tokens).classes()) {
            if (terminal.isJson()) {
                terminal.tell(json(each));
            } else {
                tell(terminal, each);
            }
        }
        return ExitCode.DONE.number();
    }

    private static void tell(Terminal terminal, FlowSnapshot.FlowClass c) {
        terminal.data(c.name() + ": " + c.holders().size() + " of " + c.capacity() + (c.capacity() == 1 ? " token" : " tokens") + " in use");
        for (var h : c.holders()) {
            terminal.data("    held by " + h.holder() + ", priority " + h.priority() + ": " + amount(h.done(), h.size()) + ", for "
                    + Span.text(h.held()) + (h.asked() ? ", to be given at the next checkpoint" : ""));
        }
        for (var w : c.waiters()) {
            terminal.data("    " + w.place() + ". waits: " + w.holder() + ", priority " + w.priority() + ", for " + Span.text(w.waited())
                    + w.estimate().map(e -> ", about " + Span.text(e) + " left").orElse("") + (w.absent() ? ", connection lost" : ""));
        }
    }

    private static String amount(long done, long size) {
        return Size.text(done) + (size < 0 ? "" : " of " + Size.text(size));
    }

    private static ObjectNode json(FlowSnapshot.FlowClass c) {
        var event = Terminal.event("class").put("class", c.name()).put("capacity", c.capacity());
        ArrayNode holders = event.putArray("holders");
        c.holders().forEach(h -> holders.addObject().put("session", h.session()).put("holder", h.holder()).put("priority", h.priority())
                .put("bytes", h.done()).put("size", h.size()).put("held_seconds", h.held().toSeconds()).put("asked", h.asked()));
        ArrayNode waiters = event.putArray("waiters");
        for (var w : c.waiters()) {
            var waiter = waiters.addObject().put("session", w.session()).put("holder", w.holder()).put("priority", w.priority())
                    .put("place", w.place()).put("waited_seconds", w.waited().toSeconds()).put("absent", w.absent());
            w.estimate().ifPresent(e -> waiter.put("estimate_seconds", e.toSeconds()));
        }
        return event;
    }
}
