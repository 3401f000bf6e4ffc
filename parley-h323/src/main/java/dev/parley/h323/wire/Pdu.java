package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Limits;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.PerDecoder;
import dev.parley.h323.wire.per.PerEncoder;
import dev.parley.h323.wire.per.Schema;
import dev.parley.h323.wire.per.Type;
import dev.parley.h323.wire.per.Value;
import java.util.Map;

/// The types that stand alone in a datagram, an information element or an octet string. The modules beside this class (`h235.schema`,
/// `h245.schema`, `h225.schema`, `robustness.schema`) define them.
public enum Pdu {
    /// H.225.0 call signalling, in the user-user information element.
    USER_INFORMATION(Modules.H225, "H323-UserInformation"),
    /// H.225.0 RAS, in a datagram.
    RAS(Modules.H225, "RasMessage"),
    /// A name, to see whether it can be written.
    ALIAS(Modules.H225, "AliasAddress"),
    /// H.245, in a TPKT of its own channel or in `h245Control`.
    H245(Modules.H245, "MultimediaSystemControlMessage"),
    /// An element of `fastStart`: a bare OpenLogicalChannel, not a whole H.245 message.
    OPEN_LOGICAL_CHANNEL(Modules.H245, "OpenLogicalChannel"),
    /// What H.235.1 and the MD5 baseline compute hashes over.
    CLEAR_TOKEN(Modules.H235, "ClearToken"),
    PWD_CERT_TOKEN(Modules.H235, "PwdCertToken"),
    /// Annex R of H.323, in `genericData` of call signalling.
    ROBUSTNESS(Modules.ROBUST, "RobustnessData");

    private final Type type;

    Pdu(Schema schema, String name) {
        type = schema.type(name);
    }

    public Type type() {
        return type;
    }

    /// @throws dev.parley.api.SessionException.ProtocolViolation when the octets are malformed
    public Value decode(Octets octets) {
        return PerDecoder.decode(type, octets.toArray(), Limits.DEFAULT);
    }

    /// @throws IllegalArgumentException when the value does not fit
    public Octets encode(Value value) {
        return Octets.of(PerEncoder.encode(type, value));
    }

    /// The modules, read once.
    public static final class Modules {
        public static final Schema H235 = Schema.load(Pdu.class, "h235", Map.of());
        public static final Schema H245 = Schema.load(Pdu.class, "h245", Map.of());
        public static final Schema H225 = Schema.load(Pdu.class, "h225", Map.of("h235", H235, "h245", H245));
        public static final Schema ROBUST = Schema.load(Pdu.class, "robustness", Map.of("h225", H225));

        private Modules() {}
    }
}
