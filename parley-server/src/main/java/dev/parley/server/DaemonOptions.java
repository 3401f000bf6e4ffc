package dev.parley.server;

import dev.parley.runtime.tcp.TlsKey;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.AttemptLimiter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What a daemon is started with.
///
/// @param folder where files arrive and from where they are fetched
/// @param state where its users, sessions, journal and identity are kept
/// @param listen the address; port 0 lets the system choose
/// @param identity the key and certificate that the operator brings; else one is made at the first start and kept in the state
/// @param plain true to speak plain TCP: no secrecy, no proof of who the server is
/// @param mostConnections further ones are closed at once, 1 to 100 000
/// @param flows how its flow tokens are shared
/// @param keep how long the state of a session is kept that nobody resumes, at least a minute
/// @param loginFailures how many wrong passwords a minute are borne of one user from one address, 1 to 1000
public record DaemonOptions(
        Path folder, Path state, Optional<TlsKey> identity, InetSocketAddress listen, boolean plain, int mostConnections, FlowRules flows,
        Duration keep, int loginFailures) {
    public static final Duration DEFAULT_KEEP = Duration.ofDays(7);
    public static final int DEFAULT_CONNECTIONS = 4096;
    public static final int DEFAULT_LOGIN_FAILURES = AttemptLimiter.DEFAULT_FAILURES;

    public DaemonOptions {
        if (loginFailures < 1 || loginFailures > 1000) {
            throw new IllegalArgumentException("1 to 1000 failed logins a minute, not " + loginFailures);
        }
        if (mostConnections < 1 || mostConnections > 100_000) {
            throw new IllegalArgumentException("1 to 100000 connections, not " + mostConnections);
        }
        if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("state is kept for a minute or longer, not " + keep.toMillis() / 1000.0 + " s");
        }
    }
}
