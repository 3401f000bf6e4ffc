package dev.parley.osi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.osi.Token;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read again as the same values: every kind of SPDU with random parameters, whole, cut and concatenated.
class RoundTripTest {
    @Test
    void everySpduIsReadAsItWasWritten() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var spdu = Spdus.random(i % Spdus.KINDS, random);

            assertThat(SpduCodec.decode(join(SpduCodec.encode(spdu)))).as("seed " + seed).isEqualTo(List.of(spdu));
        }
    }

    @Test
    void octetsThatEndAnywhereAreAProtocolViolationOrAnotherSpdu() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 10 * Spdus.KINDS; i++) {
            var octets = join(SpduCodec.encode(Spdus.random(i % Spdus.KINDS, random)));
            for (int length = 0; length < Math.min(octets.limit(), 400); length++) {
                try {
                    assertThat(SpduCodec.decode(octets.slice(0, length))).as("seed " + seed).isNotEmpty();
                } catch (SessionException.ProtocolViolation expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                }
            }
        }
    }

    /// 512 octets of user data fit the one-octet form only up to 254; version 2 goes to the end of an SPDU, and beyond it in segments.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 40, 241, 242, 250, 254, 255, 512, 513, 65_100, 65_500, 65_535, 65_536, 200_000})
    void userDataOfAnySizeArrivesWhole(int size) {
        for (int most : new int[] {0, 400, 65_535}) {
            var random = new Random(size);
            for (int kind = 0; kind < Spdus.KINDS; kind++) {
                var spdu = Spdus.random(kind, random);
                if (size == 0 && (spdu instanceof Spdu.DataTransfer || spdu instanceof Spdu.TypedData) || !carriesData(spdu)) {
                    continue;
                }
                var whole = Segments.with(spdu, Enclosure.ABSENT, Spdus.octets(random, size));
                var in = new TsduStream(true, false, 200_000);
                in.agree(2, most, most, true);
                var out = new TsduStream(true, false, 200_000);
                out.agree(2, most, most, true);
                var read = new ArrayList<Spdu>();

                out.send(whole, tsdu -> read.addAll(in.receive(join(tsdu))));

                boolean enclosed = most != 0 && (spdu instanceof Spdu.DataTransfer || spdu instanceof Spdu.TypedData);
                assertThat(read).as(spdu.symbol() + " with " + size + " octets, TSDU of " + most).hasSize(1);
                assertThat(Segments.with(read.getFirst(), Enclosure.ABSENT, read.getFirst().userData())).isEqualTo(whole);
                assertThat(enclosed || !read.getFirst().enclosure().present() || size > 0).isTrue();
            }
        }
    }

    private static boolean carriesData(Spdu spdu) {
        return switch (spdu) {
            case Spdu.Connect _, Spdu.ConnectDataOverflow _, Spdu.OverflowAccept _, Spdu.Expedited _, Spdu.Prepare _, Spdu.AbortAccept _,
                    Spdu.GiveTokensAck _, Spdu.ExceptionReport _ -> false;
            case Spdu.Refuse r -> r.reason() == 2;
            default -> true;
        };
    }

    @Test
    void anSsduAtTheLimitIsTakenAndOneOctetMoreIsNot() {
        for (int size : new int[] {1_000, 1_001}) {
            var in = new TsduStream(true, false, 1_000);
            in.agree(2, 0, 100, true);
            var out = new TsduStream(true, false, 2_000);
            out.agree(2, 100, 0, true);
            var read = new ArrayList<Spdu>();
            var tsdus = new ArrayList<ByteBuffer>();
            out.send(new Spdu.DataTransfer(Enclosure.ABSENT, ByteBuffer.allocate(size)), tsdu -> tsdus.add(join(tsdu)));

            assertThat(tsdus).allMatch(tsdu -> tsdu.remaining() <= 100);
            if (size == 1_000) {
                tsdus.forEach(tsdu -> read.addAll(in.receive(tsdu)));
                assertThat(read).hasSize(1);
            } else {
                assertThatThrownBy(() -> tsdus.forEach(in::receive)).isInstanceOf(SessionException.ProtocolViolation.class)
                        .hasMessageContaining("longer than the limit of 1000");
            }
        }
    }

    @Test
    void aTsduBeyondTheAgreedSizeIsRefused() {
        var in = new TsduStream(true, false, 1_000);
        in.agree(2, 0, 20, true);

        assertThat(in.receive(join(SpduCodec.encode(new Spdu.Disconnect(Enclosure.ABSENT, ByteBuffer.allocate(16)))))).hasSize(1);
        assertThatThrownBy(() -> in.receive(join(SpduCodec.encode(new Spdu.Disconnect(Enclosure.ABSENT, ByteBuffer.allocate(17))))))
                .isInstanceOf(SessionException.ProtocolViolation.class).hasMessageContaining("at most 20");
    }

    /// 7.11.3, 7.37: what comes between segments, in symbols: begin, the SPDU, end.
    @ParameterizedTest
    @CsvSource({"EX, true", "PT, true", "PR-MAA, true", "PR-RS, false", "RS, false", "ED, false", "AB, false", "TD, fault", "GT, fault",
        "MIP, fault"})
    void betweenSegmentsComesOnlyWhatMay(String what, String survives) {
        var assembly = new Assembly(100);
        assembly.add(new Spdu.DataTransfer(Enclosure.of(true, false), ByteBuffer.allocate(1)), true, 2);
        Spdu between = switch (what) {
            case "EX" -> new Spdu.Expedited(ByteBuffer.allocate(1));
            case "PT" -> new Spdu.PleaseTokens(EnumSet.of(Token.DATA), Enclosure.ABSENT, Spdu.NO_DATA);
            case "GT" -> new Spdu.GiveTokens(EnumSet.of(Token.DATA), Enclosure.ABSENT, Spdu.NO_DATA);
            case "PR-MAA" -> new Spdu.Prepare(Spdu.PrepareType.MAJOR_SYNC_ACK, Optional.empty(), Optional.empty());
            case "PR-RS" -> new Spdu.Prepare(Spdu.PrepareType.RESYNCHRONIZE, Optional.empty(), Optional.empty());
            case "RS" -> Segments.with(Spdus.random(23, new Random(1)), Enclosure.ABSENT, Spdu.NO_DATA);
            case "ED" -> new Spdu.ExceptionData(Enclosure.ABSENT, 0, Spdu.NO_DATA);
            case "AB" -> new Spdu.Abort(false, Spdu.AbortCause.USER, Enclosure.ABSENT, Optional.empty(), Spdu.NO_DATA);
            case "TD" -> new Spdu.TypedData(Enclosure.of(true, true), ByteBuffer.allocate(1));
            default -> new Spdu.MinorSyncPoint(true, false, Enclosure.ABSENT, 1, Spdu.NO_DATA);
        };
        if (survives.equals("fault")) {
            assertThatThrownBy(() -> assembly.add(between, true, 2)).isInstanceOf(SessionException.ProtocolViolation.class);
            return;
        }

        assertThat(assembly.add(between, true, 2)).contains(between);

        var last = assembly.add(new Spdu.DataTransfer(Enclosure.of(false, true), ByteBuffer.allocate(2)), true, 2);
        assertThat(last.map(spdu -> spdu.userData().remaining())).isEqualTo(survives.equals("true") ? Optional.of(3) : Optional.empty());
    }

    @Test
    void enclosureItemsAreThereExactlyWhenAgreed() {
        var whole = new Spdu.DataTransfer(Enclosure.ABSENT, ByteBuffer.allocate(1));
        var enclosed = new Spdu.DataTransfer(Enclosure.of(true, true), ByteBuffer.allocate(1));

        assertThat(new Assembly(9).add(whole, false, 2)).isPresent();
        assertThat(new Assembly(9).add(enclosed, true, 1)).isPresent();
        assertThatThrownBy(() -> new Assembly(9).add(whole, true, 2)).isInstanceOf(SessionException.ProtocolViolation.class);
        assertThatThrownBy(() -> new Assembly(9).add(enclosed, false, 2)).isInstanceOf(SessionException.ProtocolViolation.class);
        assertThatThrownBy(() -> new Assembly(9).add(new Spdu.Finish(false, Enclosure.of(true, true), Spdu.NO_DATA), false, 1))
                .isInstanceOf(SessionException.ProtocolViolation.class);
    }

    /// Every row of Table 8 and some of Table 7: as issued, and the number of TSDUs.
    @ParameterizedTest
    @CsvSource({
        "DT GT, 1", "MIP GT, 1", "MIA PT, 1", "AS GT, 1", "DT PT, 2", "RS GT, 2", "CD GT, 2", "MIA GT, 1", "MAA GT, 1", "AS MIP, 1", "AR MIP, 1",
        "AS AE, 1", "AS MAP, 1", "AS MIP GT, 1", "AS MAP GT, 2", "DT MIP, 1", "DT MIA, 1", "DT MAP, 1", "DT MAA, 1", "AS DT, 1", "DT AE, 1",
        "AS DT MIP, 1", "AS DT AE, 1", "AR DT MAP, 1", "AS DT MIP GT, 1", "DT DT, 2", "MIP DT, 2", "MIP MIP, 2", "DN GT, 2", "AS AS, 2"
    })
    void extendedConcatenationTakesAsFewTsdusAsTable8Allows(String issued, int tsdus) {
        var spdus = List.of(issued.split(" ")).stream().map(RoundTripTest::small).toList();
        var out = new TsduStream(true, true, 1_000);
        out.agree(2, 0, 0, true);
        var sent = new ArrayList<ByteBuffer>();

        spdus.forEach(spdu -> out.send(spdu, tsdu -> sent.add(join(tsdu))));
        out.flush(tsdu -> sent.add(join(tsdu)));

        assertThat(sent).hasSize(tsdus);
        var in = new TsduStream(true, false, 1_000);
        assertThat(sent.stream().flatMap(tsdu -> in.receive(tsdu).stream()).toList()).isEqualTo(spdus);
    }

    @Test
    void withoutTheAgreementThereIsBasicConcatenationOnly() {
        var octets = join(SpduCodec.encode(List.of(small("AS"), small("DT"), small("MIP")), true, 0).getFirst());

        assertThat(SpduCodec.decode(octets, true)).hasSize(3);
        assertThatThrownBy(() -> SpduCodec.decode(octets, false)).hasMessageContaining("was not agreed");
        assertThat(SpduCodec.encode(List.of(small("AS"), small("DT"), small("MIP")), false, 0)).hasSize(3);
        assertThat(SpduCodec.encode(List.of(small("DT"), small("GT")), false, 0)).hasSize(1);
        assertThat(SpduCodec.encode(List.of(small("DT"), small("GT")), false, 5)).as("too long together").hasSize(2);
    }

    private static Spdu small(String symbol) {
        var one = ByteBuffer.allocate(1);
        return switch (symbol) {
            case "DT" -> new Spdu.DataTransfer(Enclosure.ABSENT, one);
            case "GT" -> new Spdu.GiveTokens(Set.of(Token.DATA), Enclosure.ABSENT, Spdu.NO_DATA);
            case "PT" -> new Spdu.PleaseTokens(Set.of(Token.DATA), Enclosure.ABSENT, Spdu.NO_DATA);
            case "MIP" -> new Spdu.MinorSyncPoint(true, false, Enclosure.ABSENT, 1, Spdu.NO_DATA);
            case "MIA" -> new Spdu.MinorSyncAck(Enclosure.ABSENT, 1, Spdu.NO_DATA);
            case "MAP" -> new Spdu.MajorSyncPoint(Enclosure.ABSENT, 1, Spdu.NO_DATA);
            case "MAA" -> new Spdu.MajorSyncAck(Enclosure.ABSENT, Optional.of(1L), Optional.empty(), Spdu.NO_DATA);
            case "AE" -> new Spdu.ActivityEnd(Enclosure.ABSENT, 1, Spdu.NO_DATA);
            case "AS" -> new Spdu.ActivityStart(Enclosure.ABSENT, one, Spdu.NO_DATA);
            case "AR" -> new Spdu.ActivityResume(
                    Enclosure.ABSENT, dev.parley.osi.ConnectionIdentifier.NONE, Optional.empty(), one, 1, Optional.empty(), one, Spdu.NO_DATA);
            case "RS" -> new Spdu.Resynchronize(
                    Enclosure.ABSENT, java.util.Map.of(), Optional.of(dev.parley.osi.ResyncType.SET), Optional.of(1L), Optional.empty(),
                    Optional.empty(), Spdu.NO_DATA);
            case "CD" -> new Spdu.CapabilityData(Enclosure.ABSENT, Spdu.NO_DATA);
            case "DN" -> new Spdu.Disconnect(Enclosure.ABSENT, Spdu.NO_DATA);
            default -> throw new AssertionError(symbol);
        };
    }

    static ByteBuffer join(ByteBuffer[] buffers) {
        var out = new ByteArrayOutputStream();
        for (var buffer : buffers) {
            var octets = new byte[buffer.remaining()];
            buffer.duplicate().get(octets);
            out.writeBytes(octets);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }
}
