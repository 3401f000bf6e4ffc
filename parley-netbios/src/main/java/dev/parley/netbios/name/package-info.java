/// The name service (RFC 1002 section 5.1): {@link dev.parley.netbios.name.NameNode} is an end node, {@link dev.parley.netbios.name.NameServer}
/// the NBNS; both are pure, with time as a value. {@link dev.parley.netbios.name.NameService} puts them on UDP.
@NullMarked
package dev.parley.netbios.name;

import org.jspecify.annotations.NullMarked;
