package dev.parley.netbios.interop;

import dev.parley.api.SessionException;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.Caller;
import dev.parley.netbios.session.NetbiosSession;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.wire.NetbiosName;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes calls with our session service and passes each on to smbd with another session of ours: what clients of smbd do passes through both.
final class Relay implements CalledNames.Listener {
    final AtomicInteger calls = new AtomicInteger();
    private final SessionLimits limits;

    Relay(SessionLimits limits) {
        this.limits = limits;
    }

    @Override
    public boolean claims(NetbiosName calling) {
        return true;
    }

    @Override
    public void accept(NetbiosSession client) {
        calls.incrementAndGet();
        var smbd = new InetSocketAddress(SambaNet.SAMBA, 139);
        try (var server = new Caller(limits).call(smbd, NetbiosName.of("NBTSRV", 0x20), client.remote())) {
            var back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(NetbiosSession from, NetbiosSession to) {
        try {
            for (var message = from.receive(); message.isPresent(); message = from.receive()) {
                to.send(message.get());
            }
            to.release();
        } catch (SessionException e) {
            to.abort(String.valueOf(e.getMessage()));
        }
    }
}
