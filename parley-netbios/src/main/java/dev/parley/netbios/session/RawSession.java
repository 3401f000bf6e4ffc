package dev.parley.netbios.session;

import dev.parley.netbios.capture.Line;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// An accepted call as its bare connection.
///
/// @param ahead octets that came after the answer and were read with it
/// @param line is to be told what crosses the connection from now on, and its end
public record RawSession(SocketChannel channel, ByteBuffer ahead, Line line) {}
