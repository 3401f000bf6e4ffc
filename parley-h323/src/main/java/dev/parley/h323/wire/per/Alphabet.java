package dev.parley.h323.wire.per;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The characters that a string type may hold, and how PER writes one of them (X.691 clause 30.5): in a power of two of bits; as its code
/// when the largest code fits, otherwise as its position in the alphabet sorted by code.
///
/// @param characters the permitted ones in the order of their codes; empty: every character up to `last`
/// @param last the largest permitted code
/// @param bits of one character; 0 for strings that are not "known-multiplier" and are written as counted octets
public record Alphabet(String characters, int last, int bits) {
    /// BMPString: the 16-bit codes of ISO/IEC 10646.
    public static final Alphabet BMP = new Alphabet("", 0xffff, 16);
    /// IA5String: 7-bit codes, written in 8.
    public static final Alphabet IA5 = new Alphabet("", 0x7f, 8);
    /// GeneralString: counted octets. H.245 uses it for user input, and in practice it holds ASCII; other octets are read as ISO 8859-1.
    public static final Alphabet GENERAL = new Alphabet("", 0xff, 0);
    public static final Alphabet NUMERIC = of(" 0123456789");
    public static final Alphabet PRINTABLE = of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?");

    /// A permitted alphabet (FROM).
    public static Alphabet of(String permitted) {
        var sorted = permitted.chars().sorted().distinct().mapToObj(Character::toString).collect(Collectors.joining());
        int wanted = 32 - Integer.numberOfLeadingZeros(sorted.length() - 1);
        int bits = wanted <= 1 ? 1 : Integer.highestOneBit(2 * wanted - 1);
        return new Alphabet(sorted, sorted.charAt(sorted.length() - 1), bits);
    }

    public boolean permits(String text) {
        return IntStream.range(0, text.length()).allMatch(i -> characters.isEmpty()
                ? text.charAt(i) <= last
                : characters.indexOf(text.charAt(i)) >= 0);
    }

    /// The number written for a permitted character.
    int toNumber(char character) {
        return writesCodes() ? character : characters.indexOf(character);
    }

    /// The character of a number, or -1 when it stands for none.
    int toCharacter(int number) {
        if (characters.isEmpty()) {
            return number <= last ? number : -1;
        }
        if (writesCodes()) {
            return characters.indexOf(number) >= 0 ? number : -1;
        }
        return number < characters.length() ? characters.charAt(number) : -1;
    }

    private boolean writesCodes() {
        return last < 1 << bits;
    }
}
