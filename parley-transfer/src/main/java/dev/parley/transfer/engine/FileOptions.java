package dev.parley.transfer.engine;

import dev.parley.transfer.file.Sources;

/// How files are sent when something of them is there already.
///
/// @param checksum compare all that is confirmed on a resume, in place of inode and time
/// @param links what a server does with symbolic links; a sender has decided before
/// @param anew what has changed since an earlier run is sent from its beginning, rather than refused
public record FileOptions(boolean checksum, Sources.Links links, boolean anew) {
    public static final FileOptions DEFAULT = new FileOptions(false, Sources.Links.KEEP, false);

    /// Within one run a stream cannot begin again.
    FileOptions goingOn() {
        return new FileOptions(checksum, links, false);
    }
}
