package dev.parley.h323.media;

import java.io.IOException;
import java.util.ArrayDeque;

/// How many bits the fullest second of a film has.
public final class PeakRate {
    private PeakRate() {}

    /// Reads a film to its end and closes it.
    ///
    /// @return in units of 100 bit/s, as H.245 counts; 1 at the least
    public static int of(VideoSource film) throws IOException {
        try (film) {
            int second = (int) Math.ceil(film.rate());
            var pictures = new ArrayDeque<Long>();
            long octets = 0;
            long most = 0;
            for (var frame = film.next(); frame.isPresent(); frame = film.next()) {
                long size = frame.get().units().stream().mapToLong(u -> u.remaining()).sum();
                pictures.add(size);
                octets += size;
                octets -= pictures.size() > second ? pictures.remove() : 0;
                most = Math.max(most, octets);
            }
            return Math.clamp((8 * most + 99) / 100, 1, Integer.MAX_VALUE);
        }
    }
}
