package dev.parley.bench;

import com.beanit.openiec61850.BdaVisibleString;
import com.beanit.openiec61850.ClientAssociation;
import com.beanit.openiec61850.ClientEventListener;
import com.beanit.openiec61850.ClientSap;
import com.beanit.openiec61850.Fc;
import com.beanit.openiec61850.FcDataObject;
import com.beanit.openiec61850.LogicalDevice;
import com.beanit.openiec61850.LogicalNode;
import com.beanit.openiec61850.ObjectReference;
import com.beanit.openiec61850.Report;
import com.beanit.openiec61850.ServerEventListener;
import com.beanit.openiec61850.ServerModel;
import com.beanit.openiec61850.ServerSap;
import com.beanit.openiec61850.ServiceError;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.osi.user.OsiServer;
import dev.parley.osi.user.OsiSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How many sessions one caller sets up and ends one after the other over loopback, ours against the associations of openiec61850. Each begins
/// with a new TCP connection and a COTP connection, and ends with TCP closed on both sides. Ours ends in order with FINISH and DISCONNECT. An
/// association of MMS carries presentation, ACSE and MMS initiation in the user data of the session's CONNECT and ACCEPT (one round trip as well);
/// ours carries as many octets.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@State(Scope.Benchmark)
public class SetUpBenchmark {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int MMS_INITIATE = 150;

    private final OsiProtocol osi = OsiProtocol.with(FunctionalUnit.DUPLEX);
    private final ByteBuffer userData = ByteBuffer.allocate(MMS_INITIATE);
    private final ClientSap client = new ClientSap();
    private int mmsPort;
    private InetSocketAddress address = new InetSocketAddress(LOOPBACK, 0);
    private ServerSap mms = new ServerSap(0, 0, LOOPBACK, model(), ServerSocketFactory.getDefault());
    private List<AutoCloseable> open = List.of();

    @Setup
    public void listen() throws IOException {
        var server = osi.listen(address, OsiServer.accepting(osi, SetUpBenchmark::untilReleased));
        open = List.of(server);
        address = server.address();
        try (var free = new ServerSocket(0, 1, LOOPBACK)) {
            mmsPort = free.getLocalPort();
        }
        mms = new ServerSap(mmsPort, 0, LOOPBACK, model(), ServerSocketFactory.getDefault());
        mms.startListening(new Silent());
    }

    @TearDown
    public void stop() throws Exception {
        for (var one : open) {
            one.close();
        }
        mms.stop();
    }

    @Benchmark
    public OsiSession parley() throws Exception {
        try (var line = osi.open(address)) {
            var session = line.connect(osi.proposal(userData.duplicate()));
            session.release();
            return session;
        }
    }

    @Benchmark
    public ClientAssociation openiec61850() throws IOException {
        var association = client.associate(LOOPBACK, mmsPort, null, new Nobody());
        association.close();
        return association;
    }

    private static void untilReleased(OsiSession session) {
        if (session.receive() instanceof Indication.Release) {
            session.answerRelease(true, ByteBuffer.allocate(0));
        }
    }

    private static ServerModel model() {
        var text = new BdaVisibleString(new ObjectReference("relay/LLN0.Text.s"), Fc.SP, "", 16, false, false);
        var object = new FcDataObject(new ObjectReference("relay/LLN0.Text"), Fc.SP, List.of(text));
        var node = new LogicalNode(new ObjectReference("relay/LLN0"), List.of(object));
        return new ServerModel(List.of(new LogicalDevice(new ObjectReference("relay"), List.of(node))), List.of());
    }

    private static final class Nobody implements ClientEventListener {
        @Override
        public void newReport(Report report) {}

        @Override
        public void associationClosed(IOException e) {}
    }

    private static final class Silent implements ServerEventListener {
        @Override
        public List<ServiceError> write(List<com.beanit.openiec61850.BasicDataAttribute> changed) {
            return List.of();
        }

        @Override
        public void serverStoppedListening(ServerSap sap) {}
    }
}
