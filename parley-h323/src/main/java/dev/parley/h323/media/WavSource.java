package dev.parley.h323.media;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/// Plays a WAV file: 8000 Hz, one channel, 16-bit linear, A-law or mu-law. Other files are refused with words; converting them is the work of
/// a program for sound.
public final class WavSource implements AudioSource {
    private static final int LINEAR = 1;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int LARGEST_FORMAT = 1_024;
    private static final int MOST_CHUNKS = 1_000;
    private static final long UNKNOWN = 0xFFFF_FFFFL;

    private final InputStream in;
    private final String name;
    private int format;
    private int octetsPerSample;
    private long octetsLeft;

    private WavSource(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /// @throws IOException when the file cannot be read or is of another kind; the message says of which
    public static WavSource open(Path file) throws IOException {
        return of(Files.newInputStream(file), file.toString());
    }

    /// @param in closed with the source, or when this fails
    public static WavSource of(InputStream in, String name) throws IOException {
        var source = new WavSource(new BufferedInputStream(in), name);
        try {
            source.readHeader();
            return source;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        var riff = octets(12);
        if (!tag(riff, 0).equals("RIFF") || !tag(riff, 8).equals("WAVE")) {
            throw new IOException(name + " is no WAV file: it begins with other words than RIFF and WAVE");
        }
        for (int chunks = 0; chunks < MOST_CHUNKS; chunks++) {
            var chunk = octets(8);
            long length = chunk.getInt(4) & 0xFFFF_FFFFL;
            switch (tag(chunk, 0)) {
                case "fmt " -> readFormat(length);
                case "data" -> {
                    if (octetsPerSample == 0) {
                        throw new IOException(name + ": the data comes before the format");
                    }
                    // Writers to a pipe do not know the length: until the end then.
                    octetsLeft = length == 0 || length == UNKNOWN ? Long.MAX_VALUE : length;
                    return;
                }
                default -> skip(length + (length & 1));
            }
        }
        throw new IOException(name + ": no data within " + MOST_CHUNKS + " chunks");
    }

    private void readFormat(long length) throws IOException {
        if (length < 16 || length > LARGEST_FORMAT) {
            throw new IOException(name + ": a format of " + length + " octets, expected 16.." + LARGEST_FORMAT);
        }
        var text = octets((int) (length + (length & 1)));
        int kind = text.getShort(0) & 0xFFFF;
        format = kind == EXTENSIBLE && length >= 26 ? text.getShort(24) & 0xFFFF : kind;
        int channels = text.getShort(2);
        int rate = text.getInt(4);
        int bits = text.getShort(14);
        boolean fits = format == LINEAR && bits == 16 || (format == A_LAW || format == MU_LAW) && bits == 8;
        if (!fits || channels != 1 || rate != G711.RATE) {
            throw new IOException(name + ": format " + format + ", " + bits + " bits, " + channels + " channels, " + rate
                    + " Hz; expected 16-bit linear, A-law or mu-law, 1 channel, 8000 Hz (sox IN.wav -r 8000 -c 1 -b 16 OUT.wav makes one)");
        }
        octetsPerSample = bits / 8;
    }

    @Override
    public int read(short[] frame) throws IOException {
        int wanted = (int) Math.min((long) frame.length * octetsPerSample, octetsLeft);
        var octets = in.readNBytes(wanted);
        octetsLeft -= octets.length;
        int count = octets.length / octetsPerSample;
        if (count == 0) {
            return END;
        }
        var samples = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        IntFunction<Short> sample = switch (format) {
            case A_LAW -> i -> G711.A_LAW.decode(octets[i]);
            case MU_LAW -> i -> G711.MU_LAW.decode(octets[i]);
            default -> i -> samples.getShort(2 * i);
        };
        for (int i = 0; i < count; i++) {
            frame[i] = sample.apply(i);
        }
        return count;
    }

    private ByteBuffer octets(int count) throws IOException {
        var octets = in.readNBytes(count);
        if (octets.length < count) {
            throw new EOFException(name + " ends in the middle of its header");
        }
        return ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw new EOFException(name + " ends in the middle of its header");
        }
    }

    private static String tag(ByteBuffer octets, int at) {
        return new String(octets.array(), at, 4, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
