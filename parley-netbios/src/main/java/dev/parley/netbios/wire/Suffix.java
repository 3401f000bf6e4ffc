package dev.parley.netbios.wire;

import java.util.Locale;
import java.util.Optional;

/// What the 16th octet of a name says about its owner. Not in the RFC: the usage of LAN Manager and all that followed it.
public enum Suffix {
    WORKSTATION(0x00, "workstation, workgroup or domain"),
    MASTER_BROWSERS(0x01, "master browsers"),
    MESSENGER(0x03, "messenger"),
    RAS_SERVER(0x06, "remote access server"),
    DOMAIN_MASTER_BROWSER(0x1B, "domain master browser"),
    DOMAIN_CONTROLLERS(0x1C, "domain controllers (internet group)"),
    LOCAL_MASTER_BROWSER(0x1D, "local master browser"),
    BROWSER_ELECTIONS(0x1E, "browser elections"),
    NET_DDE(0x1F, "NetDDE"),
    FILE_SERVER(0x20, "file server"),
    RAS_CLIENT(0x21, "remote access client");

    private final int octet;
    private final String meaning;

    Suffix(int octet, String meaning) {
        this.octet = octet;
        this.meaning = meaning;
    }

    public int octet() {
        return octet;
    }

    public String meaning() {
        return meaning;
    }

    public static Optional<Suffix> of(int octet) {
        for (var suffix : values()) {
            if (suffix.octet == octet) {
                return Optional.of(suffix);
            }
        }
        return Optional.empty();
    }

    /// As [#describe(int)], where it is known whether the name is a group's.
    public static String describe(int octet, boolean group) {
        return octet == 0 ? group ? "workgroup or domain" : "workstation" : describe(octet);
    }

    /// What the suffix means, for people; unknown ones as hexadecimal.
    public static String describe(int octet) {
        return of(octet).map(Suffix::meaning).orElseGet(() -> String.format(Locale.ROOT, "suffix %02X", octet));
    }
}
