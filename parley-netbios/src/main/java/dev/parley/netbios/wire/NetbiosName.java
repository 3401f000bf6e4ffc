package dev.parley.netbios.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A NetBIOS name (RFC 1001 section 14): up to 15 octets, space padded, a suffix octet that says what the owner is, and the scope that the
/// name is valid in. Octets are held as ISO 8859-1 characters, because the name is in some OEM code page, never Unicode.
///
/// @param text the octets before the suffix, trailing spaces removed
/// @param suffix 0 to 255
/// @param scope labels with dots between them; empty is the default scope
public record NetbiosName(String text, int suffix, String scope) {
    public static final int MOST_OCTETS = 15;

    /// 255 octets of encoded name, less the length octet and the 32 letters, the scope's first length octet and the root.
    public static final int MOST_SCOPE = 220;

    /// The name that a node status request asks for when it means "whoever you are": `*` and zeros, not spaces.
    public static final NetbiosName WILDCARD = new NetbiosName("*" + "\0".repeat(14), 0, "");

    /// What clients call when they know an address but no name; a server may accept it.
    public static final NetbiosName ANY_SERVER = new NetbiosName("*SMBSERVER", 0x20, "");

    /// The group of all master browsers.
    public static final NetbiosName MASTER_BROWSERS = new NetbiosName("\u0001\u0002__MSBROWSE__\u0002", 0x01, "");

    public NetbiosName {
        text = withoutPadding(text);
        if (text.isEmpty() || text.length() > MOST_OCTETS) {
            throw new IllegalArgumentException("a NetBIOS name has 1 to 15 octets, not " + text.length() + ": '" + text + "'");
        }
        if (text.chars().anyMatch(c -> c > 0xFF)) {
            throw new IllegalArgumentException("a NetBIOS name holds octets, not the characters of '" + text + "'");
        }
        if (suffix < 0 || suffix > 0xFF) {
            throw new IllegalArgumentException("a suffix is one octet, not " + suffix);
        }
        if (scope.length() > MOST_SCOPE) {
            throw new IllegalArgumentException("a scope has at most " + MOST_SCOPE + " octets, not " + scope.length());
        }
        if (!scope.isEmpty()) {
            for (var label : scope.split("\\.", -1)) {
                if (label.isEmpty() || label.length() > 63 || label.chars().anyMatch(c -> c > 0xFF)) {
                    throw new IllegalArgumentException("a label of a scope has 1 to 63 octets: '" + scope + "'");
                }
            }
        }
    }

    /// A name as people mean it: upper case, in the default scope.
    public static NetbiosName of(String text, int suffix) {
        return new NetbiosName(text.toUpperCase(Locale.ROOT), suffix, "");
    }

    public static NetbiosName of(String text, Suffix suffix) {
        return of(text, suffix.octet());
    }

    /// Reads `NAME`, `NAME#20` or `NAME<20>`, each optionally followed by `.scope`.
    public static NetbiosName parse(String readable, int defaultSuffix) {
        int mark = readable.indexOf('#');
        int open = readable.indexOf('<');
        int cut = mark >= 0 ? mark : open;
        if (cut < 0) {
            return of(readable, defaultSuffix);
        }
        int after = cut + 3;
        if (readable.length() < after || (open >= 0 && mark < 0 && (readable.length() <= after || readable.charAt(after) != '>'))) {
            throw new IllegalArgumentException("expected NAME#SUFFIX with two hexadecimal digits, not '" + readable + "'");
        }
        int suffix;
        try {
            suffix = Integer.parseInt(readable, cut + 1, after, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected two hexadecimal digits as suffix in '" + readable + "'", e);
        }
        var rest = readable.substring(mark >= 0 ? after : after + 1);
        if (!rest.isEmpty() && !rest.startsWith(".")) {
            throw new IllegalArgumentException("expected .SCOPE or nothing after the suffix, not '" + rest + "'");
        }
        return new NetbiosName(readable.substring(0, cut).toUpperCase(Locale.ROOT), suffix, rest.isEmpty() ? "" : rest.substring(1));
    }

    public NetbiosName withSuffix(int other) {
        return new NetbiosName(text, other, scope);
    }

    public boolean isWildcard() {
        return text.equals(WILDCARD.text) && suffix == 0;
    }

    /// A name that a node may own: RFC 1001 section 14 forbids a leading asterisk.
    public boolean isOwnable() {
        return text.charAt(0) != '*';
    }

    /// The 16 octets, padded.
    public byte[] octets() {
        var octets = new byte[16];
        java.util.Arrays.fill(octets, 0, 15, (byte) ' ');
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, octets, 0, bytes.length);
        octets[15] = (byte) suffix;
        return octets;
    }

    /// `SERVER<20>`, with unprintable octets as dots, and the scope when there is one.
    @Override
    public String toString() {
        var readable = new StringBuilder();
        text.chars().filter(c -> c != 0).forEach(c -> readable.append(c < 0x20 || (c > 0x7E && c < 0xA0) ? '.' : (char) c));
        readable.append(String.format(Locale.ROOT, "<%02X>", suffix));
        return scope.isEmpty() ? readable.toString() : readable.append('.').append(scope).toString();
    }

    private static String withoutPadding(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}
