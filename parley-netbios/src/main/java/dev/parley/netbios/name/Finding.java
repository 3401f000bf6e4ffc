package dev.parley.netbios.name;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.Resource;
import java.util.List;
import java.util.Optional;

/// What the answers to a node's queries mean.
final class Finding {
    private static final int CONFLICT_DEMAND = 0xAD87;

    private final NodeConfig config;
    private final Requests requests;
    private final List<Output> outputs;

    Finding(NodeConfig config, Requests requests, List<Output> outputs) {
        this.config = config;
        this.requests = requests;
        this.outputs = outputs;
    }

    void found(Exchange exchange, Endpoint from, NamePacket packet, long now) {
        if (packet.rcode() != NamePacket.OK || !(packet.answer().orElseThrow().data() instanceof Resource.Addresses holders)
                || holders.addresses().isEmpty()) {
            if (!exchange.broadcast()) {
                requests.remove(exchange);
                otherWay(exchange, new Output.Outcome.Unknown(), now);
            }
            return;
        }
        requests.finish(exchange, new Output.Outcome.Found(holders.addresses(), from.address(), packet.isTruncated()));
        if (exchange.broadcast() && !holders.addresses().getFirst().group()) {
            var watch = new Exchange(Exchange.Kind.WATCH, 0, exchange.name, false, Optional.empty(), exchange.packet, true);
            watch.first = holders.addresses().getFirst().address();
            requests.keep(watch, now + config.timers().conflict());
        }
    }

    /// Two owners of a unique name: the later one is told (RFC 1002 section 5.1.1.4). Answers doubled by the network, and a multihomed
    /// owner's from his other address, name the same holder.
    void watched(Exchange watch, Endpoint from, NamePacket packet) {
        if (packet.answer().orElseThrow().data() instanceof Resource.Addresses holders && !holders.addresses().isEmpty()
                && holders.addresses().stream().noneMatch(h -> h.group() || h.address().equals(watch.first))) {
            requests.remove(watch);
            outputs.add(new Output.Send(Optional.of(from), NamePacket.response(requests.newId(), CONFLICT_DEMAND,
                    new Resource(watch.name, 0, new Resource.Addresses(List.of(holders.addresses().getFirst()))))));
        }
    }

    void otherWay(Exchange exchange, Output.Outcome otherwise, long now) {
        if (exchange.second) {
            outputs.add(new Output.Done(exchange.ticket, otherwise));
        } else {
            requests.start(Exchange.Kind.QUERY, exchange.ticket, exchange.name, false, !exchange.broadcast(), true, now);
        }
    }
}
