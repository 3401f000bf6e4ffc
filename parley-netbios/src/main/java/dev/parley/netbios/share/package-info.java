/// Files on SMB servers that are reached by NetBIOS name, through our own sessions: {@link dev.parley.netbios.share.RemoteShare}. The only
/// place that knows the SMB library.
@NullMarked
package dev.parley.netbios.share;

import org.jspecify.annotations.NullMarked;
