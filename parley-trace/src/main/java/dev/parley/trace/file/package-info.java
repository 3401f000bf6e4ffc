/// The two file formats of packet captures, pcap and pcapng. Read {@link dev.parley.trace.file.PacketFile} first.
@NullMarked
package dev.parley.trace.file;

import org.jspecify.annotations.NullMarked;
