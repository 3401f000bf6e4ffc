package dev.parley.cli.process;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.CallMachine;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.machine.Event;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.machine.Signals;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Somebody who calls, asks for the state of the call without end, and never reads an answer: a write of the other side waits for it once all
/// buffers between the two are full.
final class DeafCaller implements AutoCloseable {
    private static final TransportAddress HERE = new TransportAddress(Octets.ofHex("7f000001"), 1720);
    private static final Octets IDENTIFIER = Octets.ofHex("00112233445566778899aabbccddeeff");

    private final Socket socket = new Socket();
    private final LinkedBlockingQueue<Boolean> written = new LinkedBlockingQueue<>();

    DeafCaller(InetSocketAddress callee) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.connect(callee, 30_000);
        var setup = setup();
        var inquiry = inquiry(setup);
        socket.getOutputStream().write(Tpkt.wrap(setup));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(inquiry);
                    written.add(true);
                }
            } catch (IOException _) {
                // The other side has closed the connection.
                return;
            }
        });
    }

    private static Octets setup() {
        var ports = new CallConfig.Ports(new TransportAddress(HERE.ip(), 9), new TransportAddress(HERE.ip(), 9));
        var machine = new CallMachine(new CallConfig(List.of("deaf"), "deaf", List.of(Capability.audio(Codec.G711_ALAW, 20)),
                Map.of(Codec.Kind.AUDIO, ports), CallConfig.Style.FAST_TUNNELLED, false, Duration.ofSeconds(10), Map.of(), 50, () -> 4, IDENTIFIER,
                IDENTIFIER, 17, Optional.of(new CallConfig.Callee(List.of(), HERE, Map.of())), Optional.empty(), Optional.empty()));
        return machine.handle(new Event.Place(), 0).stream().filter(Effect.SendSignal.class::isInstance)
                .map(e -> ((Effect.SendSignal) e).message()).findFirst().orElseThrow();
    }

    private static byte[] inquiry(Octets setup) {
        var call = FirstMessage.read(setup).orElseThrow();
        var body = Value.struct().with("protocolIdentifier", Value.oid(Signals.PROTOCOL))
                .with("callIdentifier", Value.struct().with("guid", call.call().orElseThrow()));
        return Tpkt.wrap(new Q931(call.message().callReference(), false, MessageType.STATUS_INQUIRY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct()
                        .with("h323-message-body", Value.choice("statusInquiry", body)).with("h245Tunnelling", true)))))).encode());
    }

    /// Until none of our writes has ended for a while: the other side no longer reads, because it waits for us.
    void awaitFullBuffers() throws InterruptedException {
        while (written.poll(1, TimeUnit.SECONDS) != null) {
            written.clear();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
