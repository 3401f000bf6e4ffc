package dev.parley.netbios.session;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// An accepted call as its bare connection.
///
/// @param ahead octets that came after the answer and were read with it
public record RawSession(SocketChannel channel, ByteBuffer ahead) {}
