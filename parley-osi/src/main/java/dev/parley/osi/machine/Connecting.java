package dev.parley.osi.machine;

import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// What CONNECT and ACCEPT settle between them (5.8): functional units, protocol version, TSDU sizes, the range of serial numbers.
final class Connecting {
    private Connecting() {}

    /// FU(f): what both Session User Requirements have.
    static Set<FunctionalUnit> selected(Variables v, Event event) {
        var units = EnumSet.noneOf(FunctionalUnit.class);
        units.addAll(switch (event) {
            case Event.FromPeer(Spdu.Accept s) -> s.requirements();
            case Event.FromUser(Request.Accept r) -> r.requirements();
            default -> Set.<FunctionalUnit>of();
        });
        units.retainAll(v.proposed);
        return units;
    }

    static void negotiate(Variables v, Event event) {
        var proposed = Objects.requireNonNull(v.connect).item();
        int mostFromInitiator;
        int mostFromResponder;
        int digits;
        boolean extended;
        if (event instanceof Event.FromPeer(Spdu.Accept s)) {
            var sizes = s.item().tsduSizes().orElse(new Spdu.TsduSizes(0, 0));
            mostFromInitiator = Outputs.smaller(sizes.fromInitiator(), v.options.tsduFromInitiator());
            mostFromResponder = Outputs.smaller(sizes.fromResponder(), v.options.tsduFromResponder());
            digits = s.item().serialLimitDigits().orElse(6);
            extended = (s.item().protocolOptions() & 1) != 0;
            v.version = s.item().versions() & proposed.versions();
        } else {
            var sizes = Outputs.agreedSizes(v).orElse(new Spdu.TsduSizes(0, 0));
            mostFromInitiator = sizes.fromInitiator();
            mostFromResponder = sizes.fromResponder();
            digits = Outputs.agreedDigits(v);
            extended = (proposed.protocolOptions() & 1) != 0;
            v.version = Outputs.version(v);
        }
        v.mostSerial = mostSerial(digits);
        v.negotiated = v.transportInitiator
                ? new Negotiated(v.version, mostFromInitiator, mostFromResponder, extended)
                : new Negotiated(v.version, mostFromResponder, mostFromInitiator, extended);
    }

    /// 10^n - 1; unlimited is 18 digits here, which a 64-bit number holds.
    static long mostSerial(int digits) {
        long most = 1;
        for (int n = digits == 0 ? 18 : digits; n > 0; n--) {
            most *= 10;
        }
        return most - 1;
    }

    /// Action [50]: keeps user data of a CONNECT for later, in a buffer that grows by doubling. [SpduRules] has checked the limit.
    static ByteBuffer append(ByteBuffer kept, ByteBuffer more) {
        int size = kept.remaining() + more.remaining();
        if (kept.isReadOnly() || kept.capacity() < size) {
            return append(ByteBuffer.allocate(Math.max(size, 2 * kept.capacity())).put(kept.duplicate()).flip(), more);
        }
        int end = kept.limit();
        kept.limit(size).position(end);
        return kept.put(more.duplicate()).flip();
    }
}
