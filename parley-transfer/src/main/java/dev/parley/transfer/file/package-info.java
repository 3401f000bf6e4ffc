/// Files as they are sent and received: safe paths, temporary names, receipts.
@NullMarked
package dev.parley.transfer.file;

import org.jspecify.annotations.NullMarked;
