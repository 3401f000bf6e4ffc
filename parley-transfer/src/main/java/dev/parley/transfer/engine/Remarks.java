package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Words;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a server has to remark on what it sends, such as what it leaves out. It travels once as typed data, `{"warnings": [...]}`, when the
/// session has begun.
final class Remarks {
    private static final int MOST = 50;
    private static final int MOST_LENGTH = 500;

    private Remarks() {}

    static void tell(SessionService service, List<String> words) {
        if (words.isEmpty()) {
            return;
        }
        var remarks = Json.object();
        var list = remarks.putArray("warnings");
        words.stream().limit(MOST).map(Remarks::bounded).forEach(list::add);
        if (words.size() > MOST) {
            list.add("and " + (words.size() - MOST) + " more, which the server's log has");
        }
        service.request(new Request.TypedData(Json.encode(remarks)));
        service.flush();
    }

    /// What typed data say of this, when they do.
    static List<TransferEvent> read(JsonNode words) {
        var read = new ArrayList<TransferEvent>();
        for (var warning : words.path("warnings")) {
            if (read.size() <= MOST) {
                read.add(new TransferEvent.Warning(bounded(warning.asText())));
            }
        }
        return read;
    }

    /// The words of an abort; nothing when it has none.
    static JsonNode ofAbort(ByteBuffer reason) {
        try {
            return Json.decode(reason);
        } catch (SessionException.ProtocolViolation _) {
            return Json.object();
        }
    }

    private static String bounded(String words) {
        var plain = Words.plain(words);
        return plain.length() <= MOST_LENGTH ? plain : plain.substring(0, MOST_LENGTH) + "...";
    }
}
