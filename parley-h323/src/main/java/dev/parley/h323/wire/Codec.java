package dev.parley.h323.wire;

/// The media formats that Parley offers and understands in H.245.
public enum Codec {
    G711_ALAW("G.711 A-law", "g711Alaw64k", Kind.AUDIO, 8, 8000),
    G711_ULAW("G.711 mu-law", "g711Ulaw64k", Kind.AUDIO, 0, 8000),
    /// The RTP clock of G.722 is 8000 by an old mistake (RFC 3551 section 4.5.2).
    G722("G.722", "g722-64k", Kind.AUDIO, 9, 8000),
    G729("G.729", "g729", Kind.AUDIO, 18, 8000),
    G729A("G.729A", "g729AnnexA", Kind.AUDIO, 18, 8000),
    H261("H.261", "h261VideoCapability", Kind.VIDEO, 31, 90_000),
    H263("H.263", "h263VideoCapability", Kind.VIDEO, 34, 90_000),
    H264("H.264", "genericVideoCapability", Kind.VIDEO, 109, 90_000);

    /// What a channel carries, with the number of its session (H.245: 1 audio, 2 video).
    public enum Kind {
        AUDIO(1),
        VIDEO(2);

        private final int session;

        Kind(int session) {
            this.session = session;
        }

        public int session() {
            return session;
        }
    }

    private final String words;
    private final String alternative;
    private final Kind kind;
    private final int payloadType;
    private final int clockRate;

    Codec(String words, String alternative, Kind kind, int payloadType, int clockRate) {
        this.words = words;
        this.alternative = alternative;
        this.kind = kind;
        this.payloadType = payloadType;
        this.clockRate = clockRate;
    }

    /// For people: `G.711 A-law`. Programs read [#name()].
    @Override
    public String toString() {
        return words;
    }

    /// The alternative of AudioCapability or VideoCapability.
    public String alternative() {
        return alternative;
    }

    public Kind kind() {
        return kind;
    }

    /// The RTP payload type; 96 and above are our choice and are announced.
    public int payloadType() {
        return payloadType;
    }

    /// Ticks of the RTP clock in a second.
    public int clockRate() {
        return clockRate;
    }
}
