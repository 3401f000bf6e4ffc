package dev.parley.transfer.engine;

import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Identity;
import dev.parley.session.store.Store;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Sends three octets whose root it gets wrong, as often as it is asked to.
final class RogueSender extends Rogue {
    RogueSender(Store.User user, Identity identity) {
        super(user, identity);
    }

    @Override
    void accepted() {
        service().request(new Request.CapabilityData(Json.encode(
                Json.object().put("name", "data.bin").put("size", 3).put("modified", 0).put("mode", 0600).put("identity", ""))));
    }

    @Override
    void said(Indication indication) {
        switch (indication) {
            case Indication.CapabilityDataConfirm _ -> {
                service().request(new Request.ActivityStart(ByteBuffer.wrap(new byte[] {1}), Json.encode(Json.object().put("offset", 0))));
                content();
            }
            case Indication.Resynchronize r -> {
                service().request(new Request.ResynchronizeResponse(
                        r.serial(), Optional.empty(), Profile.all(Token.Side.ACCEPTOR), Spdu.NO_DATA));
                content();
            }
            default -> {}
        }
    }

    private void content() {
        var page = new byte[] {1, 2, 3};
        var crc = new java.util.zip.CRC32C();
        crc.update(page);
        service().request(new Request.Data(ByteBuffer.wrap(page)));
        service().request(new Request.ActivityEnd(
                ByteBuffer.allocate(44).putInt((int) crc.getValue()).putLong(3).put(new byte[32]).flip()));
    }
}
