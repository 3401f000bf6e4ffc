package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS 1.3 of the JDK. Trust is decided by a callback on the server's certificate, since servers are pinned as ssh does it. The channel
/// binding is `tls-server-end-point` (RFC 5929): both sides know the server's certificate, whatever TLS library they run.
public final class Tls {
    private final SSLContext context;
    private final Optional<X509Certificate> own;

    private Tls(SSLContext context, Optional<X509Certificate> own) {
        this.context = context;
        this.own = own;
    }

    public static Tls server(PrivateKey key, X509Certificate certificate) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("parley", key, new char[0], new X509Certificate[] {certificate});
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), null, null);
            return new Tls(context, Optional.of(certificate));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot use this key and certificate: " + e.getMessage(), e);
        }
    }

    /// @param trusted says whether the server's certificate is the expected one
    public static Tls client(Predicate<X509Certificate> trusted) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Pinned(trusted)}, null);
            return new Tls(context, Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is not available: " + e.getMessage(), e);
        }
    }

    SSLSocket over(Socket socket, boolean client) throws IOException {
        var address = String.valueOf(socket.getInetAddress().getHostAddress());
        var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, address, socket.getPort(), true);
        tls.setUseClientMode(client);
        tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        tls.startHandshake();
        return tls;
    }

    Security security(SSLSocket socket) throws IOException {
        var session = socket.getSession();
        var certificate = own.isPresent() ? own.get() : (X509Certificate) session.getPeerCertificates()[0];
        try {
            // RFC 5929 4.1: the hash of the certificate's signature, SHA-256 in place of MD5 and SHA-1; ours are always ECDSA with SHA-256.
            var binding = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return new Security(
                    true, "tls-server-end-point", binding, own.isPresent() ? Optional.empty() : Optional.of(certificate),
                    session.getProtocol() + " " + session.getCipherSuite());
        } catch (GeneralSecurityException e) {
            throw new IOException("no channel binding for this certificate", e);
        }
    }

    private static final class Pinned extends X509ExtendedTrustManager {
        private final Predicate<X509Certificate> trusted;

        Pinned(Predicate<X509Certificate> trusted) {
            this.trusted = trusted;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length == 0 || !trusted.test(chain[0])) {
                throw new CertificateException("the server's certificate is not the expected one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
            throw new CertificateException("this side is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) throws CertificateException {
            throw new CertificateException("this side is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this side is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
