package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import java.util.Optional;

/// A progress indicator (clause 4.5.23/Q.931) in the coding of ITU-T: what happens to a call on its way through other networks.
///
/// @param location who says so, 0..15: 0 the user, 2 and 4 the public network at the local and the remote side, 10 beyond an interworking point
/// @param description 0..127: 1 not ISDN all the way, 2 the destination is not ISDN, 8 tones or announcements are in the sound
public record Progress(int location, int description) {
    public Progress {
        PartyNumber.within("location", location, 15);
        PartyNumber.within("progress description", description, 127);
    }

    /// Empty when it is too short or in another coding, whose values mean something else.
    public static Optional<Progress> read(Octets contents) {
        return contents.size() < 2 || (contents.at(0) & 0x60) != 0 ? Optional.empty()
                : Optional.of(new Progress(contents.at(0) & 0xf, contents.at(1) & 0x7f));
    }

    /// The contents of an element.
    public Octets octets() {
        return Octets.of((byte) (0x80 | location), (byte) (0x80 | description));
    }
}
