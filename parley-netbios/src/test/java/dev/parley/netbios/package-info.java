/// Tests of NetBIOS that belong to no single part.
@NullMarked
package dev.parley.netbios;

import org.jspecify.annotations.NullMarked;
