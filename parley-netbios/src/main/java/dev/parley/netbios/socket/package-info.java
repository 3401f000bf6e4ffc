/// Our sessions as `java.net` sockets, so that libraries which speak SMB over "direct TCP" run over NetBIOS sessions unchanged: a session
/// message has the same four header octets as a direct TCP frame of up to 131 071 octets.
@NullMarked
package dev.parley.netbios.socket;

import org.jspecify.annotations.NullMarked;
