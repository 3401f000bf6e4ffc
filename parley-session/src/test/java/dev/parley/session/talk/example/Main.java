package dev.parley.session.talk.example;

import dev.parley.session.talk.Login;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Starts one of the two applications: `book PORT STATE FILE` or `shop PORT STATE FILE ORDERS FINGERPRINT`.
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        var state = Path.of(args[2]);
        var file = Path.of(args[3]);
        if (args[0].equals("book")) {
            var server = OrderBook.open(address, state, file);
            IO.println("ready " + server.address().getPort() + " " + server.fingerprint());
            Thread.currentThread().join();
        }
        var login = Login.of("shop", "secret".toCharArray()).fingerprint(args[5]);
        new Shop(file, Integer.parseInt(args[4])).run(address, state, login);
        IO.println("done");
        System.exit(0);
    }
}
