/// The registry of a NetBIOS name server on disk: {@link dev.parley.server.names.DurableRegistry}.
@NullMarked
package dev.parley.server.names;

import org.jspecify.annotations.NullMarked;
