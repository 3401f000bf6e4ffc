package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;

/// How this implementation names itself.
public final class Vendor {
    private Vendor() {}

    /// VendorIdentifier (H.225.0). No T.35 code is assigned to Parley, so all three numbers are 0; the name stands in `productId`.
    public static Value identifier() {
        var vendor = Value.struct().with("t35CountryCode", 0).with("t35Extension", 0).with("manufacturerCode", 0);
        return Value.struct().with("vendor", vendor).with("productId", Octets.ofAscii("Parley"));
    }
}
