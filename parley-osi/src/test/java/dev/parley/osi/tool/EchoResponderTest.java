package dev.parley.osi.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.osi.user.OsiServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The echoing responder, driven by scripts as another stack would drive it.
class EchoResponderTest {
    private static final OsiProtocol ANY = OsiProtocol.with(FunctionalUnit.DUPLEX);
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final PrimitiveLog log = new ConformanceScriptsTest.Lines("", lines);
    private OsiServer server = start(false);

    private OsiServer start(boolean halfDuplex) {
        try {
            return ANY.listen(LOOPBACK, new EchoResponder(halfDuplex, log));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void clear() {
        lines.clear();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void run(String script) {
        var calling = new ScriptRunner(ANY, Duration.ofSeconds(10), new ConformanceScriptsTest.Lines("calling ", new ArrayList<>()));
        calling.call(Script.parse(script.indent(0).replaceAll("(?m)^", "calling ").replaceAll("(?m)^calling $", "")), server.address());
    }

    @Test
    void dataComesBackAndTheConnectDataToo() {
        run("""
                send S-CONNECT request units=half-duplex,duplex called-selector="any" data="hello"
                expect S-CONNECT confirm result=accepted units=duplex data="hello" responding-selector="any"
                send S-DATA request data="one"
                expect S-DATA indication data="one"
                send S-DATA request data=fill:300000
                expect S-DATA indication size=300000
                send S-RELEASE request data="bye"
                expect S-RELEASE confirm result=affirmative data="bye"
                closed""");
        assertThat(lines).first().asString().startsWith("<-- S-CONNECT indication");
        assertThat(lines).anyMatch(l -> l.startsWith("--> S-DATA request data=\"one\""));
    }

    @Test
    void withoutTheDataTokenDataComesBackAsTypedData() throws Exception {
        server.close();
        server = start(true);
        run("""
                send S-CONNECT request units=half-duplex,duplex,typed-data
                expect S-CONNECT confirm units=half-duplex,typed-data
                send S-DATA request data="one"
                expect S-TYPED-DATA indication data="one"
                send S-TYPED-DATA request data="two"
                expect S-TYPED-DATA indication data="two"
                send S-TOKEN-GIVE request tokens=data
                send S-TYPED-DATA request data="three"
                expect S-TYPED-DATA indication data="three"
                send S-TOKEN-PLEASE request tokens=data data="back, please"
                expect S-TOKEN-GIVE indication tokens=data data="back, please"
                send S-RELEASE request
                expect S-RELEASE confirm""");
    }

    @Test
    void whatAsksForAConfirmationGetsItWithTheSameUserData() {
        run("""
                send S-CONNECT request units=half-duplex,minor-sync,major-sync,resynchronize,activity,capability-data,exceptions
                expect S-CONNECT confirm result=accepted units=half-duplex,minor-sync,major-sync,resynchronize,activity,capability-data,exceptions
                send S-CAPABILITY-DATA request data="can"
                expect S-CAPABILITY-DATA confirm data="can"
                send S-ACTIVITY-START request activity="A"
                send S-SYNC-MINOR request data="point"
                expect S-SYNC-MINOR confirm serial=1 data="point"
                send S-SYNC-MINOR request confirmation=optional
                send S-SYNC-MAJOR request data="major"
                expect S-SYNC-MAJOR confirm data="major"
                send S-RESYNCHRONIZE request type=abandon tokens=data:acceptor-chooses,minor:requestor,major-activity:acceptor-chooses data="re"
                expect S-RESYNCHRONIZE confirm serial=4 data="re"
                send S-ACTIVITY-INTERRUPT request data="stop"
                expect S-ACTIVITY-INTERRUPT confirm data="stop"
                send S-ACTIVITY-RESUME request activity="B" old-activity="A" serial=3
                send S-ACTIVITY-END request data="end"
                expect S-ACTIVITY-END confirm data="end"
                send S-ACTIVITY-START request activity="C"
                send S-ACTIVITY-DISCARD request data="drop"
                expect S-ACTIVITY-DISCARD confirm data="drop"
                send S-RELEASE request
                expect S-RELEASE confirm""");
    }

    @Test
    void anExceptionReportIsAnsweredByTheDataToken() {
        run("""
                send S-CONNECT request units=half-duplex,exceptions tokens=data:acceptor
                expect S-CONNECT confirm result=accepted
                send S-U-EXCEPTION-REPORT request reason=128
                expect S-TOKEN-GIVE indication tokens=data
                send S-RELEASE request
                expect S-RELEASE confirm""");
    }

    @Test
    void symmetricPointsAreConfirmedToo() {
        run("""
                send S-CONNECT request units=duplex,symmetric-sync,resynchronize serial=1 second-serial=1
                expect S-CONNECT confirm result=accepted serial=1
                send S-SYNC-MINOR request data="mine"
                expect S-SYNC-MINOR confirm serial=1 data="mine"
                send S-RELEASE request
                expect S-RELEASE confirm""");
    }

    @Test
    void anAbortEndsOneSessionAndTheNextOneWorks() {
        for (int i = 0; i < 3; i++) {
            run("""
                    send S-CONNECT request units=duplex
                    expect S-CONNECT confirm result=accepted
                    send S-U-ABORT request data="enough"
                    closed""");
        }
    }

    @Test
    void manyAtOnceDoNotDisturbEachOther() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < 30; i++) {
                int number = i;
                running.add(threads.submit(() -> run("""
                        send S-CONNECT request units=duplex
                        expect S-CONNECT confirm result=accepted
                        send S-DATA request data="number %d"
                        expect S-DATA indication data="number %d"
                        send S-RELEASE request
                        expect S-RELEASE confirm""".formatted(number, number))));
            }
            for (var one : running) {
                one.get();
            }
        }
    }

    @Test
    void aScriptThatIsNotFollowedSaysTheLine() {
        assertThatThrownBy(() -> run("""
                send S-CONNECT request units=duplex
                expect S-CONNECT confirm result=refused"""))
                .isInstanceOf(ScriptFailed.class).hasMessageContaining("line 2: expected result=refused, but the peer sent S-CONNECT confirm");
        assertThatThrownBy(() -> run("send S-DATA request data=\"x\"")).isInstanceOf(ScriptFailed.class).hasMessageContaining("no session yet");
    }

    @Test
    void aScriptThatCannotBeReadSaysWhatIsExpected() {
        assertThatThrownBy(() -> Script.parse("nobody send S-DATA request")).hasMessage("line 1: expected calling or called, not nobody");
        assertThatThrownBy(() -> Script.parse("\n# x\ncalling sent S-DATA request")).hasMessageContaining("line 3: expected send, refuse");
        assertThatThrownBy(() -> Script.parse("calling send S-DATA request data=\"x")).hasMessageContaining("quotation mark");
        assertThatThrownBy(() -> Script.parse("calling send S-DATA request colour=red")).hasMessageContaining("no parameter [colour]");
        assertThatThrownBy(() -> Script.parse("calling send S-SYNC-MINOR response")).hasMessageContaining("needs serial=");
        assertThatThrownBy(() -> Script.parse("calling raw fill:70000000")).hasMessageContaining("expected a number from 0");
        assertThatThrownBy(() -> Script.parse("calling send S-CONNECT request units=simplex")).hasMessageContaining("not simplex");
    }
}
