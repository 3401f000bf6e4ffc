/// RFC 1006: TPKT and COTP class 0 over a byte pipe. Pure: bytes in, transport events out.
@NullMarked
package dev.parley.runtime.rfc1006;

import org.jspecify.annotations.NullMarked;
