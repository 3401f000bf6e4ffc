package dev.parley.h323.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.h323.rtp.Hex;
import dev.parley.h323.rtp.VideoFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VideoFilesTest {
    static byte[] octets(String hex) {
        return Hex.octets(hex).array();
    }

    static List<VideoFrame> pictures(VideoSource source) throws IOException {
        try (source) {
            var pictures = new ArrayList<VideoFrame>();
            for (var picture = source.next(); picture.isPresent(); picture = source.next()) {
                pictures.add(picture.get());
            }
            return pictures;
        }
    }

    private static List<VideoFrame> h264(byte[] stream) throws IOException {
        return pictures(new H264File.Source(new ByteArrayInputStream(stream), 25));
    }

    /// A stream of pictures of several NAL units each, with every kind of start code.
    static byte[] h264Stream(int pictures, int largest, long seed) {
        var random = new Random(seed);
        var out = new ByteArrayOutputStream();
        for (int picture = 0; picture < pictures; picture++) {
            boolean key = picture % 10 == 0;
            if (key) {
                unit(out, random, new byte[] {0x67, 0x42, 0, 0x1F, 1});
                unit(out, random, new byte[] {0x68, (byte) 0xCE, 0x38, (byte) 0x80});
            }
            int slices = random.nextInt(1, 4);
            for (int slice = 0; slice < slices; slice++) {
                var unit = new byte[random.nextInt(3, largest)];
                for (int i = 0; i < unit.length; i++) {
                    unit[i] = (byte) random.nextInt(4, 256);
                }
                unit[0] = (byte) (key ? 0x65 : 0x41);
                unit[1] = (byte) (slice == 0 ? 0x80 | unit[1] : 0x40 | unit[1] & 0x3F);
                unit(out, random, unit);
            }
        }
        return out.toByteArray();
    }

    private static void unit(ByteArrayOutputStream out, Random random, byte[] unit) {
        out.writeBytes(new byte[random.nextInt(2, 6)]);
        out.write(1);
        out.writeBytes(unit);
    }

    @Test
    void pictureBordersOfH264() throws IOException {
        var stream = octets("00000001 09f0 000001 6742001e 00000001 68ce3880 000001 658800aa 000001 6540bb 0000"
                + "00000001 419a00cc 000001 09f0 000001 419add");

        assertThat(h264(stream)).extracting(f -> f.units().stream().map(Hex::of).toList()).containsExactly(
                List.of("09f0", "6742001e", "68ce3880", "658800aa", "6540bb"), List.of("419a00cc"), List.of("09f0", "419add"));
    }

    @Test
    void anyStreamIsReadAndWrittenUnitByUnit() throws IOException {
        long seed = new Random().nextLong();
        var pictures = h264(h264Stream(200, 2000, seed));
        var out = new ByteArrayOutputStream();
        try (var sink = new H264File.Sink(out)) {
            for (var picture : pictures) {
                sink.write(picture);
            }
        }

        assertThat(pictures).as("seed %d", seed).hasSize(200);
        assertThat(h264(out.toByteArray())).as("seed %d", seed).isEqualTo(pictures);
    }

    @Test
    void filesWithoutPicturesAndStrayOctetsAreHarmless() throws IOException {
        assertThat(h264(new byte[0])).isEmpty();
        assertThat(h264(octets("ffffff"))).isEmpty();
        assertThat(h264(octets("000001"))).isEmpty();
        assertThat(h264(octets("ff 000001 000001 000001 6588"))).extracting(f -> Hex.of(f.units().getFirst())).containsExactly("6588");
    }

    @Test
    void aUnitMayBeSoLargeAndNoLarger() throws IOException {
        var most = new byte[3 + StartCodes.LARGEST_UNIT];
        Arrays.fill(most, (byte) 0x65);
        System.arraycopy(octets("000001"), 0, most, 0, 3);
        var more = Arrays.copyOf(most, most.length + 1);
        more[most.length] = 1;

        assertThat(h264(most)).hasSize(1);
        assertThatThrownBy(() -> h264(more)).isInstanceOf(IOException.class).hasMessageContaining("no start code");
    }

    @Test
    void aStreamOfH263IsWrittenOctetByOctet() throws IOException {
        var stream = octets("000080 020a00 1234 0000 56 00 000080 060a00 000000 000081 0a0a00 00");
        var pictures = pictures(new H263File.Source(new ByteArrayInputStream(stream), 10));
        var out = new ByteArrayOutputStream();
        try (var sink = new H263File.Sink(out)) {
            for (var picture : pictures) {
                sink.write(picture);
            }
        }

        assertThat(pictures).extracting(VideoFrame::octets).containsExactly(12, 9, 7);
        assertThat(out.toByteArray()).isEqualTo(stream);
    }
}
