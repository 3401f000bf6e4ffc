package dev.parley.trace.h323;

import dev.parley.h323.rtp.RtcpPacket;
import dev.parley.h323.rtp.RtcpPacket.ReportBlock;
import dev.parley.trace.model.Item;
import dev.parley.trace.model.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The RTCP of one side. What it said last about the other side is what counts.
final class MediaReports {
    private final boolean fromCaller;
    private final long firstNumber;
    private final Instant first;
    private long datagrams;
    private long senderReports;
    private long receiverReports;
    private long others;
    private boolean goodbye;
    private String name = "";
    private Optional<ReportBlock> latest = Optional.empty();

    MediaReports(boolean fromCaller, long number, Instant time) {
        this.fromCaller = fromCaller;
        firstNumber = number;
        first = time;
    }

    void add(List<RtcpPacket> compound) {
        datagrams++;
        for (var packet : compound) {
            switch (packet) {
                case RtcpPacket.SenderReport report -> {
                    senderReports++;
                    report.blocks().stream().findFirst().ifPresent(b -> latest = Optional.of(b));
                }
                case RtcpPacket.ReceiverReport report -> {
                    receiverReports++;
                    report.blocks().stream().findFirst().ifPresent(b -> latest = Optional.of(b));
                }
                case RtcpPacket.SourceDescription description -> description.chunks().stream().flatMap(c -> c.items().stream())
                        .filter(i -> i.type() == RtcpPacket.Item.CNAME).findFirst().ifPresent(i -> name = Words.clean(i.text()));
                case RtcpPacket.Goodbye _ -> goodbye = true;
                case RtcpPacket.Other _ -> others++;
            }
        }
    }

    long datagrams() {
        return datagrams;
    }

    Message message() {
        var words = new ArrayList<String>();
        count(words, senderReports, "sender report");
        count(words, receiverReports, "receiver report");
        count(words, others, "other packet");
        latest.ifPresent(b -> words.add(b.cumulativeLost() + " lost"));
        if (goodbye) {
            words.add("goodbye");
        }
        var items = new ArrayList<Item>();
        items.add(new Item("name", name));
        items.add(new Item("datagrams", "" + datagrams));
        latest.ifPresent(b -> {
            items.add(new Item("last report: lost", "" + b.cumulativeLost()));
            items.add(new Item("last report: lost of 256 at the end", "" + b.fractionLost()));
            items.add(new Item("last report: jitter in ticks", Integer.toUnsignedString(b.jitter())));
        });
        return new Message(
                firstNumber, first, fromCaller, Message.Layer.APPLICATION, "RTCP", "reports", String.join(", ", words), items, Optional.empty());
    }

    private static void count(List<String> words, long count, String of) {
        if (count > 0) {
            words.add(count + " " + of + (count == 1 ? "" : "s"));
        }
    }
}
