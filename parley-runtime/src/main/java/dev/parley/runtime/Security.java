package dev.parley.runtime;

import java.security.cert.X509Certificate;
import java.util.Optional;

/// What TLS tells the layers above.
///
/// @param encrypted false on plain TCP and in memory
/// @param bindingType `tls-exporter` (RFC 9266) or `tls-server-end-point` (RFC 5929); empty when there is no binding
/// @param bindingData the channel binding octets
/// @param peerCertificate the certificate that the peer proved to hold
/// @param protocol for people, such as `TLSv1.3 TLS_AES_128_GCM_SHA256`
public record Security(
        boolean encrypted,
        String bindingType,
        byte[] bindingData,
        Optional<X509Certificate> peerCertificate,
        String protocol) {
    public static final Security NONE = new Security(false, "", new byte[0], Optional.empty(), "plain");

    public Security {
        bindingData = bindingData.clone();
    }

    @Override
    public byte[] bindingData() {
        return bindingData.clone();
    }
}
