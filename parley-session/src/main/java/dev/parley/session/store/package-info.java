/// The durable record of users, sessions and progress: the port {@link dev.parley.session.store.Store} and its SQLite implementation.
@NullMarked
package dev.parley.session.store;

import org.jspecify.annotations.NullMarked;
