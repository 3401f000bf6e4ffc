/// The commands of NetBIOS: {@link dev.parley.cli.netbios.NetbiosCommand}. What they share is in {@link dev.parley.cli.netbios.NetworkOptions}.
@NullMarked
package dev.parley.cli.netbios;

import org.jspecify.annotations.NullMarked;
