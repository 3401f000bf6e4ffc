/// The hash tree over pages: the digest of a whole file that no resume has to compute again.
@NullMarked
package dev.parley.transfer.tree;

import org.jspecify.annotations.NullMarked;
