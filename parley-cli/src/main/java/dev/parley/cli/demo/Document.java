package dev.parley.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/// The document that is sent: thousands of pages, made here or brought by the user.
///
/// @param pageSize octets of a page
record Document(Path path, long size, int pageSize) {
    static final int PAGES = 2_100;
    private static final int PAGE = 4_096;
    private static final int LEAST_PAGE = 512;
    private static final int MOST_PAGE = 64 << 10;
    private static final int COLUMNS = 78;
    private static final String[] WORDS = ("a the of and to in is session line peer page token window checkpoint cable power letter journal answer "
            + "carries keeps begins ends waits returns confirms remembers agreed before after until again never always each every long far quiet "
            + "steady certain two sides harbour river bridge lantern ledger courier weather winter morning").split(" ");

    /// Makes one of [#PAGES] pages of readable nonsense.
    static Document make(Path path) throws IOException {
        var random = new Random(225);
        try (var out = Files.newOutputStream(path)) {
            for (int page = 1; page <= PAGES; page++) {
                out.write(page(page, random));
            }
        }
        return new Document(path, Files.size(path), PAGE);
    }

    private static byte[] page(int number, Random random) {
        var text = new StringBuilder("Page " + number + " of " + PAGES + "\n\n");
        int column = 0;
        while (text.length() < PAGE - 1) {
            var word = WORDS[random.nextInt(WORDS.length)];
            if (column + word.length() > COLUMNS) {
                text.append('\n');
                column = 0;
            }
            text.append(word).append(' ');
            column += word.length() + 1;
        }
        text.setLength(PAGE - 1);
        return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// The user's file, in pages of such a size that there are about as many.
    static Document of(Path path) throws IOException {
        long size = Files.size(path);
        int page = LEAST_PAGE;
        while (page < MOST_PAGE && size / page > 2 * PAGES) {
            page *= 2;
        }
        return new Document(path, size, page);
    }

    long pages() {
        return (size + pageSize - 1) / pageSize;
    }

    static String digest(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var chunk = new byte[1 << 16];
            for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
                digest.update(chunk, 0, got);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
