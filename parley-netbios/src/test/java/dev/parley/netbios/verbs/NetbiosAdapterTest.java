package dev.parley.netbios.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.netbios.FreePort;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.NodeConfig;
import dev.parley.netbios.name.Timers;
import dev.parley.netbios.session.CalledNames;
import dev.parley.netbios.session.SessionLimits;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.NodeType;
import dev.parley.netbios.wire.Refusal;
import dev.parley.netbios.wire.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two adapters on the loopback network speak by verbs.
@Timeout(60)
class NetbiosAdapterTest {
    private static final NetbiosName SERVER = NetbiosName.of("SERVER", 0x20);
    private static final NetbiosName CLIENT = NetbiosName.of("CLIENT", 0x00);
    private static final NetbiosName GROUP = NetbiosName.of("GROUP", 0x1E);
    private static final Duration EVER = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<NetbiosAdapter.Config> configs = new ArrayList<>();
    private NetbiosAdapter a;
    private NetbiosAdapter b;

    @BeforeEach
    void twoHosts() throws IOException {
        int names = FreePort.next();
        int datagrams = FreePort.next();
        int sessions = FreePort.next();
        a = adapter("127.0.8.1", names, datagrams, sessions);
        b = adapter("127.0.8.2", names, datagrams, sessions);
        a.addName(SERVER);
        b.addName(CLIENT);
    }

    private NetbiosAdapter adapter(String address, int names, int datagrams, int sessions) throws IOException {
        var timers = new Timers(200, 3, 500, 2, 200, 60_000, 60_000);
        var node = new NodeConfig(NodeType.B, Ipv4.of(address), 8, Optional.empty(), 0, timers);
        configs.add(new NetbiosAdapter.Config(node, new NameService.Ports(names, names, Ipv4.of("127.255.255.255")), datagrams,
                sessions, SessionLimits.DEFAULT, true));
        return NetbiosAdapter.open(configs.getLast());
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer filled) {
        return StandardCharsets.UTF_8.decode(filled.flip()).toString();
    }

    private static void fails(ReturnCode code, ThrowingCallable verb) {
        assertThatThrownBy(verb).isInstanceOfSatisfying(VerbFailed.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e).hasMessageContaining(code.name());
        });
    }

    private record Pair(int atA, int atB) {}

    private Pair session() {
        var listen = a.begin(x -> x.listen(SERVER, Optional.empty(), LONG, EVER));
        int atB = callWhenListening();
        var accepted = listen.await();
        assertThat(accepted.remote()).isEqualTo(CLIENT);
        return new Pair(accepted.session(), atB);
    }

    /// The listener may not be there yet.
    private int callWhenListening() {
        while (true) {
            try {
                return b.call(CLIENT, SERVER, LONG, EVER);
            } catch (VerbFailed e) {
                assertThat(e.code()).isEqualTo(ReturnCode.NOT_LISTENING);
            }
        }
    }

    @Test
    void callListenSendReceiveAndHangUp() {
        fails(ReturnCode.NOT_LISTENING, () -> b.call(CLIENT, SERVER, LONG, EVER));
        fails(ReturnCode.NO_ANSWER, () -> b.call(CLIENT, NetbiosName.of("NOBODY", 0x20), LONG, EVER));
        var pair = session();
        b.send(pair.atB(), text("hello"));
        b.chainSend(pair.atB(), text("two "), text("parts"));
        var buffer = ByteBuffer.allocate(100);
        assertThat(a.receive(pair.atA(), buffer)).isEqualTo(5);
        assertThat(text(buffer)).isEqualTo("hello");
        var small = ByteBuffer.allocate(6);
        fails(ReturnCode.MESSAGE_INCOMPLETE, () -> a.receive(pair.atA(), small));
        assertThat(text(small)).isEqualTo("two pa");
        assertThat(a.receive(pair.atA(), small.clear())).isEqualTo(3);
        fails(ReturnCode.BAD_LENGTH, () -> b.chainSend(pair.atB(), ByteBuffer.allocate(131_071), ByteBuffer.allocate(1)));

        assertThat(a.sessionStatus(Optional.of(SERVER))).containsExactly(new NetbiosAdapter.SessionInfo(pair.atA(), SERVER, CLIENT, false, 0));
        fails(ReturnCode.NAME_HAS_SESSIONS, () -> a.deleteName(SERVER));
        a.send(pair.atA(), text("last words"));
        a.hangUp(pair.atA());
        assertThat(b.receive(pair.atB(), buffer.clear())).isEqualTo(10);
        fails(ReturnCode.SESSION_CLOSED, () -> b.receive(pair.atB(), buffer));
        fails(ReturnCode.BAD_SESSION_NUMBER, () -> b.receive(pair.atB(), buffer));
        fails(ReturnCode.BAD_SESSION_NUMBER, () -> a.hangUp(pair.atA()));
        a.deleteName(SERVER);
        fails(ReturnCode.NAME_NOT_FOUND, () -> a.deleteName(SERVER));
    }

    @Test
    void receiveComesBeforeReceiveAny() {
        var pair = session();
        var other = session();
        var any = a.begin(x -> x.receiveAny(Optional.of(SERVER), ByteBuffer.allocate(9), LONG));
        b.send(pair.atB(), text("one"));
        assertThat(any.await()).isEqualTo(new NetbiosAdapter.Received(pair.atA(), 3));

        var one = a.begin(x -> x.receive(other.atA(), ByteBuffer.allocate(9)));
        var all = a.begin(x -> x.receiveAny(Optional.empty(), ByteBuffer.allocate(9), LONG));
        while (a.sessionStatus(Optional.of(SERVER)).stream().noneMatch(s -> s.receives() == 1)) {
            Thread.onSpinWait();
        }
        b.send(other.atB(), text("mine"));
        assertThat(one.await()).isEqualTo(4);
        b.send(pair.atB(), text("other"));
        assertThat(all.await()).isEqualTo(new NetbiosAdapter.Received(pair.atA(), 5));
        b.hangUp(other.atB());
        assertThatThrownBy(() -> a.receiveAny(Optional.of(SERVER), ByteBuffer.allocate(9), LONG))
                .isInstanceOfSatisfying(VerbFailed.class, e -> {
                    assertThat(e.code()).isEqualTo(ReturnCode.SESSION_CLOSED);
                    assertThat(e.session()).isEqualTo(other.atA());
                });
        fails(ReturnCode.TIMED_OUT, () -> a.receiveAny(Optional.empty(), ByteBuffer.allocate(1), Duration.ofMillis(20)));
    }

    @Test
    void verbsUnderWayAreCancelledOrNot() {
        var listen = a.begin(x -> x.listen(SERVER, Optional.of(NetbiosName.of("FRIEND", 0)), EVER, EVER));
        assertThat(listen.isDone()).isFalse();
        listen.cancel();
        fails(ReturnCode.CANCELLED, listen::await);
        fails(ReturnCode.COMPLETED_DURING_CANCEL, listen::cancel);
        fails(ReturnCode.NOT_LISTENING, () -> b.call(CLIENT, SERVER, LONG, EVER));

        var pair = session();
        var receive = a.begin(x -> x.receive(pair.atA(), ByteBuffer.allocate(1)));
        receive.cancel();
        fails(ReturnCode.CANCELLED, receive::await);
        var add = a.begin(x -> x.addName(NetbiosName.of("SLOW", 0)));
        while (!add.isDone()) {
            try {
                add.cancel();
            } catch (VerbFailed e) {
                assertThat(e.code()).isIn(ReturnCode.NOT_CANCELLABLE, ReturnCode.COMPLETED_DURING_CANCEL);
                break;
            }
        }
    }

    @Test
    void aPeerThatDoesNotTakeAMessageInTimeLosesTheSession() {
        var listen = a.begin(x -> x.listen(SERVER, Optional.empty(), EVER, EVER));
        int number;
        while (true) {
            try {
                number = b.call(CLIENT, SERVER, EVER, Duration.ofMillis(200));
                break;
            } catch (VerbFailed e) {
                assertThat(e.code()).isEqualTo(ReturnCode.NOT_LISTENING);
            }
        }
        listen.await();
        int session = number;
        fails(ReturnCode.TIMED_OUT, () -> {
            for (int i = 0; i < 1_000; i++) {
                b.send(session, ByteBuffer.allocate(131_071));
            }
        });
        fails(ReturnCode.BAD_SESSION_NUMBER, () -> b.send(session, text("x")));
    }

    @Test
    void namesHaveTheirCodes() {
        fails(ReturnCode.DUPLICATE_NAME, () -> a.addName(SERVER));
        fails(ReturnCode.NAME_IN_USE, () -> b.addName(SERVER));
        fails(ReturnCode.NAME_NOT_FOUND, () -> b.addName(NetbiosName.ANY_SERVER));
        fails(ReturnCode.NAME_NOT_FOUND, () -> b.listen(SERVER, Optional.empty(), EVER, EVER));
        fails(ReturnCode.TIMED_OUT, () -> b.findName(NetbiosName.of("NOBODY", 0)));
        assertThat(b.findName(SERVER)).extracting(Resource.Address::address).containsExactly(Ipv4.of("127.0.8.1"));
        assertThat(a.adapterStatus().names()).extracting(Resource.StatusName::name).containsExactly(SERVER);
        assertThat(a.adapterStatus(CLIENT).names()).extracting(Resource.StatusName::name).containsExactly(CLIENT);
        a.reset();
        assertThat(a.adapterStatus().names()).isEmpty();
    }

    @Test
    void whatWaitsForANameThatIsDeletedOrForAnAdapterThatIsResetEnds() {
        var name = NetbiosName.of("SHORTLIVED", 0);
        a.addName(name);
        var waits = List.<Pending<?>>of(
                a.begin(x -> x.listen(name, Optional.empty(), EVER, EVER)),
                a.begin(x -> x.receiveAny(Optional.of(name), ByteBuffer.allocate(9), EVER)),
                a.begin(x -> x.receiveDatagram(Optional.of(name), EVER)));
        while (b.begin(x -> x.findName(name)).await().isEmpty() || waits.stream().anyMatch(Pending::isDone)) {
            Thread.onSpinWait();
        }
        a.deleteName(name);
        for (var wait : waits) {
            // A verb that looks for its name only now finds none.
            assertThatThrownBy(wait::await).isInstanceOfSatisfying(VerbFailed.class,
                    e -> assertThat(e.code()).isIn(ReturnCode.NAME_DELETED, ReturnCode.NAME_NOT_FOUND));
        }

        var others = List.<Pending<?>>of(
                a.begin(x -> x.receiveAny(Optional.empty(), ByteBuffer.allocate(9), EVER)),
                a.begin(x -> x.receiveDatagram(Optional.empty(), EVER)), a.begin(x -> x.receiveBroadcastDatagram(EVER)));
        var last = a.begin(x -> x.listen(SERVER, Optional.empty(), EVER, EVER));
        assertThat(callWhenListening()).isPositive();
        last.await();
        // A verb that began after a reset is none that it ends.
        while (!others.stream().allMatch(Pending::isDone)) {
            a.reset();
        }
        for (var wait : others) {
            assertThatThrownBy(wait::await).isInstanceOf(VerbFailed.class);
        }
        var never = b.begin(x -> x.listen(CLIENT, Optional.empty(), EVER, EVER));
        assertThat(b.findName(CLIENT)).isNotEmpty();
        b.close();
        assertThatThrownBy(never::await).isInstanceOf(VerbFailed.class);
    }

    /// As it happens to a LISTEN that looked for its name just before it was deleted or the adapter was closed.
    @Test
    void aListenOnANameThatJustWentFailsAtOnce() {
        var called = new CalledNames(false);
        var listen = new OneCall(called, SERVER, Optional.empty(), new SessionTable());
        fails(ReturnCode.NAME_DELETED, () -> listen.await(EVER, EVER));
        assertThat(called.decide(SERVER, CLIENT, true)).isEqualTo(new CalledNames.Decision.Refuse(Refusal.CALLED_NAME_NOT_PRESENT));
    }

    @Test
    void theSamePortsCanBeTakenAgainAtOnce() throws IOException {
        for (int i = 0; i < 100; i++) {
            a.close();
            a = NetbiosAdapter.open(configs.getFirst());
        }
    }

    @Test
    void whoWaitsForAPendingVerbCanBeInterrupted() {
        var listen = a.begin(x -> x.listen(SERVER, Optional.empty(), EVER, EVER));
        Thread.currentThread().interrupt();
        fails(ReturnCode.CANCELLED, listen::await);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(listen.isDone()).isFalse();
    }

    @Test
    void datagramsGoToANameAGroupAndAll() {
        a.addGroupName(GROUP);
        b.sendDatagram(CLIENT, SERVER, text("to you"));
        assertThat(a.receiveDatagram(Optional.of(SERVER), LONG).data()).isEqualTo(text("to you"));
        b.sendDatagram(CLIENT, GROUP, text("to the group"));
        b.sendBroadcastDatagram(CLIENT, text("to all"));
        assertThat(a.receiveBroadcastDatagram(LONG)).satisfies(d -> assertThat(d.data()).isEqualTo(text("to all")))
                .satisfies(d -> assertThat(d.from()).isEqualTo(CLIENT));
        assertThat(a.receiveDatagram(Optional.of(GROUP), LONG).data()).isEqualTo(text("to the group"));
        fails(ReturnCode.BAD_LENGTH, () -> b.sendDatagram(CLIENT, GROUP, ByteBuffer.allocate(513)));
        fails(ReturnCode.TIMED_OUT, () -> a.receiveDatagram(Optional.of(SERVER), Duration.ofMillis(50)));
    }
}
