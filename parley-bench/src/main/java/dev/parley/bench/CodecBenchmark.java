package dev.parley.bench;

import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One SPDU from octets and to octets. DT carries a page of 64 KiB, which must not be copied.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CodecBenchmark {
    private static final int PAGE = 64 << 10;

    @Param({"CN", "DT", "MIP", "MIA", "RS"})
    public String symbol = "";

    private ByteBuffer octets = Spdu.NO_DATA;
    private Spdu spdu = new Spdu.AbortAccept();

    @Setup
    public void prepare() {
        var header = HexFormat.of().parseHex(switch (symbol) {
            case "CN" -> "0d1805061301001601021402000233020001340200" + "01c1023100";
            case "DT" -> "01000100";
            case "MIP" -> "010031032a0137";
            case "MIA" -> "020032072a01372e023100";
            case "RS" -> "010035091a01101b01002a0139";
            default -> throw new IllegalArgumentException(symbol);
        });
        octets = ByteBuffer.allocate(header.length + (symbol.equals("DT") ? PAGE : 0)).put(0, header);
        spdu = SpduCodec.decode(octets).getFirst();
    }

    @Benchmark
    public List<Spdu> decode() {
        return SpduCodec.decode(octets);
    }

    @Benchmark
    public ByteBuffer[] encode() {
        return SpduCodec.encode(spdu);
    }
}
