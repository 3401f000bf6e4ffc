package dev.parley.trace.file;

import java.nio.ByteBuffer;
import java.time.Instant;

/// One captured packet.
///
/// @param number from 1, as Wireshark counts
/// @param linkType what the octets begin with: a LINKTYPE number of the pcap registry
/// @param octets what was captured, perhaps less than was on the line
public record Packet(long number, Instant time, int linkType, ByteBuffer octets) {}
