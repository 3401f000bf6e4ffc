package dev.parley.osi.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.beanit.openiec61850.BasicDataAttribute;
import com.beanit.openiec61850.BdaVisibleString;
import com.beanit.openiec61850.ClientAssociation;
import com.beanit.openiec61850.ClientEventListener;
import com.beanit.openiec61850.ClientSap;
import com.beanit.openiec61850.Fc;
import com.beanit.openiec61850.FcDataObject;
import com.beanit.openiec61850.FcModelNode;
import com.beanit.openiec61850.LogicalDevice;
import com.beanit.openiec61850.LogicalNode;
import com.beanit.openiec61850.ObjectReference;
import com.beanit.openiec61850.Report;
import com.beanit.openiec61850.ServerEventListener;
import com.beanit.openiec61850.ServerModel;
import com.beanit.openiec61850.ServerSap;
import com.beanit.openiec61850.ServiceError;
import dev.parley.api.SessionEnd;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.osi.user.OsiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A full MMS association of openiec61850 over our session layer: its client calls our called side, our calling side calls its server. It
/// ends its associations by closing TCP, without FINISH or ABORT.
class OpenIec61850Test {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int STRINGS = 100;
    private static final int LENGTH = 255;

    private final CountDownLatch clientToldOfEnd = new CountDownLatch(1);
    private ServerSap mms = new ServerSap(0, 0, LOOPBACK, model(), ServerSocketFactory.getDefault());
    private Bridge bridge = new Bridge(new InetSocketAddress(LOOPBACK, 0));
    private OsiServer server = listen();

    private static OsiServer listen(Bridge handler) {
        try {
            return OsiProtocol.with(FunctionalUnit.DUPLEX).options(Bridge.MMS).listen(new InetSocketAddress(LOOPBACK, 0), handler);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private OsiServer listen() {
        return listen(bridge);
    }

    @BeforeEach
    void start() throws Exception {
        server.close();
        int port;
        try (var free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        mms = new ServerSap(port, 0, LOOPBACK, model(), ServerSocketFactory.getDefault());
        mms.startListening(new Writable());
        bridge = new Bridge(new InetSocketAddress(LOOPBACK, port));
        server = listen(bridge);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        mms.stop();
    }

    @Test
    void severalMegabytesAreReadAndWritten() throws Exception {
        var client = associate();
        var model = client.retrieveModel();
        var values = (FcModelNode) model.findModelNode("relay/LLN0.Big", Fc.SP);
        for (int round = 0; round < 60; round++) {
            for (BasicDataAttribute one : values.getBasicDataAttributes()) {
                ((BdaVisibleString) one).setValue(pattern(round));
            }
            client.setDataValues(values);
            for (BasicDataAttribute one : values.getBasicDataAttributes()) {
                ((BdaVisibleString) one).setValue("");
            }
            client.getDataValues(values);
            for (BasicDataAttribute one : values.getBasicDataAttributes()) {
                assertThat(((BdaVisibleString) one).getStringValue()).isEqualTo(pattern(round));
            }
        }
        client.disconnect();

        assertThat(clientToldOfEnd.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bridge.octets.get()).isGreaterThan(3_000_000);
        assertThat(bridge.end.get(10, TimeUnit.SECONDS)).isEqualTo("lost");
    }

    @Test
    void theEndOfOneStackReachesTheOther() throws Exception {
        var client = associate();
        client.retrieveModel();

        mms.stop();

        assertThat(clientToldOfEnd.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(client::retrieveModel).isInstanceOf(IOException.class);
    }

    @Test
    void itsCloseIsALostLineForUs() throws Exception {
        var client = associate();
        client.retrieveModel();

        client.close();

        assertThat(bridge.end.get(10, TimeUnit.SECONDS)).isEqualTo("lost");
        bridge.freed.get(30, TimeUnit.SECONDS);
    }

    /// It passes over FINISH without an answer, so an abort is the only end that we can ask of it.
    @Test
    void ourAbortEndsBothConnections() throws Exception {
        var client = associate();
        var ours = bridge.calling.get(10, TimeUnit.SECONDS);

        ours.abort("enough");

        assertThat(ours.ended().toCompletableFuture().get(10, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Aborted.class);
        assertThat(clientToldOfEnd.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(client::retrieveModel).isInstanceOf(IOException.class);
        bridge.freed.get(30, TimeUnit.SECONDS);
    }

    private ClientAssociation associate() throws IOException {
        var sap = new ClientSap();
        sap.setTSelRemote(new byte[] {0, 1});
        sap.setTSelLocal(new byte[] {0, 1});
        return sap.associate(LOOPBACK, server.address().getPort(), null, new ClientEventListener() {
            @Override
            public void newReport(Report report) {}

            @Override
            public void associationClosed(IOException e) {
                clientToldOfEnd.countDown();
            }
        });
    }

    private static String pattern(int round) {
        return (char) ('A' + round % 26) + "x".repeat(LENGTH - 1);
    }

    /// One device with one node, whose one object has strings enough for the largest MMS PDU.
    private static ServerModel model() {
        var strings = new ArrayList<FcModelNode>();
        for (int i = 0; i < STRINGS; i++) {
            strings.add(new BdaVisibleString(new ObjectReference("relay/LLN0.Big.s" + i), Fc.SP, "", LENGTH, false, false));
        }
        var object = new FcDataObject(new ObjectReference("relay/LLN0.Big"), Fc.SP, strings);
        var node = new LogicalNode(new ObjectReference("relay/LLN0"), List.of(object));
        return new ServerModel(List.of(new LogicalDevice(new ObjectReference("relay"), List.of(node))), List.of());
    }

    private static final class Writable implements ServerEventListener {
        @Override
        public List<ServiceError> write(List<BasicDataAttribute> changed) {
            return List.of();
        }

        @Override
        public void serverStoppedListening(ServerSap sap) {}
    }
}
