package dev.parley.session.talk.example;

import dev.parley.session.talk.Conversation;
import dev.parley.session.talk.ConversationServer;
import dev.parley.session.talk.Conversations;
import dev.parley.session.talk.Received;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// The listening application: writes each order into its book and confirms it with the sum of all orders so far.
public final class OrderBook {
    private final Ledger book;

    OrderBook(Path bookFile) throws IOException {
        book = new Ledger(bookFile);
    }

    static ConversationServer open(InetSocketAddress endpoint, Path state, Path bookFile) throws IOException {
        var orders = new OrderBook(bookFile);
        return Conversations.listen(endpoint, state, orders::converse);
    }

    private void converse(Conversation shop) throws InterruptedException, IOException {
        while (true) {
            switch (shop.receive()) {
                case Received.Message order -> {
                    // The book is outside the conversation: after a crash an order may come again, with the same number.
                    book.write(order.number(), order.text());
                    // This answer and "the order is done" are recorded together, by the next receive().
                    shop.send(("confirmed " + order.text()).getBytes());
                }
                case Received.ReleaseAsked _ -> {
                    shop.release();
                    return;
                }
                case Received.TurnAsked _ -> shop.giveTurn();
                case Received.TurnGiven _ -> {}
                case Received.Released _, Received.Aborted _ -> {
                    return;
                }
            }
        }
    }
}
