/// What people do with sessions besides using them: list, show, cancel, purge; on a store, or at a server by the words in
/// [dev.parley.transfer.admin.AdminWords].
@NullMarked
package dev.parley.transfer.admin;

import org.jspecify.annotations.NullMarked;
