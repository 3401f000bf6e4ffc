package dev.parley.h323.wire;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// A field that tshark shows of a packet.
///
/// @param octets as it stands on the line, in hexadecimal
public record PdmlField(String name, String show, String octets) {
    /// The fields of H.225.0, H.235, H.245 and H.323 in the order of the line, one list a packet. What tshark makes of several
    /// fields, or of frames that belong together, is left out.
    public static List<List<PdmlField>> of(String pdml) throws XMLStreamException {
        return of(pdml, "h(225|235|245|323)\\..*");
    }

    /// @param names of the fields to be read, a regular expression
    public static List<List<PdmlField>> of(String pdml, String names) throws XMLStreamException {
        var factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        var in = factory.createXMLStreamReader(new StringReader(pdml));
        var packets = new ArrayList<List<PdmlField>>();
        var fields = new ArrayList<PdmlField>();
        while (in.hasNext()) {
            int event = in.next();
            if (event == XMLStreamConstants.START_ELEMENT && in.getLocalName().equals("field")) {
                var name = attribute(in, "name");
                var field = new PdmlField(name, attribute(in, "show"), attribute(in, "value"));
                if (name.startsWith("_ws.malformed") || name.matches(names) && !field.isDerived()) {
                    fields.add(field);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT && in.getLocalName().equals("packet")) {
                packets.add(List.copyOf(fields));
                fields.clear();
            }
        }
        return packets;
    }

    private static String attribute(XMLStreamReader in, String name) {
        return Objects.requireNonNullElse(in.getAttributeValue(null, name), "");
    }

    /// Of several fields, or of several packets: the call of an answer to a request that it saw before.
    private boolean isDerived() {
        return name.matches(".*_element|h2.5\\.Manufacturer|h225\\.ras\\..*|h2.5\\.debug\\..*")
                || name.equals("h225.guid") && !show.replace("-", "").equals(octets);
    }
}
