/// Credentials: SCRAM-SHA-256 with channel binding, and the identity of a server.
@NullMarked
package dev.parley.session.login;

import org.jspecify.annotations.NullMarked;
