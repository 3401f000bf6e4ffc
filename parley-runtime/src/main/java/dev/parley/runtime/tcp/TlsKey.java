package dev.parley.runtime.tcp;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// What one side of a TLS connection proves to hold.
///
/// @param chain the certificate of the key and those that vouch for it, in order; at least one
public record TlsKey(PrivateKey key, List<X509Certificate> chain) {
    public TlsKey {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a key needs its certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }
}
