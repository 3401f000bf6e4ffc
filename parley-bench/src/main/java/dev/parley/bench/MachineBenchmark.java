package dev.parley.bench;

import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Two session protocol machines in one thread with their codecs: a request of one user becomes an SPDU, octets, an SPDU, and an indication to
/// the other user. Two machine steps each.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class MachineBenchmark {
    /// The octets of a bare GIVE TOKENS and a DATA TRANSFER before the page.
    private static final int HEADER = 4;
    private static final int PAGE = 64 << 10;
    private static final int STEPS = 2;

    private final ByteBuffer octets = ByteBuffer.allocate(HEADER + PAGE);
    private Peer caller = Peer.connected();

    /// A serial number has six digits.
    @Setup(Level.Iteration)
    public void connect() {
        caller = Peer.connected();
    }

    /// S-DATA with a page of 64 KiB. The profiler `gc` tells what one step allocates: a few small objects and no page.
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Indication page() {
        caller.request(new Request.Data(octets.duplicate().position(HEADER)));
        return caller.other().last;
    }

    /// S-SYNC-MINOR and its confirmation.
    @Benchmark
    @OperationsPerInvocation(2 * STEPS)
    public Indication minorSync() {
        long serial = caller.nextSerial();
        if (serial > 999_000) {
            caller = Peer.connected();
            serial = caller.nextSerial();
        }
        caller.request(new Request.SyncMinor(true, false, Spdu.NO_DATA));
        caller.other().request(new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
        return caller.last;
    }
}
