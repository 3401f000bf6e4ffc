/// The verbs of the NetBIOS interface as Java methods: {@link dev.parley.netbios.verbs.NetbiosAdapter}.
@NullMarked
package dev.parley.netbios.verbs;

import org.jspecify.annotations.NullMarked;
