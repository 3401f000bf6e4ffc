package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// TLS 1.3 of the JDK. A client trusts a server by a callback on its certificate, since servers are pinned as ssh does it, or by an authority
/// and the host's name. A server asks for a client's certificate and takes any: TLS proves that the client has its key, and the login says
/// whose it is. The channel binding is `tls-server-end-point` (RFC 5929): both sides know the server's certificate, whatever TLS library
/// they run.
public final class Tls {
    private final SSLContext context;
    private final Optional<X509Certificate> server;
    /// The name that the server's certificate must have; empty when a callback decides.
    private final Optional<String> host;

    private Tls(SSLContext context, Optional<X509Certificate> server, Optional<String> host) {
        this.context = context;
        this.server = server;
        this.host = host;
    }

    public static Tls server(PrivateKey key, X509Certificate certificate) {
        return server(new TlsKey(key, List.of(certificate)));
    }

    public static Tls server(TlsKey key) {
        return new Tls(context(Optional.of(key), new Trust.AnyClient()), Optional.of(key.certificate()), Optional.empty());
    }

    /// @param trusted says whether the server's certificate is the expected one
    public static Tls client(Predicate<X509Certificate> trusted) {
        return client(trusted, Optional.empty());
    }

    /// @param own what the client proves to hold, when it is asked
    public static Tls client(Predicate<X509Certificate> trusted, Optional<TlsKey> own) {
        return new Tls(context(own, new Trust.Pinned(trusted)), Optional.empty(), Optional.empty());
    }

    /// @param authorities whose word is trusted
    /// @param host the name or address that the server's certificate must be for
    public static Tls client(List<X509Certificate> authorities, String host, Optional<TlsKey> own) {
        return new Tls(context(own, Trust.authorities(authorities)), Optional.empty(), Optional.of(host));
    }

    private static SSLContext context(Optional<TlsKey> own, TrustManager trust) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(own.isPresent() ? keys(own.get()) : null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot use this key and certificate: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(TlsKey own) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("parley", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    SSLSocket over(Socket socket, boolean client) throws IOException {
        var address = host.orElseGet(() -> String.valueOf(socket.getInetAddress().getHostAddress()));
        var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, address, socket.getPort(), true);
        tls.setUseClientMode(client);
        tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        if (server.isPresent()) {
            tls.setWantClientAuth(true);
        }
        if (host.isPresent()) {
            var parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
        }
        tls.startHandshake();
        return tls;
    }

    Security security(SSLSocket socket) {
        var session = socket.getSession();
        var peer = peer(session);
        var certificate = server.or(() -> peer).orElseThrow(() -> new IllegalStateException("a server without a certificate"));
        return new Security(
                true, "tls-server-end-point", binding(certificate), peer, session.getProtocol() + " " + session.getCipherSuite());
    }

    private static Optional<X509Certificate> peer(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate x ? Optional.of(x) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            // A client without a certificate.
            return Optional.empty();
        }
    }

    /// RFC 5929 4.1: the certificate's hash, with the hash function of its signature; SHA-256 in place of MD5 and SHA-1, and where the
    /// signature has none of its own.
    private static byte[] binding(X509Certificate certificate) {
        var signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        var hash = signature.startsWith("SHA384") ? "SHA-384" : signature.startsWith("SHA512") ? "SHA-512" : "SHA-256";
        try {
            return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no channel binding for this certificate", e);
        }
    }
}
