package dev.parley.runtime.tcp;

import dev.parley.runtime.Security;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// TLS 1.3 by BoringSSL, or by the JDK where BoringSSL has no library for the platform. A client trusts a server by a callback on its
/// certificate, since servers are pinned as ssh does it, or by an authority
/// and the host's name. A server asks for a client's certificate and takes any: TLS proves that the client has its key, and the login says
/// whose it is. The channel binding is `tls-server-end-point` (RFC 5929): both sides know the server's certificate, whatever TLS library
/// they run, and BoringSSL for Java exports no keys.
public final class Tls {
    private static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private final SslContext context;
    private final Optional<X509Certificate> server;
    /// The name that the server's certificate must have; empty when a callback decides.
    private final Optional<String> host;

    private Tls(SslContextBuilder builder, Optional<X509Certificate> server, Optional<String> host) {
        try {
            context = builder.sslProvider(PROVIDER).protocols("TLSv1.3").endpointIdentificationAlgorithm(host.isPresent() ? "HTTPS" : null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot use this key and certificate: " + e.getMessage(), e);
        }
        this.server = server;
        this.host = host;
    }

    public static Tls server(PrivateKey key, X509Certificate certificate) {
        return server(new TlsKey(key, List.of(certificate)));
    }

    public static Tls server(TlsKey key) {
        return new Tls(SslContextBuilder.forServer(key.key(), key.chain()).clientAuth(ClientAuth.OPTIONAL).trustManager(new Trust.AnyClient()),
                Optional.of(key.certificate()), Optional.empty());
    }

    /// @param trusted says whether the server's certificate is the expected one
    public static Tls client(Predicate<X509Certificate> trusted) {
        return client(trusted, Optional.empty());
    }

    /// @param own what the client proves to hold, when it is asked
    public static Tls client(Predicate<X509Certificate> trusted, Optional<TlsKey> own) {
        return new Tls(client(own).trustManager(new Trust.Pinned(trusted)), Optional.empty(), Optional.empty());
    }

    /// @param authorities whose word is trusted
    /// @param host the name or address that the server's certificate must be for
    public static Tls client(List<X509Certificate> authorities, String host, Optional<TlsKey> own) {
        return new Tls(client(own).trustManager(Trust.authorities(authorities)), Optional.empty(), Optional.of(host));
    }

    private static SslContextBuilder client(Optional<TlsKey> own) {
        var builder = SslContextBuilder.forClient();
        own.ifPresent(key -> builder.keyManager(key.key(), key.chain()));
        return builder;
    }

    /// The engine of one connection; whoever gets it releases it.
    ///
    /// @param peer the other end, for the check of its name and for people
    SSLEngine engine(InetSocketAddress peer) {
        return context.newEngine(
                UnpooledByteBufAllocator.DEFAULT, host.orElseGet(() -> peer.getAddress().getHostAddress()), peer.getPort());
    }

    Security security(SSLEngine engine) {
        var session = engine.getSession();
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
