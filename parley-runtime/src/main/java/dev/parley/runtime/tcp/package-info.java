/// Real connections: TCP, and TLS 1.3 over it, with one loop of virtual threads for each.
@NullMarked
package dev.parley.runtime.tcp;

import org.jspecify.annotations.NullMarked;
