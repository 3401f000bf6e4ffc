package dev.parley.runtime.tcp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whose certificates are taken.
abstract class Trust extends X509ExtendedTrustManager {
    abstract void client(X509Certificate[] chain) throws CertificateException;

    abstract void server(X509Certificate[] chain) throws CertificateException;

    /// A client at a server of that one certificate.
    static final class Pinned extends Trust {
        private final Predicate<X509Certificate> trusted;

        Pinned(Predicate<X509Certificate> trusted) {
            this.trusted = trusted;
        }

        @Override
        void server(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0 || !trusted.test(chain[0])) {
                throw new CertificateException("the server's certificate is not the expected one");
            }
        }

        @Override
        void client(X509Certificate[] chain) throws CertificateException {
            throw new CertificateException("this side is a client");
        }
    }

    /// A server: whose certificate it is, and whether it is one of ours, is asked at the login.
    static final class AnyClient extends Trust {
        @Override
        void client(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0) {
                throw new CertificateException("an empty chain of certificates");
            }
        }

        @Override
        void server(X509Certificate[] chain) throws CertificateException {
            throw new CertificateException("this side is a server");
        }
    }

    /// The JDK's checks against these authorities.
    static TrustManager authorities(List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("no certificate of an authority is given");
        }
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority" + i, authorities.get(i));
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificates of the authorities cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        server(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        server(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        server(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        client(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        client(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        client(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
